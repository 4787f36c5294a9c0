/** How much is computed at once: what the contract says, or less, where memory turns out to be short. Pure. */
import { roundUp, type Size } from "../shared/geometry";
import type { ContentRules } from "../shared/preprocessing";
import type { Tiling } from "../shared/tiling";

/** Tiles of which less than this is kept, along a side, would be nearly all overlap. */
const SMALLEST_CORE = 64;

export interface Limits {
  /** Pictures of at most that many pixels are painted at once. */
  readonly wholePixels: number;
  /** Largest side of a tile of larger ones. */
  readonly tile: number;
  /** Largest side of what is looked at for the statistics of larger ones. */
  readonly mosaic: number;
}

/** @param largestRun A side to take in the place of the contract's, for pictures (squared) and for tiles; null for none. */
export function limitsFor(rules: ContentRules, largestRun: number | null): Limits {
  if (largestRun === null) return { wholePixels: rules.whole_pixels, tile: rules.tile, mosaic: Infinity };
  return { wholePixels: largestRun ** 2, tile: largestRun, mosaic: Infinity };
}

/** The side of the largest run for a picture of this size: its own where it is painted at once, that of a tile where not. */
export function runSide(size: Size, { wholePixels, tile }: Limits): number {
  return fitsOneRun(size, wholePixels) ? Math.floor(Math.sqrt(wholePixels)) : tile;
}

/** Runs of at most half of `side`; null where that leaves too little of a tile. */
export function smallerThan(side: number, limits: Limits, rules: ContentRules): Limits | null {
  const half = Math.floor(side / 2);
  const smaller = { wholePixels: Math.min(limits.wholePixels, half ** 2), tile: Math.min(limits.tile, half), mosaic: half };
  return tilingWithin(smaller.tile, rules) === null ? null : smaller;
}

/** The size to which a picture is padded for the transformer. */
export function paddedSize({ width, height }: Size, { multiple, smallest_multiples: fewest }: ContentRules): Size {
  return { width: roundUp(width, multiple, fewest * multiple), height: roundUp(height, multiple, fewest * multiple) };
}

/** Whether a picture of this size is painted at once. */
export function fitsOneRun({ width, height }: Size, wholePixels: number): boolean {
  return width * height <= wholePixels;
}

/** How larger pictures are cut; throws where `tile` leaves too little of one. */
export function tilingFor(tile: number, rules: ContentRules): Tiling {
  const tiling = tilingWithin(tile, rules);
  if (tiling === null) throw new RangeError(`tiles of ${tile} pixels are too small for an overlap of ${rules.overlap} pixels`);
  return tiling;
}

function tilingWithin(tile: number, { multiple, overlap }: ContentRules): Tiling | null {
  const limit = Math.floor(tile / multiple) * multiple;
  return limit - 2 * overlap < SMALLEST_CORE ? null : { limit, overlap, multiple };
}
