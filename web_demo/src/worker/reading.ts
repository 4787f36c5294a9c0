/** A worker of its own: pictures as pixels in the size that is wanted. One that paints is busy for too long. */
import { coverOf, extended, isTransparent, partOf } from "../shared/extension";
import type { Photograph, ReadAnswer, ReadRequest } from "../shared/reading";
import type { Pixels } from "../shared/pixels";
import { reduce, type Rows } from "../shared/reduction";
import { rowsOf } from "../shared/rows";
import { readsFalsely } from "./read_back";

declare const self: DedicatedWorkerGlobalScope;

/** Canvases that are wider do not work in every browser. */
const WIDEST = 16_384;

self.onmessage = ({ data }: MessageEvent<ReadRequest>) => {
  void answer(data).then((reply) => self.postMessage(reply, reply.photograph === null ? [] : [reply.photograph.data.buffer]));
};

self.onmessageerror = () => reportError(new Error("a message from the page could not be read"));

async function answer({ id, bitmap, cut, ...wish }: ReadRequest): Promise<ReadAnswer> {
  let image: ImageBitmap = bitmap;
  try {
    if (readsFalsely()) return { id, photograph: null, falsified: true, error: "" };
    let part = cut;
    if (cut.width > WIDEST) {
      const { left, top, width, height } = cut;
      const whole = image;
      image = await createImageBitmap(whole, left, top, width, height, { resizeWidth: WIDEST, resizeHeight: height, resizeQuality: "high" });
      whole.close();
      part = { left: 0, top: 0, width: WIDEST, height };
    }
    return { id, photograph: photographOf(image, { cut: part, ...wish }), falsified: false, error: "" };
  } catch (error) {
    return { id, photograph: null, falsified: false, error: error instanceof Error ? error.message : String(error) };
  } finally {
    image.close();
  }
}

function photographOf(image: ImageBitmap, { cut, size, resampling, extend }: Omit<ReadRequest, "id" | "bitmap">): Photograph {
  const whole = { left: 0, top: 0, width: image.width, height: image.height };
  // The whole picture is extended before anything is cut out of it, as long as it can be drawn.
  const base = whole.width > WIDEST ? cut : whole;
  const rows = extend ? rowsOf(contextOf(base.width), image, base, false) : null;
  if (rows === null || !isTransparent(base, rows)) return { ...reduce(cut, size, resampling, rowsOf(contextOf(cut.width), image, cut)), cover: null };
  const part = base === cut ? { ...cut, left: 0, top: 0 } : cut;
  const reduced = (from: Rows): Pixels => reduce(part, size, resampling, partOf(from, base.width, part));
  const cover = reduced(coverOf(rows));
  return { ...reduced(extended(base, rows)), cover: Uint8Array.from({ length: size.width * size.height }, (_, i) => cover.data[4 * i] ?? 255) };
}

function contextOf(width: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, 1).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser has no 2D canvas in workers");
  return context;
}
