/** What is seen of a camera or a film: the frame, what it says about itself, and the buttons. */
import type { Pixels } from "../../shared/protocol";
import { paint } from "../canvas";
import { byId, write } from "../dom";
import { film as say, text } from "../strings";
import type { LiveSource } from "./source";

/** How often the numbers change, so that they can be read. */
const READABLE_MS = 500;

export interface LiveHandlers {
  onKeep(): void;
  onSwitch(): void;
  onStop(): void;
}

export class LiveView {
  readonly video = byId("live-video", HTMLVideoElement);
  private readonly frame = byId("live", HTMLElement);
  private readonly canvas = byId("live-canvas", HTMLCanvasElement);
  private readonly bar = byId("live-bar", HTMLElement);
  private readonly status = byId("live-status", HTMLElement);
  private readonly keep = byId("live-keep", HTMLButtonElement);
  private readonly switchButton = byId("live-switch", HTMLButtonElement);
  private saidAt = 0;

  constructor(handlers: LiveHandlers) {
    this.keep.addEventListener("click", () => handlers.onKeep());
    this.switchButton.addEventListener("click", () => handlers.onSwitch());
    byId("live-stop", HTMLButtonElement).addEventListener("click", () => handlers.onStop());
    this.video.addEventListener("resize", () => this.fit());
  }

  open(): void {
    this.frame.hidden = this.bar.hidden = false;
    this.canvas.hidden = true;
    this.say(say.starting);
    this.keep.focus();
  }

  /** @param opener Gets the focus, where it would be lost with the buttons. */
  close(opener: HTMLElement): void {
    const focused = this.bar.contains(document.activeElement);
    this.frame.hidden = this.bar.hidden = true;
    this.say("");
    if (focused) opener.focus();
  }

  /** What there is to do with a source. */
  suit({ kind, facesVisitor, next }: LiveSource): void {
    this.frame.classList.toggle("mirrored", facesVisitor);
    this.switchButton.hidden = next === null;
    this.keep.textContent = kind === "camera" ? text.takePicture : text.keepFrame;
  }

  show(image: Pixels, perSecond: number): void {
    paint(this.canvas, image);
    this.canvas.hidden = false;
    const now = performance.now();
    if (perSecond === 0 || now - this.saidAt < READABLE_MS) return;
    this.saidAt = now;
    this.say(say.rate(image.width, image.height, perSecond));
  }

  /** While it is true there is nothing to do but to wait, or to stop. */
  set busy(busy: boolean) {
    this.keep.disabled = busy;
  }

  showPlain(sentence: string): void {
    this.canvas.hidden = true;
    this.say(sentence);
  }

  say(line: string): void {
    write(this.status, line);
  }

  private fit(): void {
    const { videoWidth, videoHeight } = this.video;
    if (videoWidth > 0) this.frame.style.setProperty("--ratio", String(videoWidth / videoHeight));
  }
}
