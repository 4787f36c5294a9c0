/** The blend pad: the chosen styles at the corners of a polygon, and a marker between them. */
import { make, write } from "../dom";
import type { ActiveStyle, State } from "../state";
import { text } from "../strings";
import { centreOf, describe } from "./blends";
import type { Point } from "./layout";
import { createPlane } from "./plane";
import { cornersOf, cornerWeights, FEWEST_CORNERS, MOST_CORNERS, nearestInside } from "./polygon";
import { svg } from "./svg";

export interface Pad {
  readonly root: HTMLElement;
  update(state: State): void;
}

export function createPad(onBlend: (active: readonly ActiveStyle[]) => void): Pad {
  const thumbs = make("div");
  thumbs.setAttribute("aria-hidden", "true");
  const outline = svg("polygon", {});
  const hint = make("p", { className: "hint" });
  const meaning = make("p", { className: "hint space-meaning" });

  let ids: readonly string[] = [];
  let corners: readonly Point[] = [];
  const plane = createPlane(
    {
      id: "blend-plane",
      label: text.pad,
      across: text.planeAcross,
      up: text.planeUp,
      allowed: (at) => nearestInside(at, corners),
      onMove: (at) => {
        const weights = cornerWeights(at, corners);
        onBlend(ids.map((id, i) => ({ id, weight: weights[i] ?? 0 })));
      },
    },
    [svg("svg", { viewBox: "0 0 1 1", class: "pad-outline", "aria-hidden": "true" }, [outline]), thumbs],
  );
  const root = make("div", { className: "space-view" }, [hint, plane.root, meaning]);

  const arrange = ({ active, styles }: State): void => {
    if (active.length === ids.length && active.every(({ id }, i) => id === ids[i])) return;
    ids = active.map(({ id }) => id);
    corners = cornersOf(ids.length);
    outline.setAttribute("points", corners.map(({ x, y }) => `${x},${y}`).join(" "));
    thumbs.replaceChildren(
      ...ids.map((id, i) => {
        const src = styles.find((style) => style.id === id)?.thumb ?? "";
        const thumb = make("img", { src, alt: "", draggable: false, className: "map-thumb" });
        thumb.style.setProperty("--x", String(corners[i]?.x));
        thumb.style.setProperty("--y", String(corners[i]?.y));
        return thumb;
      }),
    );
  };

  return {
    root,
    update(state) {
      const { active, styles } = state;
      const possible = active.length >= FEWEST_CORNERS && active.length <= MOST_CORNERS;
      write(hint, possible ? text.padHint : text.padLimits);
      plane.root.hidden = meaning.hidden = !possible;
      if (!possible) return;
      arrange(state);
      const sentence = describe(active, styles);
      write(meaning, sentence);
      plane.set(centreOf(corners, active), sentence);
    },
  };
}
