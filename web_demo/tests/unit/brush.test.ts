import { describe, expect, it } from "vitest";
import { falloff, strokeInto, type Place } from "../../src/shared/brush";
import { blankMask } from "../../src/shared/masks";

/** What a cell gets by its distance to the line, worked out for each on its own. */
function expected(x: number, y: number, from: Place, to: Place, radius: number, feather: number): number {
  const [ax, ay, bx, by] = [from.x * 512 - 0.5, from.y * 256 - 0.5, to.x * 512 - 0.5, to.y * 256 - 0.5];
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return 255 * falloff(Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)) / (radius * 512), feather);
}

describe("strokeInto", () => {
  it.each([
    [{ x: 0.3, y: 0.4 }, { x: 0.6, y: 0.7 }, 0.1, 0.5],
    [{ x: 0.7, y: 0.2 }, { x: 0.2, y: 0.3 }, 0.5, 1],
    [{ x: 0.5, y: 0.5 }, { x: 0.5, y: 0.5 }, 0.3, 0.4],
    [{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }, 0.06, 0.3],
    [{ x: 0.5, y: -0.2 }, { x: 0.5, y: 1.2 }, 0.06, 0],
  ])("from %j to %j with radius %d and feather %d gives every cell what its distance says", (from, to, radius, feather) => {
    const [mine, other] = [blankMask({ width: 512, height: 256 }), blankMask({ width: 512, height: 256 })];
    other.coverage.fill(200);
    strokeInto([mine, other], 0, from, to, { radius, feather, erase: false });
    let [furthest, hardEdge, wrong] = [0, 0, 0];
    mine.coverage.forEach((value, cell) => {
      const apart = Math.abs(value - expected(cell % 512, Math.floor(cell / 512), from, to, radius, feather));
      // Without a soft rim a cell just on it may fall to either side.
      if (feather === 0 && apart > 1) hardEdge++;
      else furthest = Math.max(furthest, apart);
      if (other.coverage[cell] !== Math.min(200, 255 - value)) wrong++;
    });
    // Half a level for rounding, and what a step of the rim's table is.
    expect(furthest).toBeLessThan(1);
    expect([hardEdge, wrong]).toEqual([0, 0]);
  });
});
