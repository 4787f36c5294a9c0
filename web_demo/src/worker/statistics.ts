/** The statistics with which the tiles of a picture are painted. */
import { mosaicOf, mosaicPlanes } from "../shared/mosaic";
import type { Source } from "../shared/source";
import { fitsOneRun, paddedSize, type Limits } from "./limits";
import type { Model } from "./model";

/**
 * Scale and shift of every norm for a picture of any size: its own where the network can look at all of it at once, else
 * those of a mosaic of patches in full resolution, which come close to them. (Those of the picture scaled down do not:
 * it has other edges and less noise, and the network knows nothing of scale.)
 */
export async function affineOf(model: Model, picture: Source, conditioning: Float32Array, { mosaic: largest }: Limits): Promise<Float32Array> {
  const { content: rules } = model.manifest.preprocessing;
  const padded = paddedSize(picture, rules);
  if (fitsOneRun(picture, Math.min(rules.whole_pixels, largest ** 2))) {
    return model.statistics({ ...padded, values: picture.planes({ left: 0, top: 0, ...padded }) }, conditioning);
  }
  const mosaic = mosaicOf(padded, rules, largest);
  return model.statistics({ ...mosaic, values: mosaicPlanes(picture, mosaic) }, conditioning);
}
