/** Animated GIF, WebP and PNG, taken apart by the browser's ImageDecoder. Loaded when there is one. */
import { BufferTarget, CanvasSource, Output } from "mediabunny";
import { fitWithin, type Size } from "../../shared/geometry";
import { exportErrors, pictureErrors } from "../strings";
import { containerFor, QUALITY } from "./containers";
import type { AnimationType } from "./motion";
import { evenSize } from "./placing";
import type { Reel, ReelFrame, Sound } from "./reel";
import { LiveError } from "./source";

/** Of the film that is played, and painted while it plays. */
const PLAYED_SIDE = 1280;
/** Browsers show frames that say no time, or up to this one, for a tenth of a second; so do we. In seconds. */
const HASTY = 0.01;
const UNHURRIED = 0.1;

const SILENCE: Sound = { lost: false, copy: () => Promise.resolve(), cancel: () => Promise.resolve() };

export class AnimationReel implements Reel {
  private constructor(
    private readonly decoder: ImageDecoder,
    readonly size: Size,
    private readonly count: number,
    /** How often it is shown; infinite for ever. */
    readonly plays: number,
  ) {}

  static async open(file: File, type: AnimationType): Promise<AnimationReel> {
    const data = await file.arrayBuffer().catch(() => Promise.reject(new LiveError(pictureErrors.changed(file.name))));
    const decoder = new ImageDecoder({ data, type, preferAnimation: true });
    try {
      await decoder.completed;
      const { image } = await decoder.decode();
      const size = { width: image.displayWidth, height: image.displayHeight };
      image.close();
      const { frameCount = 1, repetitionCount = Infinity } = decoder.tracks.selectedTrack ?? {};
      return new AnimationReel(decoder, size, frameCount, repetitionCount + 1);
    } catch {
      decoder.close();
      throw new LiveError(pictureErrors.unreadable(file.name));
    }
  }

  async *frames(): AsyncGenerator<ReelFrame> {
    const { decoder, count } = this;
    let time = 0;
    for (let frameIndex = 0; frameIndex < count; frameIndex++) {
      // What is damaged further on is shown as far as it goes.
      const decoded = await decoder.decode({ frameIndex }).catch((error: unknown) => (frameIndex > 0 ? null : Promise.reject(error as Error)));
      if (decoded === null) return;
      const { image } = decoded;
      try {
        const said = (image.duration ?? 0) / 1e6;
        const duration = said <= HASTY ? UNHURRIED : said;
        const draw: ReelFrame["draw"] = (context, width, height) => onWhite(context, image, width, height);
        const cutOut: ReelFrame["draw"] = (context, width, height) => context.drawImage(image, 0, 0, width, height);
        yield { time, duration, part: (frameIndex + 1) / count, draw, cutOut };
        time += duration;
      } finally {
        image.close();
      }
    }
  }

  sound(): Promise<Sound> {
    return Promise.resolve(SILENCE);
  }

  close(): void {
    this.decoder.close();
  }
}

/** The animation as a video file that a browser plays, with the same times. */
export async function videoOf(file: File, type: AnimationType, signal: AbortSignal): Promise<Blob> {
  const reel = await AnimationReel.open(file, type);
  try {
    const size = evenSize(fitWithin(reel.size, PLAYED_SIDE));
    const container = await containerFor(size, "fast");
    if (container === null) throw new LiveError(exportErrors.noEncoder);
    const canvas = new OffscreenCanvas(size.width, size.height);
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new LiveError(exportErrors.noEncoder);
    const target = new BufferTarget();
    const output = new Output({ format: container.format, target });
    const pictures = new CanvasSource(canvas, { codec: container.codec, quality: QUALITY });
    output.addVideoTrack(pictures);
    await output.start();
    try {
      for await (const frame of reel.frames()) {
        signal.throwIfAborted();
        frame.draw(context, size.width, size.height);
        await pictures.add(frame.time, frame.duration);
      }
      await output.finalize();
    } catch (error) {
      await output.cancel();
      throw error;
    }
    return new Blob([target.buffer ?? new ArrayBuffer(0)], { type: container.type });
  } finally {
    reel.close();
  }
}

function onWhite(context: OffscreenCanvasRenderingContext2D, image: VideoFrame, width: number, height: number): void {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
}
