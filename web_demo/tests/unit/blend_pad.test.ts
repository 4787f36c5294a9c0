import { describe, expect, it } from "vitest";
import type { Point } from "../../src/page/space/layout";
import { cornersOf, cornerWeights, nearestInside } from "../../src/page/space/polygon";
import { mulberry32, nextSeed, parseSeed, surprise } from "../../src/page/space/surprise";

const COUNTS = [2, 3, 4, 5, 6, 7, 8];

describe.each(COUNTS)("a pad with %i corners", (count) => {
  const corners = cornersOf(count);
  const mean = (weights: readonly number[]): Point => ({
    x: weights.reduce((sum, weight, i) => sum + weight * (corners[i]?.x ?? 0), 0),
    y: weights.reduce((sum, weight, i) => sum + weight * (corners[i]?.y ?? 0), 0),
  });

  it("gives a corner to its style alone", () => {
    corners.forEach((corner, i) => {
      cornerWeights(corner, corners).forEach((weight, j) => expect(weight).toBeCloseTo(i === j ? 1 : 0, 9));
    });
  });
  it("shares equally in the centre", () => {
    for (const weight of cornerWeights({ x: 0.5, y: 0.5 }, corners)) expect(weight).toBeCloseTo(1 / count, 9);
  });
  it("adds up to 1 everywhere, with the place as the mean of the corners", () => {
    for (let x = 0; x <= 1; x += 0.125) {
      for (let y = 0; y <= 1; y += 0.125) {
        const at = nearestInside({ x, y }, corners);
        const weights = cornerWeights(at, corners);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(Math.hypot(mean(weights).x - at.x, mean(weights).y - at.y)).toBeLessThan(1e-6);
      }
    }
  });
  it("leaves places inside where they are", () => {
    const inside = mean(corners.map((_, i) => (i + 1) / ((count * (count + 1)) / 2)));
    const nearest = nearestInside(inside, corners);
    expect(Math.hypot(nearest.x - inside.x, nearest.y - inside.y)).toBeLessThan(1e-12);
  });
});

describe("surprise", () => {
  const ids = Array.from({ length: 12 }, (_, i) => `style-${i}`);
  it("is the same for the same seed, and another for another", () => {
    expect(surprise(42, ids)).toEqual(surprise(42, ids));
    expect(surprise(42, ids)).not.toEqual(surprise(43, ids));
  });
  it("is two to four different styles whose weights add up to 1", () => {
    const counts = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const blend = surprise(seed, ids);
      counts.add(blend.length);
      expect(new Set(blend.map(({ id }) => id)).size).toBe(blend.length);
      expect(blend.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...blend.map(({ weight }) => weight))).toBeGreaterThan(0);
    }
    expect([...counts].sort()).toEqual([2, 3, 4]);
  });
  it("makes do with few styles", () => {
    expect(surprise(7, ["only"])).toEqual([{ id: "only", weight: 1 }]);
    expect(surprise(7, [])).toEqual([]);
  });
  it("walks from a seed to the next without going in a small circle", () => {
    const seen = new Set<number>();
    for (let seed = 1, step = 0; step < 100; step++, seed = nextSeed(seed)) seen.add(seed);
    expect(seen.size).toBe(100);
    expect(Math.max(...seen)).toBeLessThan(1_000_000);
  });
  it("draws evenly", () => {
    const random = mulberry32(1);
    const numbers = Array.from({ length: 4000 }, random);
    expect(numbers.reduce((sum, value) => sum + value, 0) / 4000).toBeCloseTo(0.5, 1);
    expect(numbers.every((value) => value >= 0 && value < 1)).toBe(true);
  });
  it("reads seeds as they are typed", () => {
    expect([" 123 ", "0", "999999"].map(parseSeed)).toEqual([123, 0, 999999]);
    expect(["", "-1", "1.5", "1234567", "abc"].map(parseSeed)).toEqual([null, null, null, null, null]);
  });
});
