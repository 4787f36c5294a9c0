/** The map of styles: thumbnails laid out by similarity, and a marker that paints with those around it. */
import { percentages } from "../../shared/blend";
import { make, write } from "../dom";
import type { ActiveStyle, Item, State } from "../state";
import { say, text } from "../strings";
import { centreOf, describe } from "./blends";
import { layOut, type Layout, type Point } from "./layout";
import { nearestShares } from "./nearest";
import { createPlane } from "./plane";
import { svg } from "./svg";

export interface StyleMap {
  readonly root: HTMLElement;
  update(state: State, vectors: ReadonlyMap<string, Float32Array>): void;
}

export function createMap(onBlend: (active: readonly ActiveStyle[]) => void): StyleMap {
  const thumbs = make("div", { className: "map-thumbs" });
  thumbs.setAttribute("aria-hidden", "true");
  const rays = svg("svg", { viewBox: "0 0 1 1", class: "map-rays", "aria-hidden": "true" });
  const meaning = make("p", { className: "hint space-meaning" });
  const waiting = make("p", { className: "hint" });

  let shown: readonly Item[] = [];
  let layout: Layout = { points: [], side: 0 };
  /** What the rays were drawn of. */
  let rayed = "";
  /** What the marker made, and where it was: the blend alone does not tell the place. */
  let made: { readonly key: string; readonly at: Point } | null = null;

  const plane = createPlane(
    {
      id: "style-map",
      label: text.map,
      across: text.planeAcross,
      up: text.planeUp,
      onMove: (at) => {
        const active = nearestShares(at, layout.points).map(({ index, weight }) => ({ id: shown[index]?.id ?? "", weight }));
        made = { key: JSON.stringify(active), at };
        onBlend(active);
      },
    },
    [thumbs, rays],
  );
  const root = make("div", { className: "space-view" }, [
    make("p", { className: "hint", textContent: text.mapHint }),
    waiting,
    plane.root,
    meaning,
  ]);

  const arrange = (items: readonly Item[], vectors: ReadonlyMap<string, Float32Array>): void => {
    if (items.length === shown.length && items.every(({ id }, i) => id === shown[i]?.id)) return;
    shown = items;
    layout = layOut(items.flatMap(({ id }) => vectors.get(id) ?? []));
    plane.root.style.setProperty("--thumb", String(0.94 * layout.side));
    thumbs.replaceChildren(
      ...items.map((item, i) => {
        const thumb = make("img", { src: item.thumb, alt: "", draggable: false, className: "map-thumb" });
        thumb.style.setProperty("--x", String(layout.points[i]?.x));
        thumb.style.setProperty("--y", String(layout.points[i]?.y));
        return thumb;
      }),
    );
  };

  return {
    root,
    update({ styles, active }, vectors) {
      const known = styles.filter(({ id }) => vectors.has(id));
      // One new painting waits for its vector while the others stay where they are; a map of a few of many says little.
      const enough = known.length >= Math.min(styles.length, 3) && known.length >= 0.8 * styles.length;
      plane.root.hidden = meaning.hidden = !enough;
      waiting.hidden = known.length === styles.length;
      write(waiting, say.comparing(known.length, styles.length));
      if (!enough) return;
      arrange(known, vectors);

      const points = active.map(({ id }) => layout.points[shown.findIndex((item) => item.id === id)]);
      const at = made?.key === JSON.stringify(active) ? made.at : centreOf(points, active);
      const shares = percentages(active.map(({ weight }) => weight));
      const sentence = describe(active, styles);
      write(meaning, sentence);
      plane.set(at, sentence);
      const drawn = points.flatMap((to, i) => (to && (active[i]?.weight ?? 0) > 0 ? [{ to, share: shares[i] ?? 0 }] : []));
      const next = JSON.stringify([at, drawn]);
      if (next !== rayed) rays.replaceChildren(...drawn.flatMap(({ to, share }) => ray(at, to, share)));
      rayed = next;
      const chosen = new Set(active.flatMap(({ id, weight }) => (weight > 0 ? [id] : [])));
      [...thumbs.children].forEach((thumb, i) => thumb.classList.toggle("near", chosen.has(shown[i]?.id ?? "")));
    },
  };
}

/** A line on a darker, wider one: seen on any picture. */
function ray(from: Point, to: Point, percent: number): SVGElement[] {
  const width = 0.004 + 0.00016 * percent;
  const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
  return [width + 0.006, width].map((stroke) => svg("line", { ...ends, "stroke-width": stroke }));
}
