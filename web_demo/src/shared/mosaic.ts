/** A sample of a large picture in full resolution: patches from all over it, put together to one small picture. Pure. */
import type { Region, Size } from "./geometry";
import type { ContentRules } from "./preprocessing";
import type { Source } from "./source";

/** Patches row by row, all of one size, and how they lie. */
export interface Mosaic extends Size {
  readonly columns: number;
  readonly patches: readonly Region[];
}

/**
 * Which patches of a picture to take, spread evenly from border to border.
 *
 * @param size The picture's, padded to multiples of the rules' multiple, at which patches begin.
 * @param largest Bound of the mosaic's sides, at least the rules' multiple, where memory is short.
 */
export function mosaicOf(size: Size, { multiple, patch: usual, patches: usually }: ContentRules, largest = Infinity): Mosaic {
  const patch = Math.min(usual, Math.floor(largest / multiple) * multiple);
  const most = Math.min(usually, Math.floor(largest / patch));
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
export function mosaicPlanes(picture: Source, { width, height, columns, patches }: Mosaic): Float32Array {
  const values = new Float32Array(3 * width * height);
  patches.forEach((patch, index) => {
    const planes = picture.planes(patch);
    const left = (index % columns) * patch.width;
    const top = Math.floor(index / columns) * patch.height;
    for (let y = 0; y < patch.height; y++) {
      const row = planes.subarray(3 * patch.width * y, 3 * patch.width * (y + 1));
      values.set(row, 3 * (width * (top + y) + left));
    }
  });
  return values;
}
