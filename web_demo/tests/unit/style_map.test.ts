import { describe, expect, it } from "vitest";
import { centreOf, describe as describeBlend } from "../../src/page/space/blends";
import { eigenPairs } from "../../src/shared/eigen";
import { layOut, principalComponents, spread, type Layout } from "../../src/page/space/layout";
import { nearestShares } from "../../src/page/space/nearest";

/** Numbers that look random and are the same every time. */
function noise(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 43758.5453) % 1);
}

describe("eigenPairs", () => {
  it("solves a matrix with known answers", () => {
    const [first, second, third] = eigenPairs([[2, 1, 0], [1, 2, 0], [0, 0, -5]]);
    expect([first?.value, second?.value, third?.value].map((value) => value?.toFixed(9))).toEqual(["3.000000000", "1.000000000", "-5.000000000"]);
    expect(first?.vector.map((value) => value.toFixed(6))).toEqual(["0.707107", "0.707107", "0.000000"]);
  });
  it("finds vectors that the matrix only stretches", () => {
    const size = 24;
    const random = noise(size * size, 1);
    const matrix = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (random[i * size + j] ?? 0) + (random[j * size + i] ?? 0)));
    for (const { value, vector } of eigenPairs(matrix)) {
      matrix.forEach((row, i) => {
        expect(row.reduce((sum, entry, j) => sum + entry * (vector[j] ?? 0), 0)).toBeCloseTo(value * (vector[i] ?? 0), 8);
      });
      expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
    }
  });
});

describe("principalComponents", () => {
  it("keep the distances of vectors that lie in a plane", () => {
    const flat = [[0, 0], [3, 0], [0, 4], [3, 4]].map(([a = 0, b = 0]) => Float32Array.of(a, 7, b, -b, 0));
    const [xs, ys] = principalComponents(flat);
    const apart = (i: number, j: number): number => Math.hypot((xs[i] ?? 0) - (xs[j] ?? 0), (ys[i] ?? 0) - (ys[j] ?? 0));
    expect(apart(0, 1)).toBeCloseTo(3, 5);
    expect(apart(0, 2)).toBeCloseTo(4 * Math.SQRT2, 5);
    expect(apart(1, 2)).toBeCloseTo(Math.sqrt(9 + 32), 5);
  });
});

function expectApart({ points, side }: Layout): void {
  points.forEach((a, i) => {
    expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(side / 2 - 1e-9);
    expect(Math.max(a.x, a.y)).toBeLessThanOrEqual(1 - side / 2 + 1e-9);
    for (const b of points.slice(i + 1)) {
      expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThan(side - 1e-5);
    }
  });
}

describe("layOut", () => {
  it.each([1, 2, 3, 5, 12, 26, 60])("keeps %i styles apart and on the map", (count) => {
    const layout = layOut(Array.from({ length: count }, (_, i) => Float32Array.from(noise(100, i + 1))));
    expect(layout.points).toHaveLength(count);
    expectApart(layout);
    expect(layout.side).toBeGreaterThan(0.05);
  });
  it("parts equal vectors", () => {
    expectApart(layOut(Array.from({ length: 9 }, () => Float32Array.of(1, 2, 3))));
  });
  it("puts similar styles near each other, and the same ones always at the same places", () => {
    const vectors = [0, 0.1, 0.2, 5, 5.1, 5.2].map((value) => Float32Array.of(value, -value, 0.3 * (value % 1)));
    const { points } = layOut(vectors);
    const [a, b, , far] = points;
    expect(Math.abs((a?.x ?? 0) - (b?.x ?? 0))).toBeLessThan(Math.abs((a?.x ?? 0) - (far?.x ?? 0)));
    expect(layOut(vectors)).toEqual(layOut(vectors));
  });
  it("shrinks squares that cannot all fit", () => {
    const layout = spread(Array.from({ length: 30 }, (_, i) => ({ x: 0.5 + i / 1e4, y: 0.5 })), 0.3);
    expect(layout.side).toBeLessThan(0.2);
    expectApart(layout);
  });
});

describe("nearestShares", () => {
  const points = [{ x: 0.1, y: 0.1 }, { x: 0.9, y: 0.1 }, { x: 0.1, y: 0.9 }, { x: 0.9, y: 0.9 }, { x: 0.5, y: 0.6 }, { x: 0.4, y: 0.2 }];
  const sum = (shares: readonly { weight: number }[]): number => shares.reduce((total, { weight }) => total + weight, 0);
  it("adds up to 1 with at most four styles, the nearest first", () => {
    for (const [x = 0, y = 0] of [[0, 0], [0.3, 0.7], [0.5, 0.5], [1, 0.2]]) {
      const shares = nearestShares({ x, y }, points);
      expect(sum(shares)).toBeCloseTo(1, 12);
      expect(shares.length).toBeLessThanOrEqual(4);
      expect([...shares].sort((a, b) => b.weight - a.weight)).toEqual(shares);
    }
  });
  it("is a style alone at its own place", () => {
    expect(nearestShares({ x: 0.9, y: 0.1 }, points)).toEqual([{ index: 1, weight: 1 }]);
  });
  it("does not jump while the marker moves", () => {
    const all = (x: number): number[] => {
      const shares = nearestShares({ x, y: 0.45 }, points);
      return points.map((_, index) => shares.find((share) => share.index === index)?.weight ?? 0);
    };
    for (let x = 0; x < 1; x += 0.002) {
      all(x).forEach((weight, i) => expect(Math.abs(weight - (all(x + 0.002)[i] ?? 0))).toBeLessThan(0.06));
    }
  });
  it("shares equally where all are equally far", () => {
    const ring = Array.from({ length: 6 }, (_, i) => ({ x: Math.cos((i * Math.PI) / 3), y: Math.sin((i * Math.PI) / 3) }));
    expect(sum(nearestShares({ x: 0, y: 0 }, ring))).toBeCloseTo(1, 12);
    expect(nearestShares({ x: 0, y: 0 }, [])).toEqual([]);
    expect(nearestShares({ x: 0, y: 0 }, ring.slice(0, 1))).toEqual([{ index: 0, weight: 1 }]);
  });
});

describe("blends", () => {
  const styles = ["a", "b", "c"].map((id) => ({ id, title: id.toUpperCase(), thumb: "", credit: null }));
  const active = [{ id: "a", weight: 0.1 }, { id: "b", weight: 0.3 }, { id: "c", weight: 0 }];
  it("are told with the strongest first", () => {
    expect(describeBlend(active, styles)).toBe("B 75% and A 25%");
  });
  it("lie between their styles", () => {
    expect(centreOf([{ x: 0, y: 0 }, { x: 1, y: 0.4 }, { x: 0, y: 1 }], active)).toEqual({ x: expect.closeTo(0.75, 9) as number, y: expect.closeTo(0.3, 9) as number });
    expect(centreOf([undefined, { x: 1, y: 1 }], active)).toEqual({ x: 1, y: 1 });
    expect(centreOf([undefined], active.slice(0, 1))).toEqual({ x: 0.5, y: 0.5 });
  });
});
