/** How far a large picture is, and the way out of it. */
import { byId } from "./dom";
import { ProgressCard } from "./progress_card";
import type { State } from "./state";
import { say } from "./strings";

/** Returns the function that shows a state. */
export function createTileProgress(onCancel: () => void): (state: State) => void {
  const card = new ProgressCard("tiles", onCancel);
  return ({ tiles }) => {
    // The size is what is left to choose. It is made after this.
    if (tiles === null) card.hide(() => byId("size", HTMLSelectElement));
    else card.show(tiles.done / tiles.total, say.tiles(tiles.done, tiles.total));
  };
}
