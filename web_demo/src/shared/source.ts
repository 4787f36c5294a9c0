/** A picture as the network reads it, one region at a time: floats of a whole large one would not fit. */
import type { Region, Size } from "./geometry";
import { toPlanes, type ValueRange } from "./planes";
import type { Pixels } from "./protocol";

export interface Source extends Size {
  /** `region` as interleaved RGB floats in the network's range; what of it lies outside is filled by reflection. */
  planes(region: Region): Float32Array;
}

/** Transparent pixels are laid on white. */
export function sourceOf(image: Pixels, range: ValueRange): Source {
  const { width, height } = image;
  return { width, height, planes: (region) => toPlanes(image, region, range) };
}
