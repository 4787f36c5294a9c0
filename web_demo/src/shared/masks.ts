/**
 * Regions of a picture, painted by hand: coarse masks without a size of their own, which are stretched over a picture of
 * any size, and the weights that they give its layers. Pure.
 */
import { fitWithin, type Size } from "./geometry";
import type { Pixels } from "./pixels";

/** Of a mask, in cells: brushes are round and soft, so that more would show nowhere. */
const LONG_SIDE = 512;
/** Of a cell that belongs to a region altogether. */
export const FULL = 255;

/** How much each cell belongs to a region, row by row, 0 to 255. */
export interface Mask extends Size {
  readonly coverage: Uint8Array<ArrayBuffer>;
}

export function blankMask(picture: Size): Mask {
  const { width, height } = fitWithin(picture, LONG_SIDE);
  return { width, height, coverage: new Uint8Array(width * height) };
}

export function isBlank({ coverage }: Mask): boolean {
  return coverage.every((value) => value === 0);
}

export function copyOf(mask: Mask): Mask {
  return { ...mask, coverage: mask.coverage.slice() };
}

export function sameCoverage(a: Mask, b: Mask): boolean {
  return a.coverage.every((value, cell) => value === b.coverage[cell]);
}

/**
 * How much layer `index` adds where the layers below it are laid already. The weights themselves are a partition of unity:
 * those of regions are their coverages (divided by their sum, where soft edges of several add up to more than 1), the
 * background has the rest. Laying one layer after the other with these shares makes just that weighted sum.
 *
 * @param coverages Of all regions at one place, 0 to 1.
 */
export function shareOf(coverages: ArrayLike<number>, index: number): number {
  const own = coverages[index] ?? 0;
  if (own === 0) return 0;
  let [all, below] = [0, 0];
  for (let i = 0; i < coverages.length; i++) {
    all += coverages[i] ?? 0;
    if (i <= index) below += coverages[i] ?? 0;
  }
  return own / (Math.max(0, 1 - all) + below);
}

/** Lays region `index` over a result on which the background and the regions before it lie. */
export function layOver(result: Pixels, layer: Pixels, masks: readonly Mask[], index: number): void {
  const { width, height } = result;
  const [first] = masks;
  if (first === undefined) return;
  const columns = Array.from({ length: width }, (_, x) => between(x, width, first.width));
  const rows = masks.map(() => new Float32Array(first.width));
  const coverages = new Float32Array(masks.length);
  for (let y = 0; y < height; y++) {
    const [upper, lower, v] = between(y, height, first.height);
    masks.forEach(({ coverage }, region) => {
      const row = rows[region];
      for (let x = 0; row && x < first.width; x++) {
        const [above, below] = [coverage[first.width * upper + x] ?? 0, coverage[first.width * lower + x] ?? 0];
        row[x] = (above + v * (below - above)) / FULL;
      }
    });
    for (let x = 0; x < width; x++) {
      const [left, right, u] = columns[x] ?? [0, 0, 0];
      for (let region = 0; region < rows.length; region++) {
        const [one, other] = [rows[region]?.[left] ?? 0, rows[region]?.[right] ?? 0];
        coverages[region] = one + u * (other - one);
      }
      const share = shareOf(coverages, index);
      if (share === 0) continue;
      const start = 4 * (width * y + x);
      for (let i = start; i < start + 3; i++) {
        const below = result.data[i] ?? 0;
        result.data[i] = below + share * ((layer.data[i] ?? 0) - below);
      }
    }
  }
}

/** The two cells between whose centres a pixel's centre lies, and how far towards the second. */
function between(pixel: number, pixels: number, cells: number): readonly [number, number, number] {
  const place = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) * cells) / pixels - 0.5));
  const first = Math.floor(place);
  return [first, Math.min(cells - 1, first + 1), place - first];
}
