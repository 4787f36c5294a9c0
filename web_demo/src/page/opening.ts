/**
 * Shows the page when the shape of its first picture is known: before, that would move everything else. What its style
 * sheet shows before has its place whatever comes: the panel's first heading and what it says.
 */
import { byId } from "./dom";
import type { Store } from "./state";

/** Where pictures are slow to come, or none come at all. */
const PATIENCE_MS = 1500;

export function openWithFirstPicture(store: Store): void {
  const studio = byId("studio", HTMLElement);
  const open = (): void => studio.classList.add("open");
  store.subscribe(({ photoSize, message }) => {
    if (photoSize !== null || message !== null) open();
  });
  setTimeout(open, PATIENCE_MS);
}
