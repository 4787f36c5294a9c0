/** How much is computed at once. */
import { roundUp, type Size } from "../shared/geometry";
import type { Manifest } from "../shared/manifest";
import type { Tiling } from "../shared/tiling";

/** The transformer pads by reflection inside, which needs a few positions at its lowest resolution. */
const FEWEST_MULTIPLES = 4;
/** Tiles of which less than this is kept, along a side, would be nearly all overlap. */
const SMALLEST_CORE = 64;
/** How much longer than `largestRun` a narrow picture may be that is painted at once. */
const LONGEST = 2;

type Model = Pick<Manifest, "size_multiple" | "overlap">;

/** The size to which a picture is padded for the transformer. */
export function paddedSize({ width, height }: Size, { size_multiple: multiple }: Model): Size {
  const smallest = FEWEST_MULTIPLES * multiple;
  return { width: roundUp(width, multiple, smallest), height: roundUp(height, multiple, smallest) };
}

/** Whether a picture of this size is painted at once. */
export function fitsOneRun({ width, height }: Size, largestRun: number): boolean {
  return width * height <= largestRun ** 2 && Math.max(width, height) <= LONGEST * largestRun;
}

/** How larger pictures are cut; throws where `largestRun` leaves too little of a tile. */
export function tilingFor(largestRun: number, model: Model): Tiling {
  const tiling = tilingWithin(largestRun, model);
  if (tiling === null) throw new RangeError(`tiles of ${largestRun} pixels are too small for an overlap of ${model.overlap} pixels`);
  return tiling;
}

/** Half of `largestRun`; null where that leaves too little of a tile. */
export function smallerRun(largestRun: number, model: Model): number | null {
  const half = Math.floor(largestRun / 2);
  return tilingWithin(half, model) === null ? null : half;
}

function tilingWithin(largestRun: number, { size_multiple: multiple, overlap: reach }: Model): Tiling | null {
  const limit = Math.floor(largestRun / multiple) * multiple;
  const overlap = roundUp(reach, multiple, 0);
  return limit - 2 * overlap < SMALLEST_CORE ? null : { limit, overlap, multiple };
}
