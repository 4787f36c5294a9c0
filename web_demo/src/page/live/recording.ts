/** The record button: what is painted is written to a file from one press to the next, or until the live picture ends. */
import type { Pixels } from "../../shared/protocol";
import { byId, write } from "../dom";
import { recordingName, save } from "../download";
import { clock } from "../languages/formats";
import { film as say, text } from "../strings";
import type { Recorder } from "./recorder";

const TICK_MS = 250;

export interface RecordingHandlers {
  /** Frames have to keep their size from now on, or need not any longer. The next one is wanted soon. */
  onKeepSize(keep: boolean): void;
  /** What the file is called after. */
  title(): string;
  onSaved(sentence: string): void;
  onError(error: unknown): void;
  announce(sentence: string): void;
}

export class Recording {
  private readonly button = byId("live-record", HTMLButtonElement);
  private readonly label = byId("live-record-text", HTMLElement);
  private readonly time = byId("live-recorded", HTMLElement);
  private title: string | null = null;
  /** Made for the first frame, whose size is that of the file. */
  private recorder: Promise<Recorder> | null = null;
  private startedAt = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly handlers: RecordingHandlers) {
    this.button.addEventListener("click", () => (this.on ? this.finish() : this.begin()));
  }

  get on(): boolean {
    return this.title !== null;
  }

  set disabled(disabled: boolean) {
    this.button.disabled = disabled;
  }

  /** A frame is shown. Resolves when there may be another. */
  async frame(image: Pixels): Promise<void> {
    if (!this.on) return;
    const now = performance.now();
    if (this.recorder === null) this.startedAt = now;
    const opening = (this.recorder ??= import("./recorder").then(({ Recorder }) => Recorder.open(image)));
    try {
      await (await opening).add(image, now);
    } catch (error) {
      if (this.recorder !== opening) return;
      this.end();
      this.handlers.onError(error);
    }
  }

  /** The file is completed and saved; nothing happens where nothing is recorded. */
  finish(): void {
    const { title, recorder, startedAt } = this;
    const now = performance.now();
    if (title === null) return;
    this.end();
    if (recorder === null) this.handlers.onSaved(say.nothingRecorded);
    else void this.save(recorder, title, startedAt, now);
  }

  private begin(): void {
    this.title = this.handlers.title();
    this.label.textContent = text.finishRecording;
    this.button.classList.add("recording");
    this.startedAt = 0;
    this.showTime();
    this.timer = setInterval(() => this.showTime(), TICK_MS);
    this.time.hidden = false;
    this.handlers.announce(say.recordingBegins);
    this.handlers.onKeepSize(true);
  }

  private end(): void {
    clearInterval(this.timer);
    this.title = this.recorder = null;
    this.time.hidden = true;
    this.label.textContent = text.record;
    this.button.classList.remove("recording");
    this.handlers.onKeepSize(false);
  }

  private async save(opening: Promise<Recorder>, title: string, start: number, end: number): Promise<void> {
    try {
      const { blob, extension, width, height } = await (await opening).finish(end);
      const name = recordingName(title, new Date(), extension);
      save(blob, name);
      this.handlers.onSaved(say.recorded(name, (end - start) / 1000, width, height));
    } catch (error) {
      this.handlers.onError(error);
    }
  }

  private showTime(): void {
    const seconds = this.startedAt === 0 ? 0 : (performance.now() - this.startedAt) / 1000;
    const line = say.recording(clock(seconds));
    write(this.time, line);
  }
}
