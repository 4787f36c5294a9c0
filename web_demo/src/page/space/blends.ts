/** What the map, the pad and the sliders have to tell each other about a blend. Pure. */
import { percentages, shownWeights } from "../../shared/blend";
import type { ActiveStyle, Item } from "../state";
import { say } from "../strings";
import type { Point } from "./layout";

/** The weighted mean of places; those that are not known do not count. The middle where none is. */
export function centreOf(points: readonly (Point | undefined)[], active: readonly ActiveStyle[]): Point {
  const placed = points.flatMap((point, i) => (point ? [{ point, weight: active[i]?.weight ?? 0 }] : []));
  if (placed.length === 0) return { x: 0.5, y: 0.5 };
  const weights = shownWeights(placed.map(({ weight }) => weight));
  return placed.reduce(
    ({ x, y }, { point }, i) => ({ x: x + (weights[i] ?? 0) * point.x, y: y + (weights[i] ?? 0) * point.y }),
    { x: 0, y: 0 },
  );
}

/** "Gilt spirals 60% and Screen print 40%": styles that count, the strongest first. */
export function describe(active: readonly ActiveStyle[], styles: readonly Item[]): string {
  const shares = percentages(active.map(({ weight }) => weight));
  const shown = active
    .map(({ id }, i) => ({ title: styles.find((style) => style.id === id)?.title ?? id, share: shares[i] ?? 0 }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .map(({ title, share }) => say.share(title, share));
  return say.list(shown);
}
