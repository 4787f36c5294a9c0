/** Weights of the styles around a place on the map. Pure. */
import type { Point } from "./layout";

/** How many styles blend at one place. */
export const NEAREST = 4;
/** A hundredth of a percent is not worth a slider. */
const LEAST = 0.005;

export interface Share {
  readonly index: number;
  readonly weight: number;
}

/**
 * Inverse squared distances to the nearest `count` points, added up to 1; nearest first. A weight fades to zero as its
 * point becomes the one that is no longer among the nearest (Franke and Little's form of Shepard's weights), so that the
 * picture does not jump while the marker moves.
 */
export function nearestShares(at: Point, points: readonly Point[], count = NEAREST): Share[] {
  const sorted = points
    .map(({ x, y }, index) => ({ index, distance: Math.hypot(x - at.x, y - at.y) }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index);
  const reach = sorted[count]?.distance ?? Infinity;
  const near = sorted.slice(0, count);
  const [first] = near;
  if (first === undefined) return [];
  if (first.distance < 1e-6) return [{ index: first.index, weight: 1 }];
  const weighed = near.map(({ index, distance }) => ({ index, weight: (1 / distance - 1 / reach) ** 2 }));
  const kept = normalised(weighed).filter(({ weight }) => weight >= LEAST);
  return normalised(kept);
}

function normalised(shares: readonly Share[]): Share[] {
  const sum = shares.reduce((total, { weight }) => total + weight, 0);
  // All of them as far away as the next: none is nearer than another.
  return shares.map(({ index, weight }) => ({ index, weight: sum > 0 ? weight / sum : 1 / shares.length }));
}
