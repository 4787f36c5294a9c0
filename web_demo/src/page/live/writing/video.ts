/** Painted frames as a video file, with the film's sound. */
import { BufferTarget, CanvasSource, Output } from "mediabunny";
import { evenSize } from "../placing";
import type { Size } from "../../../shared/geometry";
import { exportErrors } from "../../strings";
import { containerFor, QUALITY, type Container } from "../containers";
import type { Reel, Sound } from "../reel";
import { LiveError } from "../source";
import type { FrameWriter } from "./writer";

export class VideoWriter implements FrameWriter {
  private constructor(
    readonly size: Size,
    private readonly container: Container,
    private readonly target: BufferTarget,
    private readonly output: Output,
    private readonly pictures: CanvasSource,
    private readonly sound: Sound,
  ) {}

  /** @param canvas What frames will be added from. */
  static async open(reel: Reel, wanted: Size, canvas: OffscreenCanvas): Promise<VideoWriter> {
    const size = evenSize(wanted);
    const container = await containerFor(size, "small");
    if (container === null) throw new LiveError(exportErrors.noEncoder);
    [canvas.width, canvas.height] = [size.width, size.height];
    const target = new BufferTarget();
    const output = new Output({ format: container.format, target });
    const pictures = new CanvasSource(canvas, { codec: container.codec, quality: QUALITY });
    output.addVideoTrack(pictures);
    const writer = new VideoWriter(size, container, target, output, pictures, await reel.sound(output));
    await output.start();
    return writer;
  }

  get extension(): string {
    return this.container.extension;
  }

  get soundLost(): boolean {
    return this.sound.lost;
  }

  copySound(): Promise<void> {
    return this.sound.copy();
  }

  add(_frame: OffscreenCanvas, time: number, duration: number): Promise<void> {
    return this.pictures.add(time, duration);
  }

  end(): void {
    this.pictures.close();
  }

  async finish(): Promise<Blob> {
    await this.output.finalize();
    return new Blob([this.target.buffer ?? new ArrayBuffer(0)], { type: this.container.type });
  }

  async cancel(): Promise<void> {
    await Promise.allSettled([this.sound.cancel(), this.output.cancel()]);
  }
}
