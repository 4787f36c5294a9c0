/** Fetches the larger painter once the first picture is there, and where it is worth it. */
import { Superseded } from "../../engine/superseded";
import type { Painter } from "../painter";
import { setFine, type Store } from "../state";
import { FINE, isWorthFetching } from "./choosing";

/** Returns the function that tries again where it failed. */
export function fetchFineWhenWorth(store: Store, painter: Painter): () => void {
  const fetchIt = async (): Promise<void> => {
    const { model } = store.state;
    // A backend that was replaced meanwhile has its painters fetched anew.
    const update = (change: Parameters<typeof setFine>[1]): void => {
      store.update((state) => (state.model === model && state.fine.status === "fetching" ? setFine(state, change) : state));
    };
    store.update((state) => setFine(state, { status: "fetching", progress: null }));
    try {
      const { ms, pixels } = await painter.loadPainter(FINE, { onProgress: (done, total) => update({ progress: { done, total } }) });
      update({ status: "ready", progress: null, msPerPixel: ms / pixels });
    } catch (error) {
      update({ status: error instanceof Superseded ? "waiting" : "failed", progress: null });
    }
  };
  store.subscribe((state) => {
    const rests = state.phase === "ready" && state.painted !== null && !state.painting;
    if (rests && isWorthFetching(state, painter.msPerPixel, savesData())) void fetchIt();
  });
  return () => void fetchIt();
}

function savesData(): boolean {
  return (navigator as { connection?: { readonly saveData?: boolean } }).connection?.saveData === true;
}
