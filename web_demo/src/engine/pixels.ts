/** Pictures of other pages as pixels. */
import { fitWithin, styleFit, type Region, type Size } from "../shared/geometry";
import type { StyleRules } from "../shared/preprocessing";
import { resize, type Resampling } from "../shared/resample";
import type { Picture, Pixels } from "./api";

/** `picture` in the size that `fit` makes of its own, on white where it is transparent. */
export async function pixelsOf(picture: Picture, fit: (size: Size) => Size, resampling: Resampling): Promise<Pixels> {
  if (isPixels(picture)) {
    const size = fit(picture);
    if (size.width === picture.width && size.height === picture.height) return picture;
  }
  // Reduced as levels of strokes are, so that a smaller result is what a larger one begins with.
  const { pixels, reading } = await rasterise(picture, ({ width, height }) => {
    const size = fit({ width, height });
    const read = { width: Math.min(width, 4 * size.width), height: Math.min(height, 4 * size.height) };
    return { cut: { left: 0, top: 0, width, height }, read, size };
  });
  return reading.size.width < pixels.width || reading.size.height < pixels.height ? resize(pixels, reading.size, resampling) : pixels;
}

/** `picture` as the style predictor is shown it. */
export async function stylePixelsOf(picture: Picture, rules: StyleRules): Promise<Pixels> {
  if (isPixels(picture)) {
    const { cut, size } = styleFit(picture, rules);
    if ([cut, size].every(({ width, height }) => width === picture.width && height === picture.height)) return picture;
  }
  const { pixels, reading } = await rasterise(picture, (size) => styleFit(size, rules));
  return resize(pixels, reading.size, rules.resampling);
}

/** The picture itself, or scaled down. */
export function atMost(longSide: number): (size: Size) => Size {
  return (size) => fitWithin(size, longSide);
}

function isPixels(picture: Picture): picture is Pixels {
  return "data" in picture;
}

/** What is cut out of a picture, and at which size that is read. */
interface Reading {
  readonly cut: Region;
  readonly read: Size;
}

async function rasterise<Found extends Reading>(
  picture: Picture,
  fit: (size: Size) => Found,
): Promise<{ readonly pixels: Pixels; readonly reading: Found }> {
  const bitmap = await createImageBitmap(isPixels(picture) ? new ImageData(picture.data, picture.width, picture.height) : picture);
  try {
    const reading = fit(bitmap);
    const { cut, read } = reading;
    const context = new OffscreenCanvas(read.width, read.height).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("this browser has no 2D canvas");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, read.width, read.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, cut.left, cut.top, cut.width, cut.height, 0, 0, read.width, read.height);
    return { pixels: context.getImageData(0, 0, read.width, read.height), reading };
  } finally {
    bitmap.close();
  }
}
