/** Measures the backends once, while the page rests, and keeps the fastest for this visit and those to come. */
import { Superseded } from "../engine/superseded";
import { measureBackends } from "../engine/measure";
import { isBackendChoice, type BackendName } from "../shared/protocol";
import { contenders, fastest, recall, type Remembered } from "./fastest";
import type { Painter } from "./painter";
import type { State, Store } from "./state";

const KEY = "impasto.backend";
/** Nothing may have been computed for that long. */
const REST_MS = 4000;
/** A visitor who is busy all the time is not disturbed for ever. */
const ATTEMPTS = 4;

/** What to begin with: the backend that was the fastest here before. */
export function rememberedBackend(): BackendName | null {
  return remembered()?.backend ?? null;
}

/** @param asked Backends to time by name ("webgl,wasm") at once, software renderers too, whatever is remembered; null for those that count. */
export function measureWhenIdle(store: Store, painter: Painter, modelUrl: string, asked: string | null): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | null = null;
  let left = ATTEMPTS;

  const backendsFor = ({ model, choice }: State): BackendName[] => {
    if (model === null) return [];
    if (asked !== null) return asked.split(",").filter((name): name is BackendName => isBackendChoice(name) && name !== "auto");
    const known = remembered()?.version === model.version;
    return choice === "auto" && !known && !savesData() ? contenders(model) : [];
  };

  const measure = async (backends: readonly BackendName[], version: string): Promise<void> => {
    left--;
    const controller = (running = new AbortController());
    try {
      const timings = await measureBackends(modelUrl, backends, controller.signal, asked !== null);
      left = 0;
      const backend = fastest(timings);
      if (backend === null) return;
      keep({ agent: navigator.userAgent, version, backend, timings });
      await painter.prefer(backend);
    } catch (error) {
      if (!(error instanceof Superseded)) left = 0;
    } finally {
      running = null;
    }
  };

  const look = (): void => {
    const { state } = store;
    const backends = backendsFor(state);
    if (backends.length < (asked === null ? 2 : 1) || state.model === null) return;
    if (asked === null && (painter.restedMs() < REST_MS || document.hidden)) timer = setTimeout(look, REST_MS);
    else void measure(backends, state.model.version);
  };

  store.subscribe(({ phase, painted, painting }) => {
    running?.abort();
    clearTimeout(timer);
    if (left > 0 && phase === "ready" && painted !== null && !painting) timer = setTimeout(look, REST_MS);
  });
}

function remembered(): Remembered | null {
  try {
    return recall(localStorage.getItem(KEY), navigator.userAgent);
  } catch {
    // Some browsers keep nothing for pages that are opened privately.
    return null;
  }
}

function keep(found: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(found));
  } catch {
    // Measured again on the next visit.
  }
}

/** The other backends are programs that would have to be fetched. */
function savesData(): boolean {
  return (navigator as { connection?: { readonly saveData?: boolean } }).connection?.saveData === true;
}
