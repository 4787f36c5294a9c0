/** The statistics with which the tiles of a large picture are painted. */
import { fitArea } from "../shared/geometry";
import { shrink } from "../shared/shrink";
import { toPlanes } from "../shared/planes";
import type { Pixels } from "../shared/protocol";
import { paddedSize } from "./limits";
import type { Model } from "./model";

/**
 * Scale and shift of every norm for a picture of any size: those of the picture scaled down to at most `side`
 * squared pixels.
 */
export async function affineOf(model: Model, content: Pixels, conditioning: Float32Array, side: number): Promise<Float32Array> {
  const size = fitArea(content, side ** 2);
  const small = size.width === content.width && size.height === content.height ? content : shrink(content, size);
  const region = { left: 0, top: 0, ...paddedSize(small, model.manifest) };
  const planes = { ...region, values: toPlanes(small, region, model.manifest.value_range) };
  return model.statistics(planes, conditioning);
}
