/**
 * RGBA bytes to what a network reads, and back, one region at a time: floats take twelve bytes a pixel, and those of a
 * whole large picture would not fit. Pure.
 */
import { reflectIndex, type Region, type Size } from "./geometry";
import type { Pixels } from "./protocol";

/** Lowest and highest value of a channel. */
export type ValueRange = readonly [low: number, high: number];

/**
 * `region` of a picture as interleaved RGB floats in [low, high]. What of the region lies outside is filled by
 * reflection. Transparent pixels are laid on white, as the training pictures were.
 */
export function toPlanes(image: Pixels, region: Region, [low, high]: ValueRange): Float32Array {
  const { width, height, data } = image;
  const values = new Float32Array(region.width * region.height * 3);
  const scale = (high - low) / 255;
  const columns = Int32Array.from({ length: region.width }, (_, x) => 4 * reflectIndex(region.left + x, width));
  let target = 0;
  for (let y = 0; y < region.height; y++) {
    const row = 4 * width * reflectIndex(region.top + y, height);
    for (let x = 0; x < region.width; x++) {
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

/**
 * Writes floats back as opaque RGBA bytes (clamped, rounded).
 *
 * @param values Interleaved RGB floats in [low, high] of `region` of the picture.
 * @param image Written to, within `part`.
 * @param part The part of `region` to write, in the picture's coordinates; must lie within both.
 */
export function writePlanes(values: ArrayLike<number>, region: Region, [low, high]: ValueRange, image: Pixels, part: Region): void {
  const { width, data } = image;
  const scale = 255 / (high - low);
  for (let y = part.top; y < part.top + part.height; y++) {
    let source = 3 * (region.width * (y - region.top) + part.left - region.left);
    let target = 4 * (width * y + part.left);
    for (let x = 0; x < part.width; x++) {
      data[target++] = ((values[source++] ?? 0) - low) * scale;
      data[target++] = ((values[source++] ?? 0) - low) * scale;
      data[target++] = ((values[source++] ?? 0) - low) * scale;
      data[target++] = 255;
    }
  }
}

/** A transparent picture to be written to. */
export function blankPixels({ width, height }: Size): Pixels {
  return { width, height, data: new Uint8ClampedArray(4 * width * height) };
}
