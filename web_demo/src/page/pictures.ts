/** From files to pixels: decoding, limits, scaling. Everything happens in this browser. */
import { styleFit, type Region, type Size } from "../shared/geometry";
import type { StyleRules } from "../shared/preprocessing";
import type { Pixels } from "../shared/protocol";
import { resize } from "../shared/resample";
import { isReadable, readHead } from "./file_head";
import { readsFalsely } from "./read_back";
import { pictureErrors } from "./strings";

const LARGEST_FILE_MB = 64;
const LARGEST_MEGAPIXELS = 120;
const THUMB_SIDE = 192;

/** Its message is a sentence for the visitor. */
export class PictureError extends Error {}

/** Decodes an image file of any type that the browser knows; animations give their first frame, EXIF rotation is applied. */
export async function decode(file: Blob, name: string): Promise<ImageBitmap> {
  if (file.size > LARGEST_FILE_MB * 1e6) throw new PictureError(pictureErrors.tooLarge(name, LARGEST_FILE_MB));
  const head = await readHead(file);
  if (head === null) throw new PictureError(pictureErrors.changed(name));
  // Asked of the head: decoding what is far too large takes gigabytes first.
  checkPixels(head.size, name);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    if (!(await isReadable(file))) throw new PictureError(pictureErrors.changed(name));
    throw new PictureError(head.heic || /\.hei[cf]$/i.test(name) ? pictureErrors.heic(name) : pictureErrors.unreadable(name));
  }
  try {
    checkPixels(bitmap, name);
  } catch (error) {
    bitmap.close();
    throw error;
  }
  return bitmap;
}

function checkPixels(size: Size | null, name: string): void {
  if (size === null || size.width * size.height <= LARGEST_MEGAPIXELS * 1e6) return;
  throw new PictureError(pictureErrors.tooManyPixels(name, LARGEST_MEGAPIXELS));
}

/** A square cut from the middle. */
export async function makeThumb(bitmap: ImageBitmap): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = THUMB_SIDE;
  const scale = THUMB_SIDE / Math.min(bitmap.width, bitmap.height);
  const size = { width: bitmap.width * scale, height: bitmap.height * scale };
  draw(canvas, bitmap, (THUMB_SIDE - size.width) / 2, (THUMB_SIDE - size.height) / 2, size);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return blob ?? new Blob();
}

/** Fetches and decodes a sample from this page's own server. */
export async function fetchPicture(url: string, title: string): Promise<ImageBitmap> {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new PictureError(pictureErrors.notFetched(title));
  // The page's own samples need no probing.
  return createImageBitmap(await response.blob()).catch(() => Promise.reject(new PictureError(pictureErrors.unreadable(title))));
}

/** `bitmap` as the style predictor is shown it. */
export function rasteriseStyle(bitmap: ImageBitmap, rules: StyleRules): Pixels {
  const { cut, read, size } = styleFit(bitmap, rules);
  return resize(rasterise(bitmap, read, cut), size, rules.resampling);
}

/** `bitmap`, or a part of it, scaled to `size`, on white where it is transparent. */
export function rasterise(bitmap: ImageBitmap, size: Size, part?: Region): ImageData {
  if (readsFalsely()) throw new PictureError(pictureErrors.falsified);
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  const pixels = draw(canvas, bitmap, 0, 0, size, part).getImageData(0, 0, size.width, size.height);
  // Gives the memory back now rather than some day.
  canvas.width = canvas.height = 0;
  return pixels;
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap, x: number, y: number, size: Size, part?: Region): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser has no 2D canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  const { left, top, width, height } = part ?? { left: 0, top: 0, width: bitmap.width, height: bitmap.height };
  context.drawImage(bitmap, left, top, width, height, x, y, size.width, size.height);
  return context;
}
