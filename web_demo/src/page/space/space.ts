/** Ways through the space of styles: puts map, pad and the rest into their places. */
import { byId } from "../dom";
import type { Library } from "../library";
import type { Painter } from "../painter";
import { setBlend, setStrength, type ActiveStyle, type Store } from "../state";
import { text } from "../strings";
import { createHistory, type HistoryControl } from "./history_control";
import { createMap } from "./map";
import { createPad } from "./pad";
import type { Settings } from "./settings";
import { Sharing, type KeepVector } from "./sharing";
import { surprise } from "./surprise";
import { createSurprise } from "./surprise_control";
import { Survey } from "./survey";
import { createViews } from "./views";

export interface Space {
  /** Samples have been fetched, or cannot be: a style in the page's address is waited with until then. */
  samplesAreThere(): void;
  openFile(file: File): Promise<void>;
  readonly history: HistoryControl;
}

export function createSpace(store: Store, painter: Painter, library: Library, settings: Settings | null, onVector: KeepVector): Space {
  const sharing = new Sharing(store, painter, library, onVector);
  let linked = location.hash !== "";
  let samples = false;
  const openLink = (): void => {
    if (!linked || !samples || store.state.phase !== "ready") return;
    linked = false;
    const id = sharing.openAddress();
    // The same page again: what was made with the style meanwhile is wanted back, not the style alone.
    if (settings !== null && isReload() && settings.active.some((style) => style.id === id)) {
      store.update((state) => setStrength(setBlend(state, settings.active), settings.strength));
    }
  };
  const blend = (active: readonly ActiveStyle[]): void => store.update((state) => setBlend(state, active));
  const map = createMap(blend);
  const pad = createPad(blend);
  const survey = new Survey((id) => painter.embed(id), () => map.update(store.state, survey.vectors));
  byId("blend-map", HTMLElement).append(map.root);
  byId("blend-pad", HTMLElement).append(pad.root);
  const walk = (seed: number): void => blend(surprise(seed, store.state.styles.map(({ id }) => id)));
  byId("surprise-place", HTMLElement).append(createSurprise(walk));
  const history = createHistory(byId("history", HTMLElement), store);
  createViews(
    byId("blend-views", HTMLElement),
    "blend-view",
    [
      { value: "sliders", label: text.viewSliders, root: byId("blend", HTMLElement) },
      { value: "pad", label: text.viewPad, root: byId("blend-pad", HTMLElement) },
      { value: "map", label: text.viewMap, root: byId("blend-map", HTMLElement) },
    ],
    (value) => {
      if (value === "map") survey.hurry();
    },
  );
  store.subscribe((state) => {
    survey.update(state);
    map.update(state, survey.vectors);
    pad.update(state);
    // Not while the others are still being told of this state: the painter would take the older wish for the newer one.
    if (linked) queueMicrotask(openLink);
  });
  return {
    samplesAreThere() {
      samples = true;
      openLink();
    },
    openFile: (file) => sharing.openFile(file),
    history,
  };
}

function isReload(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation instanceof PerformanceNavigationTiming && navigation.type === "reload";
}
