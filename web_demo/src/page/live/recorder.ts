/** Writes painted frames to a video file while they are painted, each for as long as it was seen. */
import { BufferTarget, CanvasSource, Output } from "mediabunny";
import type { Size } from "../../shared/geometry";
import type { Pixels } from "../../shared/protocol";
import { paint } from "../canvas";
import { recordErrors } from "../strings";
import { containerFor, QUALITY, type Container } from "./containers";
import { evenSize, placeIn } from "./placing";
import { LiveError } from "./source";

export interface VideoFile extends Size {
  readonly blob: Blob;
  readonly extension: string;
}

export class Recorder {
  private readonly target = new BufferTarget();
  private readonly canvas: OffscreenCanvas;
  /** Where a frame is laid before it is drawn in the size of the file. */
  private readonly frame = new OffscreenCanvas(1, 1);
  private readonly output: Output;
  private readonly source: CanvasSource;
  private start: number | null = null;
  /** Not written yet: nobody knows for how long it will be seen. */
  private last: { readonly image: Pixels; readonly at: number } | null = null;
  /** Frames are written one after the other. */
  private tail: Promise<void> = Promise.resolve();

  private constructor(
    private readonly size: Size,
    private readonly container: Container,
  ) {
    this.canvas = new OffscreenCanvas(size.width, size.height);
    this.output = new Output({ format: container.format, target: this.target });
    this.source = new CanvasSource(this.canvas, { codec: container.codec, quality: QUALITY, latencyMode: "realtime" });
    this.output.addVideoTrack(this.source);
  }

  /** @param first The size of the first frame, which is that of the file. */
  static async open(first: Size): Promise<Recorder> {
    const size = evenSize(first, Math.floor);
    const container = await containerFor(size, "fast");
    if (container === null) throw new LiveError(recordErrors.noEncoder);
    const recorder = new Recorder(size, container);
    await recorder.output.start();
    return recorder;
  }

  /** Takes in what is seen from `now` on, in milliseconds. Resolves when the encoder has room for more. */
  add(image: Pixels, now: number): Promise<void> {
    const before = this.last;
    this.start ??= now;
    this.last = { image, at: now };
    return before === null ? this.tail : this.write(before, now);
  }

  /** The file, whose last frame is seen until `now`. */
  async finish(now: number): Promise<VideoFile> {
    if (this.last !== null) await this.write(this.last, now);
    await this.output.finalize();
    const { container, size, target } = this;
    return { blob: new Blob([target.buffer ?? new ArrayBuffer(0)], { type: container.type }), extension: container.extension, ...size };
  }

  private write({ image, at }: { readonly image: Pixels; readonly at: number }, until: number): Promise<void> {
    const seconds = (ms: number): number => ms / 1000;
    this.tail = this.tail.then(() => {
      this.draw(image);
      return this.source.add(seconds(at - (this.start ?? at)), seconds(Math.max(1, until - at)));
    });
    return this.tail;
  }

  private draw(image: Pixels): void {
    const { canvas, frame, size } = this;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new LiveError(recordErrors.noEncoder);
    paint(frame, image);
    const { left, top, width, height } = placeIn(size, image);
    if (width < size.width || height < size.height) context.fillRect(0, 0, size.width, size.height);
    context.drawImage(frame, left, top, width, height);
  }
}
