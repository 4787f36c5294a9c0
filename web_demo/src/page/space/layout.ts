/** Where styles lie on the map: similar ones near each other, and none on top of another. Pure. */
import { eigenPairs } from "../../shared/eigen";

/** Both coordinates from 0 to 1, from the left and from the top. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly points: readonly Point[];
  /** Side of the square that every point has for itself. */
  readonly side: number;
}

/** How much of the map thumbnails may cover; beyond about a half they jam. */
const COVERED = 0.42;
const LARGEST_SIDE = 0.17;
const ROUNDS = 400;

/**
 * The two principal components of the vectors (which is classical scaling of their distances), evened out, and pushed
 * apart until squares around them do not overlap.
 */
export function layOut(vectors: readonly Float32Array[]): Layout {
  if (vectors.length === 0) return { points: [], side: LARGEST_SIDE };
  const side = Math.min(LARGEST_SIDE, Math.sqrt(COVERED / vectors.length));
  const [xs, ys] = principalComponents(vectors).map(evenedOut);
  const room = 1 - side;
  const points = vectors.map((_, i) => {
    // Equal vectors need a direction in which to part.
    const [dx, dy] = [1e-4 * Math.cos(2.4 * i), 1e-4 * Math.sin(2.4 * i)];
    return { x: side / 2 + room * (xs?.[i] ?? 0.5) + dx, y: side / 2 + room * (ys?.[i] ?? 0.5) + dy };
  });
  return spread(points, side);
}

/** Of every vector: its coordinates along the two directions in which they differ most. */
export function principalComponents(vectors: readonly Float32Array[]): [number[], number[]] {
  const length = vectors[0]?.length ?? 0;
  const mean = Array.from({ length }, (_, k) => vectors.reduce((sum, vector) => sum + (vector[k] ?? 0), 0) / vectors.length);
  const centred = vectors.map((vector) => mean.map((value, k) => (vector[k] ?? 0) - value));
  const gram = centred.map((a) => centred.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)));
  const pairs = eigenPairs(gram);
  const component = (index: number): number[] => {
    const pair = pairs[index];
    return vectors.map((_, i) => Math.sqrt(Math.max(0, pair?.value ?? 0)) * (pair?.vector[i] ?? 0));
  };
  return [component(0), component(1)];
}

/** From 0 to 1, half way between true distances and equal ones: outliers do not press the others together. */
function evenedOut(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low < 1e-9) return values.map(() => 0.5);
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => ((value - low) / (high - low) + sorted.indexOf(value) / (values.length - 1)) / 2);
}

/** Pushes points apart, inside the map, until squares of `side` do not overlap; smaller squares where they jam. */
export function spread(start: readonly Point[], side: number): Layout {
  const points = start.map(({ x, y }) => ({ x, y }));
  for (let current = side; ; current *= 0.93) {
    for (let round = 0; round < ROUNDS; round++) {
      if (!pushed(points, current)) return { points, side: current };
    }
  }
}

/** One round of pushing, in place; false where nothing was in the way of anything. */
function pushed(points: { x: number; y: number }[], side: number): boolean {
  let any = false;
  const inside = (value: number): number => Math.min(1 - side / 2, Math.max(side / 2, value));
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) {
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const [overlapX, overlapY] = [side - Math.abs(dx), side - Math.abs(dy)];
      if (overlapX < 1e-6 || overlapY < 1e-6) continue;
      any = true;
      const axis = overlapX < overlapY ? "x" : "y";
      const push = ((axis === "x" ? Math.sign(dx) || 1 : Math.sign(dy) || 1) * (Math.min(overlapX, overlapY) + 1e-5)) / 2;
      a[axis] -= push;
      b[axis] += push;
    }
  });
  for (const point of points) {
    point.x = inside(point.x);
    point.y = inside(point.y);
  }
  return any;
}
