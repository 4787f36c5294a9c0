/** Ways through the space of styles: puts map, pad and the rest into their places. */
import { byId } from "../dom";
import type { Painter } from "../painter";
import { setBlend, type ActiveStyle, type Store } from "../state";
import { text } from "../strings";
import { createHistory } from "./history_control";
import { createMap } from "./map";
import { createPad } from "./pad";
import { surprise } from "./surprise";
import { createSurprise } from "./surprise_control";
import { Survey } from "./survey";
import { createViews } from "./views";

export function createSpace(store: Store, painter: Painter): void {
  const blend = (active: readonly ActiveStyle[]): void => store.update((state) => setBlend(state, active));
  const map = createMap(blend);
  const pad = createPad(blend);
  const survey = new Survey((id) => painter.embed(id), () => map.update(store.state, survey.vectors));
  byId("blend-map", HTMLElement).append(map.root);
  byId("blend-pad", HTMLElement).append(pad.root);
  const walk = (seed: number): void => blend(surprise(seed, store.state.styles.map(({ id }) => id)));
  byId("surprise-place", HTMLElement).append(createSurprise(walk));
  createHistory(byId("history", HTMLElement), store);
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
  });
}
