/** Ways through the space of styles: puts map, pad and the rest into their places. */
import { byId } from "../dom";
import type { Painter } from "../painter";
import { setBlend, type Store } from "../state";
import { text } from "../strings";
import { createMap } from "./map";
import { Survey } from "./survey";
import { createViews } from "./views";

export function createSpace(store: Store, painter: Painter): void {
  const map = createMap((active) => store.update((state) => setBlend(state, active)));
  const survey = new Survey((id) => painter.embed(id), () => map.update(store.state, survey.vectors));
  byId("blend-map", HTMLElement).append(map.root);
  createViews(
    byId("blend-views", HTMLElement),
    "blend-view",
    [
      { value: "sliders", label: text.viewSliders, root: byId("blend", HTMLElement) },
      { value: "map", label: text.viewMap, root: byId("blend-map", HTMLElement) },
    ],
    (value) => {
      if (value === "map") survey.hurry();
    },
  );
  store.subscribe((state) => {
    survey.update(state);
    map.update(state, survey.vectors);
  });
}
