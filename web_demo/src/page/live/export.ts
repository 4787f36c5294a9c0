/** Paints a film frame by frame, as fast as it goes, and writes a video file with its sound, or an animation. Loaded when it is needed. */
import { extended, isTransparent } from "../../shared/extension";
import { fitWithin, type Size } from "../../shared/geometry";
import type { Pixels } from "../../shared/protocol";
import type { Frame } from "../painter";
import { exportErrors } from "../strings";
import { AnimationReel } from "./animation";
import { newStream } from "./film";
import type { AnimationType } from "./motion";
import type { VideoFile } from "./recorder";
import { VideoReel, type ReelFrame } from "./reel";
import { LiveError } from "./source";
import { AnimationWriter } from "./writing/animation";
import { VideoWriter } from "./writing/video";

export interface ExportOrder {
  readonly file: File;
  /** What kind of animation that is; null where it is a video file. */
  readonly animation: AnimationType | null;
  /** Whether an animation comes back as one of its kind, or as a video. */
  readonly asAnimation: boolean;
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

export async function exportFilm({ file, animation, asAnimation, side, signal, paint, onProgress }: ExportOrder): Promise<Exported> {
  const reel = await (animation === null ? VideoReel.open(file) : AnimationReel.open(file, animation));
  try {
    const wanted = fitWithin(reel.size, side);
    const painted = new OffscreenCanvas(wanted.width, wanted.height);
    const cut = asAnimation && animation !== null && reel instanceof AnimationReel;
    const writer = cut ? new AnimationWriter(animation, wanted, reel.plays) : await VideoWriter.open(reel, wanted, painted);
    const { size } = writer;
    const easel = new Easel(painted, cut);
    const paintAll = async (): Promise<number> => {
      const stream = newStream();
      let frames = 0;
      for await (const frame of reel.frames()) {
        signal.throwIfAborted();
        const { time, duration, part } = frame;
        const capture = (): Promise<Frame> => Promise.resolve({ bitmap: easel.read(frame), ...size, stream, time: 1000 * time });
        easel.write(await paint(capture), frame);
        await writer.add(painted, time, duration);
        frames++;
        onProgress(part);
      }
      writer.end();
      return frames;
    };
    try {
      const [frames] = await Promise.all([paintAll(), writer.copySound()]);
      const blob = await writer.finish();
      return { blob, extension: writer.extension, ...size, frames, soundLost: writer.soundLost };
    } catch (error) {
      await writer.cancel();
      throw error;
    }
  } finally {
    reel.close();
  }
}

/** Canvases between the decoder, the painter and the encoder. */
class Easel {
  private readonly source: OffscreenCanvas;
  private readonly painted: OffscreenCanvasRenderingContext2D;

  /** @param cut Whether what is transparent in a frame is so in the painted one. */
  constructor(
    canvas: OffscreenCanvas,
    private readonly cut: boolean,
  ) {
    this.source = new OffscreenCanvas(canvas.width, canvas.height);
    this.painted = contextOf(canvas, cut);
  }

  read(frame: ReelFrame): ImageBitmap {
    const { source, cut } = this;
    const { width, height } = source;
    const context = contextOf(source, cut);
    if (!cut || frame.cutOut === undefined) frame.draw(context, width, height);
    else {
      context.clearRect(0, 0, width, height);
      frame.cutOut(context, width, height);
      goOnUnder(context, source);
    }
    return source.transferToImageBitmap();
  }

  write({ data, width, height }: Pixels, { cutOut }: ReelFrame): void {
    const { painted, source } = this;
    painted.putImageData(new ImageData(data, width, height), 0, 0);
    if (!this.cut || cutOut === undefined) return;
    const context = contextOf(source, true);
    context.clearRect(0, 0, width, height);
    cutOut(context, width, height);
    painted.globalCompositeOperation = "destination-in";
    painted.drawImage(source, 0, 0);
    painted.globalCompositeOperation = "source-over";
  }
}

/** Lets the colours go on under what is transparent, so that edges are painted on nothing else. */
function goOnUnder(context: OffscreenCanvasRenderingContext2D, { width, height }: Size): void {
  const { data } = context.getImageData(0, 0, width, height);
  const rows = (top: number, count: number): Uint8ClampedArray => data.subarray(4 * width * top, 4 * width * (top + count));
  if (!isTransparent({ width, height }, rows)) return;
  context.putImageData(new ImageData(Uint8ClampedArray.from(extended({ width, height }, rows)(0, height)), width, height), 0, 0);
}

/** @param cut With transparency, and read back frame by frame. */
function contextOf(canvas: OffscreenCanvas, cut: boolean): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha: cut, willReadFrequently: cut });
  if (context === null) throw new LiveError(exportErrors.noEncoder);
  return context;
}
