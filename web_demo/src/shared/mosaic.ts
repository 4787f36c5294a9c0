/** A sample of a large picture in full resolution: patches from all over it, put together to one small picture. Pure. */
import type { Region, Size } from "./geometry";
import { toPlanes, type ValueRange } from "./planes";
import type { Pixels } from "./protocol";

/** Side of a patch: much more than the strokes that a network paints, so that its borders weigh little. */
const PATCH = 256;
/** Patches along a side; sixteen of them make a megapixel. */
const MOST_PATCHES = 4;

/** Patches row by row, all of one size, and how they lie. */
export interface Mosaic extends Size {
  readonly columns: number;
  readonly patches: readonly Region[];
}

/**
 * Which patches of a picture to take, spread evenly from border to border.
 *
 * @param size The picture's, padded to multiples of `multiple`.
 * @param multiple Patches begin at multiples of it.
 * @param largest Bound of the mosaic's sides, at least `multiple`.
 */
export function mosaicOf(size: Size, multiple: number, largest: number): Mosaic {
  const patch = Math.min(PATCH, Math.floor(largest / multiple) * multiple);
  const most = Math.min(MOST_PATCHES, Math.floor(largest / patch));
  const columns = starts(size.width, patch, most, multiple);
  const rows = starts(size.height, patch, most, multiple);
  const [width, height] = [Math.min(patch, size.width), Math.min(patch, size.height)];
  const patches = rows.flatMap((top) => columns.map((left) => ({ left, top, width, height })));
  return { width: columns.length * width, height: rows.length * height, columns: columns.length, patches };
}

function starts(length: number, patch: number, most: number, multiple: number): number[] {
  if (length <= patch) return [0];
  const count = Math.min(most, Math.floor(length / patch));
  const step = count === 1 ? 0 : (length - patch) / (count - 1);
  return Array.from({ length: count }, (_, i) => Math.round((i * step) / multiple) * multiple);
}

/** The mosaic as interleaved RGB floats. */
export function mosaicPlanes(image: Pixels, { width, height, columns, patches }: Mosaic, range: ValueRange): Float32Array {
  const values = new Float32Array(3 * width * height);
  patches.forEach((patch, index) => {
    const planes = toPlanes(image, patch, range);
    const left = (index % columns) * patch.width;
    const top = Math.floor(index / columns) * patch.height;
    for (let y = 0; y < patch.height; y++) {
      const row = planes.subarray(3 * patch.width * y, 3 * patch.width * (y + 1));
      values.set(row, 3 * (width * (top + y) + left));
    }
  });
  return values;
}
