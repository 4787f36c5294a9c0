/** Paints a film frame by frame, as fast as it goes, and writes a video file with its sound. Loaded when it is needed. */
import { BufferTarget, CanvasSource, Output } from "mediabunny";
import { fitWithin } from "../../shared/geometry";
import type { Pixels } from "../../shared/protocol";
import type { Frame } from "../painter";
import { exportErrors } from "../strings";
import { AnimationReel } from "./animation";
import { containerFor, QUALITY } from "./containers";
import { newStream } from "./film";
import type { AnimationType } from "./motion";
import { evenSize } from "./placing";
import type { VideoFile } from "./recorder";
import { VideoReel, type ReelFrame } from "./reel";
import { LiveError } from "./source";

export interface ExportOrder {
  readonly file: File;
  /** What kind of animation that is; null where it is a video file. */
  readonly animation: AnimationType | null;
  /** Long side of the result; no video is made larger than it is. */
  readonly side: number;
  readonly signal: AbortSignal;
  /** Paints the frame that `capture` takes, which may be called again; rejects where the signal aborts. */
  readonly paint: (capture: () => Promise<Frame>) => Promise<Pixels>;
  readonly onProgress: (part: number) => void;
}

export interface Exported extends VideoFile {
  readonly frames: number;
  /** Whether there was sound that could not be taken along. */
  readonly soundLost: boolean;
}

export async function exportFilm({ file, animation, side, signal, paint, onProgress }: ExportOrder): Promise<Exported> {
  const reel = await (animation === null ? VideoReel.open(file) : AnimationReel.open(file, animation));
  try {
    const size = evenSize(fitWithin(reel.size, side));
    const container = await containerFor(size, "small");
    if (container === null) throw new LiveError(exportErrors.noEncoder);
    const easel = new Easel(size.width, size.height);
    const target = new BufferTarget();
    const output = new Output({ format: container.format, target });
    const painted = new CanvasSource(easel.canvas, { codec: container.codec, quality: QUALITY });
    output.addVideoTrack(painted);
    const sound = await reel.sound(output);
    const paintAll = async (): Promise<number> => {
      const stream = newStream();
      let frames = 0;
      for await (const frame of reel.frames()) {
        signal.throwIfAborted();
        const { time, duration, part } = frame;
        const capture = (): Promise<Frame> => Promise.resolve({ bitmap: easel.read(frame), ...size, stream, time: 1000 * time });
        easel.write(await paint(capture));
        await painted.add(time, duration);
        frames++;
        onProgress(part);
      }
      painted.close();
      return frames;
    };
    try {
      await output.start();
      const [frames] = await Promise.all([paintAll(), sound.copy()]);
      await output.finalize();
      const blob = new Blob([target.buffer ?? new ArrayBuffer(0)], { type: container.type });
      return { blob, extension: container.extension, ...size, frames, soundLost: sound.lost };
    } catch (error) {
      await Promise.allSettled([sound.cancel(), output.cancel()]);
      throw error;
    }
  } finally {
    reel.close();
  }
}

/** Canvases between the decoder, the painter and the encoder. */
class Easel {
  readonly canvas: OffscreenCanvas;
  private readonly source: OffscreenCanvas;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.source = new OffscreenCanvas(width, height);
    this.canvas = new OffscreenCanvas(width, height);
  }

  read(frame: ReelFrame): ImageBitmap {
    frame.draw(this.context(this.source), this.width, this.height);
    return this.source.transferToImageBitmap();
  }

  write(image: Pixels): void {
    this.context(this.canvas).putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  }

  private context(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new LiveError(exportErrors.noEncoder);
    return context;
  }
}
