/** The blend pad's geometry: a regular polygon and the weights of its corners at any place inside. Pure. */
import type { Point } from "./layout";

export const FEWEST_CORNERS = 2;
export const MOST_CORNERS = 8;
const RADIUS = 0.38;

/** Corners of a regular polygon in the unit square, clockwise from the top; two lie side by side. */
export function cornersOf(count: number): Point[] {
  const first = count === 2 ? -Math.PI : count === 4 ? (-3 * Math.PI) / 4 : -Math.PI / 2;
  return Array.from({ length: count }, (_, i) => {
    const angle = first + (2 * Math.PI * i) / count;
    return { x: 0.5 + RADIUS * Math.cos(angle), y: 0.5 + RADIUS * Math.sin(angle) };
  });
}

/**
 * Wachspress's coordinates of `at`, a place inside the convex polygon or on its border: weights that are not negative,
 * add up to 1, and have `at` as their mean of the corners. At a corner all of the weight is that corner's.
 */
export function cornerWeights(at: Point, corners: readonly Point[]): number[] {
  const count = corners.length;
  const corner = (i: number): Point => corners[(i + count) % count] ?? at;
  if (count < 3) return count === 2 ? [1 - along(at, corner(0), corner(1)), along(at, corner(0), corner(1))] : corners.map(() => 1);
  // Twice the triangle of `at` and each edge; rounding makes those on the border slightly negative.
  const edges = corners.map((_, i) => Math.max(0, cross(at, corner(i), corner(i + 1))));
  const raw = corners.map((_, i) =>
    edges.reduce(
      (product, edge, j) => (j === i || j === (i - 1 + count) % count ? product : product * edge),
      cross(corner(i - 1), corner(i), corner(i + 1)),
    ),
  );
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

/** The place inside the polygon that is nearest to `at`. */
export function nearestInside(at: Point, corners: readonly Point[]): Point {
  const edges = corners.map((a, i) => [a, corners[(i + 1) % corners.length] ?? a] as const);
  if (corners.length >= 3 && edges.every(([a, b]) => cross(at, a, b) >= 0)) return at;
  const candidates = edges.map(([a, b]) => {
    const t = along(at, a, b);
    return { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
  });
  const distance = (point: Point): number => Math.hypot(point.x - at.x, point.y - at.y);
  return candidates.reduce((best, point) => (distance(point) < distance(best) ? point : best), candidates[0] ?? at);
}

/** How far along the line from `a` to `b` the point next to `at` is, from 0 to 1. */
function along(at: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  return length === 0 ? 0 : Math.min(1, Math.max(0, ((at.x - a.x) * dx + (at.y - a.y) * dy) / length));
}

/** Twice the area of a triangle; positive where its corners go clockwise, with y downwards. */
function cross(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
