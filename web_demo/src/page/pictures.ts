/** From files to pictures: decoding, limits, small ones for the galleries. Everything happens in this browser. */
import type { Size } from "../shared/geometry";
import { isReadable, readHead } from "./file_head";
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
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no 2D canvas");
  const scale = THUMB_SIDE / Math.min(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  context.fillStyle = "#fff";
  context.fillRect(0, 0, THUMB_SIDE, THUMB_SIDE);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (THUMB_SIDE - width) / 2, (THUMB_SIDE - height) / 2, width, height);
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
