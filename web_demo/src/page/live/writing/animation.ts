/** Painted frames as an animation that loops as the one did that it was made from, with what was transparent in it. */
import type { Size } from "../../../shared/geometry";
import { exportErrors } from "../../strings";
import type { AnimationType } from "../motion";
import { LiveError } from "../source";
import { assemblePng } from "./apng";
import { GifFrames } from "./gif";
import { assembleWebp } from "./webp";
import type { EncodedFrame, FrameWriter } from "./writer";

const EXTENSIONS = { "image/gif": "gif", "image/png": "png", "image/webp": "webp" } as const;
const QUALITY = 0.9;

export class AnimationWriter implements FrameWriter {
  readonly soundLost = false;
  private readonly frames: EncodedFrame[] = [];
  private readonly gif: GifFrames | null;

  constructor(
    private readonly type: AnimationType,
    readonly size: Size,
    private readonly plays: number,
  ) {
    this.gif = type === "image/gif" ? new GifFrames({ ...size, plays }) : null;
  }

  get extension(): string {
    return EXTENSIONS[this.type];
  }

  copySound(): Promise<void> {
    return Promise.resolve();
  }

  async add(frame: OffscreenCanvas, time: number, duration: number): Promise<void> {
    // Rounded so that they add up.
    const at = (seconds: number, unit: number): number => Math.round(1000 * seconds / unit) * unit;
    const ms = (unit: number): number => at(time + duration, unit) - at(time, unit);
    if (this.gif !== null) {
      await this.gif.add(frame, ms(10));
      return;
    }
    const blob = await frame.convertToBlob({ type: this.type, quality: QUALITY });
    if (blob.type !== this.type) throw new LiveError(exportErrors.noEncoder);
    this.frames.push({ bytes: new Uint8Array(await blob.arrayBuffer()), ms: ms(1) });
  }

  end(): void {
    // Nothing waits for it.
  }

  async finish(): Promise<Blob> {
    const { type, size, plays, frames } = this;
    if (this.gif !== null) return new Blob([await this.gif.finish()], { type });
    const parts = (type === "image/png" ? assemblePng : assembleWebp)({ ...size, plays }, frames);
    return new Blob(parts, { type });
  }

  cancel(): Promise<void> {
    this.gif?.end();
    return Promise.resolve();
  }
}
