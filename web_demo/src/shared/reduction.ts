/**
 * Large pictures in the size that is wanted, a strip of rows at a time, as impasto/pictures/reading.py makes them: averages of
 * square blocks first, as long as six times the size is left, then the filter itself. Of the picture's own size never more
 * than a strip is held, nor rows of more than the new width. Pure.
 */
import type { Size } from "./geometry";
import type { Pixels } from "./pixels";
import { Resizing, type Resampling } from "./resample";

/** What blocks leave for the filter, in times the size. */
const GAP = 6;
/** Of a strip: four megabytes. */
const STRIP_PIXELS = 1 << 20;

/** RGBA of so many rows from `top` on, opaque. */
export type Rows = (top: number, count: number) => Uint8ClampedArray;

/**
 * A picture of size `from`, made no larger, as `to`.
 *
 * @param rows Asked for every row once, from the upper ones to the lower ones.
 * @param pixels Of a strip, about.
 */
export function reduce(from: Size, to: Size, resampling: Resampling, rows: Rows, pixels = STRIP_PIXELS): Pixels {
  const factor = Math.max(1, Math.floor(Math.min(from.width, from.height) / (GAP * Math.min(to.width, to.height))));
  const strip = factor * Math.max(1, Math.floor(pixels / (factor * from.width)));
  const strips = function* (): Generator<Uint8ClampedArray> {
    for (let top = 0; top < from.height; top += strip) yield rows(top, Math.min(strip, from.height - top));
  };
  if (from.width === to.width && from.height === to.height) return together(to, strips());
  const blocks = { width: Math.ceil(from.width / factor), height: Math.ceil(from.height / factor) };
  const resizing = new Resizing(blocks, to, resampling);
  for (const data of strips()) resizing.add(factor === 1 ? data : averaged(data, from.width, factor));
  return resizing.finish();
}

function together({ width, height }: Size, strips: Iterable<Uint8ClampedArray>): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  let filled = 0;
  for (const strip of strips) {
    data.set(strip, filled);
    filled += strip.length;
  }
  return { width, height, data };
}

/** Means of blocks of `factor` by `factor` pixels; those at the right and at the lower end are what is left of them. */
function averaged(data: Uint8ClampedArray, width: number, factor: number): Uint8ClampedArray {
  const height = data.length / (4 * width);
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const result = new Uint8ClampedArray(4 * columns * rows);
  const sums = new Uint32Array(3 * columns);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = [row * factor, Math.min((row + 1) * factor, height)];
    sums.fill(0);
    for (let y = top; y < bottom; y++) {
      let source = 4 * width * y;
      for (let column = 0; column < columns; column++) {
        let [red, green, blue] = [0, 0, 0];
        const end = 4 * (width * y + Math.min((column + 1) * factor, width));
        for (; source < end; source += 4) {
          red += data[source] ?? 0;
          green += data[source + 1] ?? 0;
          blue += data[source + 2] ?? 0;
        }
        const i = 3 * column;
        sums[i] = (sums[i] ?? 0) + red;
        sums[i + 1] = (sums[i + 1] ?? 0) + green;
        sums[i + 2] = (sums[i + 2] ?? 0) + blue;
      }
    }
    for (let column = 0; column < columns; column++) {
      const count = (bottom - top) * (Math.min((column + 1) * factor, width) - column * factor);
      const target = 4 * (columns * row + column);
      for (let channel = 0; channel < 3; channel++) result[target + channel] = Math.floor((sums[3 * column + channel] ?? 0) / count + 0.5);
      result[target + 3] = 255;
    }
  }
  return result;
}
