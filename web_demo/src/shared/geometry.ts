/** Sizes and padding, in whole pixels. Pure. */
import type { Pixels } from "./protocol";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest size of the same shape whose long side is at most `longSide`; never larger than the picture, never below 1. */
export function fitWithin({ width, height }: Size, longSide: number): Size {
  const scale = Math.min(1, longSide / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The size at which a picture is shown to the style predictor: short side `shortSide`, so that brush strokes have the
 * scale of training, and a long side of at most twice that, so that a panorama does not cost more than it tells.
 */
export function styleFit({ width, height }: Size, shortSide: number): Size {
  const scale = shortSide / Math.min(width, height);
  const limit = 2 * shortSide;
  return {
    width: Math.min(limit, Math.max(1, Math.round(width * scale))),
    height: Math.min(limit, Math.max(1, Math.round(height * scale))),
  };
}

/** The smallest multiple of `multiple` that is at least `length` and at least `minimum`. */
export function roundUp(length: number, multiple: number, minimum = 1): number {
  return Math.ceil(Math.max(length, minimum) / multiple) * multiple;
}

/**
 * Where position `index` of a padded line comes from: the line mirrored at its ends without repeating the end itself,
 * again and again if the padding is longer than the line. A line of one pixel repeats that pixel.
 */
export function reflectIndex(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const position = ((index % period) + period) % period;
  return position < length ? position : period - position;
}

/**
 * RGBA bytes to interleaved RGB floats in [low, high], padded by reflection at the right and the bottom to `padded`.
 * Transparent pixels are laid on white, as the training pictures were.
 */
export function toPlanes(image: Pixels, padded: Size, [low, high]: readonly [number, number]): Float32Array {
  const { width, height, data } = image;
  const values = new Float32Array(padded.width * padded.height * 3);
  const scale = (high - low) / 255;
  const columns = Int32Array.from({ length: padded.width }, (_, x) => 4 * reflectIndex(x, width));
  let target = 0;
  for (let y = 0; y < padded.height; y++) {
    const row = 4 * width * reflectIndex(y, height);
    for (let x = 0; x < padded.width; x++) {
      const source = row + (columns[x] ?? 0);
      const alpha = (data[source + 3] ?? 255) / 255;
      const white = 255 * (1 - alpha);
      values[target++] = ((data[source] ?? 0) * alpha + white) * scale + low;
      values[target++] = ((data[source + 1] ?? 0) * alpha + white) * scale + low;
      values[target++] = ((data[source + 2] ?? 0) * alpha + white) * scale + low;
    }
  }
  return values;
}

/** The inverse of `toPlanes`: floats of the size `padded`, cropped to `size`, as opaque RGBA bytes (clamped, rounded). */
export function fromPlanes(
  values: ArrayLike<number>,
  padded: Size,
  size: Size,
  [low, high]: readonly [number, number],
): Pixels {
  const data = new Uint8ClampedArray(4 * size.width * size.height);
  const scale = 255 / (high - low);
  let target = 0;
  for (let y = 0; y < size.height; y++) {
    let source = 3 * padded.width * y;
    for (let x = 0; x < size.width; x++) {
      data[target++] = ((values[source++] ?? 0) - low) * scale;
      data[target++] = ((values[source++] ?? 0) - low) * scale;
      data[target++] = ((values[source++] ?? 0) - low) * scale;
      data[target++] = 255;
    }
  }
  return { width: size.width, height: size.height, data };
}
