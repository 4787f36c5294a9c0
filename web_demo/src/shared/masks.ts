/**
 * Regions of a picture, painted by hand: coarse masks without a size of their own, which are stretched over a picture of
 * any size, and the weights that they give its layers. Pure.
 */
import { fitWithin, type Region, type Size } from "./geometry";
import type { Pixels } from "./pixels";

/** Of a mask, in cells: brushes are round and soft, so that more would show nowhere. */
const LONG_SIDE = 512;
const FULL = 255;

/** How much each cell belongs to a region, row by row, 0 to 255. */
export interface Mask extends Size {
  readonly coverage: Uint8Array<ArrayBuffer>;
}

/** A place on the picture, from its left upper corner (0, 0) to its right lower one (1, 1). */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Brush {
  /** In parts of the picture's long side. */
  readonly radius: number;
  /** How much of the radius is soft, 0 to 1. */
  readonly feather: number;
  readonly erase: boolean;
}

/** What a stroke paints where it belongs to none of the regions. */
export const BACKGROUND = -1;

export function blankMask(picture: Size): Mask {
  const { width, height } = fitWithin(picture, LONG_SIDE);
  return { width, height, coverage: new Uint8Array(width * height) };
}

export function isBlank({ coverage }: Mask): boolean {
  return coverage.every((value) => value === 0);
}

/**
 * The masks after a straight stroke for region `index`. It takes from the others what it gives to that one, so that the
 * last stroke counts; for `BACKGROUND` it takes only. All masks have one size.
 */
export function stroke(masks: readonly Mask[], index: number, from: Place, to: Place, brush: Brush): Mask[] {
  const next = masks.map(copyOf);
  strokeInto(next, index, from, to, brush);
  return next;
}

export function copyOf(mask: Mask): Mask {
  return { ...mask, coverage: mask.coverage.slice() };
}

export function sameCoverage(a: Mask, b: Mask): boolean {
  return a.coverage.every((value, cell) => value === b.coverage[cell]);
}

/** The same, into the masks themselves, as a brush needs that moves a hundred times a second. Returns which cells it has touched. */
export function strokeInto(masks: readonly Mask[], index: number, from: Place, to: Place, { radius, feather, erase }: Brush): Region | null {
  const [first] = masks;
  if (first === undefined) return null;
  const { width, height } = first;
  // In cells; cell (x, y) has its centre at (x + 0.5, y + 0.5).
  const reach = Math.max(1, radius * Math.max(width, height));
  const [ax, ay, bx, by] = [from.x * width - 0.5, from.y * height - 0.5, to.x * width - 0.5, to.y * height - 0.5];
  const [left, right] = [Math.max(0, Math.floor(Math.min(ax, bx) - reach)), Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach))];
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(ay, by) - reach)), Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach))];
  if (right < left || bottom < top) return null;
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  // Most cells of a large brush lie in its hard middle, or outside: those need no root and no curve.
  const [inner, outer] = [(reach * (1 - feather)) ** 2, reach ** 2];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
      const [offX, offY] = [x - ax - along * dx, y - ay - along * dy];
      const squared = offX * offX + offY * offY;
      if (squared >= outer) continue;
      const touched = squared <= inner ? FULL : Math.round(FULL * falloff(Math.sqrt(squared) / reach, feather));
      if (touched === 0) continue;
      const cell = width * y + x;
      for (let region = 0; region < masks.length; region++) {
        const coverage = masks[region]?.coverage;
        if (coverage === undefined) continue;
        const now = coverage[cell] ?? 0;
        if (region === index && !erase) coverage[cell] = Math.max(now, touched);
        else if (region === index || !erase) coverage[cell] = Math.min(now, FULL - touched);
      }
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** 1 in the hard middle, 0 from the rim on, smooth between. */
export function falloff(distance: number, feather: number): number {
  if (distance >= 1) return 0;
  const t = feather === 0 ? 1 : Math.min(1, (1 - distance) / feather);
  return t * t * (3 - 2 * t);
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
