/** How far a large picture is, and the way out of it. */
import { byId } from "./dom";
import type { State } from "./state";
import { say } from "./strings";

/** Returns the function that shows a state. */
export function createTileProgress(onCancel: () => void): (state: State) => void {
  const card = byId("tiles", HTMLElement);
  const bar = byId("tiles-bar", HTMLProgressElement);
  const label = byId("tiles-text", HTMLElement);
  const cancel = byId("cancel", HTMLButtonElement);
  cancel.addEventListener("click", onCancel);
  return ({ tiles }) => {
    // A hidden button loses the focus to the page's start; the size is what is left to choose.
    if (tiles === null && document.activeElement === cancel) byId("size", HTMLSelectElement).focus();
    card.hidden = tiles === null;
    if (tiles === null) return;
    bar.value = tiles.done / tiles.total;
    label.textContent = say.tiles(tiles.done, tiles.total);
  };
}
