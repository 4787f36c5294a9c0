/** Fetches the larger painter once the first picture is there, where it is worth it, and finds out how quick it is. */
import { Superseded } from "../../engine/superseded";
import type { Painter } from "../painter";
import { setFine, type Store } from "../state";
import { FINE, isWorthFetching, isWorthTimingAgain, type Fine } from "./choosing";

/** Where a machine was busy when it was timed, and seems not to be any more. */
const MOST_TIMINGS = 3;

/** Returns the function that tries again where fetching failed. */
export function fetchFineWhenWorth(store: Store, painter: Painter): () => void {
  let timingsLeft = MOST_TIMINGS;
  let timing = false;

  /** Resolves with the time of a pixel, the shortest so far. */
  const load = async (update: (change: Partial<Fine>) => void): Promise<void> => {
    const { ms, pixels } = await painter.loadPainter(FINE, { onProgress: (done, total) => update({ progress: { done, total } }) });
    const before = store.state.fine.msPerPixel ?? Infinity;
    update({ status: "ready", progress: null, msPerPixel: Math.min(before, ms / pixels) });
  };

  /** Changes what is known of the painter, as long as the worker is the same: a new one has its painters fetched anew. */
  const updating = (status: Fine["status"]): ((change: Partial<Fine>) => void) => {
    const { model } = store.state;
    return (change) => store.update((state) => (state.model === model && state.fine.status === status ? setFine(state, change) : state));
  };

  const fetchIt = async (): Promise<void> => {
    store.update((state) => setFine(state, { status: "fetching", progress: null }));
    const update = updating("fetching");
    try {
      await load(update);
    } catch (error) {
      update({ status: error instanceof Superseded ? "waiting" : "failed", progress: null });
    }
  };

  store.subscribe((state) => {
    if (state.phase !== "ready" || state.painted === null || state.painting) return;
    if (isWorthFetching(state, painter.msPerPixel, savesData())) void fetchIt();
    else if (timingsLeft > 0 && !timing && isWorthTimingAgain(state, painter.msPerPixel)) {
      timingsLeft--;
      timing = true;
      // What was known before stays where this fails.
      load(updating("ready")).catch(() => undefined).finally(() => (timing = false));
    }
  });
  return () => void fetchIt();
}

function savesData(): boolean {
  return (navigator as { connection?: { readonly saveData?: boolean } }).connection?.saveData === true;
}
