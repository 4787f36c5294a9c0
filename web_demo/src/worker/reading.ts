/** A worker of its own: pictures as pixels in the size that is wanted. One that paints is busy for too long. */
import type { ReadAnswer, ReadRequest } from "../shared/reading";
import { reduce } from "../shared/reduction";
import { rowsOf } from "../shared/rows";

declare const self: DedicatedWorkerGlobalScope;

/** Canvases that are wider do not work in every browser. */
const WIDEST = 16_384;

self.onmessage = ({ data }: MessageEvent<ReadRequest>) => {
  void answer(data).then((reply) => self.postMessage(reply, reply.pixels === null ? [] : [reply.pixels.data.buffer]));
};

self.onmessageerror = () => reportError(new Error("a message from the page could not be read"));

async function answer({ id, bitmap, cut, size, resampling }: ReadRequest): Promise<ReadAnswer> {
  let image: ImageBitmap = bitmap;
  try {
    let part = cut;
    if (cut.width > WIDEST) {
      const { left, top, width, height } = cut;
      const whole = image;
      image = await createImageBitmap(whole, left, top, width, height, { resizeWidth: WIDEST, resizeHeight: height, resizeQuality: "high" });
      whole.close();
      part = { left: 0, top: 0, width: WIDEST, height };
    }
    return { id, pixels: reduce(part, size, resampling, rowsOf(contextOf(part.width), image, part)), error: "" };
  } catch (error) {
    return { id, pixels: null, error: error instanceof Error ? error.message : String(error) };
  } finally {
    image.close();
  }
}

function contextOf(width: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, 1).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser has no 2D canvas in workers");
  return context;
}
