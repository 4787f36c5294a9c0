/** Pictures of other pages as pixels. */
import { fitWithin, type Size } from "../shared/geometry";
import type { Picture, Pixels } from "./api";

/** `picture` in the size that `fit` makes of its own, on white where it is transparent. */
export async function pixelsOf(picture: Picture, fit: (size: Size) => Size): Promise<Pixels> {
  if (isPixels(picture)) {
    const size = fit(picture);
    if (size.width === picture.width && size.height === picture.height) return picture;
    return rasterise(new ImageData(picture.data, picture.width, picture.height), fit);
  }
  return rasterise(picture, fit);
}

/** The picture itself, or scaled down. */
export function atMost(longSide: number): (size: Size) => Size {
  return (size) => fitWithin(size, longSide);
}

function isPixels(picture: Picture): picture is Pixels {
  return "data" in picture;
}

async function rasterise(source: ImageBitmapSource, fit: (size: Size) => Size): Promise<Pixels> {
  const bitmap = await createImageBitmap(source);
  try {
    const { width, height } = fit(bitmap);
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("this browser has no 2D canvas");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } finally {
    bitmap.close();
  }
}
