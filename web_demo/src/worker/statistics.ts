/** The statistics with which the tiles of a picture are painted. */
import { mosaicOf, mosaicPlanes } from "../shared/mosaic";
import { toPlanes } from "../shared/planes";
import type { Pixels } from "../shared/protocol";
import { fitsOneRun, paddedSize } from "./limits";
import type { Model } from "./model";

/**
 * Scale and shift of every norm for a picture of any size: its own where the network can look at all of it at once, else
 * those of a mosaic of patches in full resolution, which come close to them. (Those of the picture scaled down do not:
 * it has other edges and less noise, and the network knows nothing of scale.)
 *
 * @param side What one run may take: pictures of that side squared.
 */
export async function affineOf(model: Model, content: Pixels, conditioning: Float32Array, side: number): Promise<Float32Array> {
  const { manifest } = model;
  const padded = paddedSize(content, manifest);
  if (fitsOneRun(content, side)) {
    const values = toPlanes(content, { left: 0, top: 0, ...padded }, manifest.value_range);
    return model.statistics({ ...padded, values }, conditioning);
  }
  const mosaic = mosaicOf(padded, manifest.size_multiple, side);
  return model.statistics({ ...mosaic, values: mosaicPlanes(content, mosaic, manifest.value_range) }, conditioning);
}
