import { describe, expect, it } from "vitest";
import { shrink } from "../../src/shared/shrink";
import type { Pixels } from "../../src/shared/protocol";

const gray = (width: number, height: number, values: readonly number[]): Pixels => ({
  width,
  height,
  data: Uint8ClampedArray.from(values.flatMap((v) => [v, v, v, 255])),
});
const reds = ({ data }: Pixels): number[] => [...data].filter((_, i) => i % 4 === 0);

describe("shrink", () => {
  it("takes means of whole blocks", () => {
    const image = gray(4, 2, [0, 10, 100, 200, 20, 30, 100, 0]);
    const small = shrink(image, { width: 2, height: 1 });
    expect(small).toEqual(gray(2, 1, [15, 100]));
  });
  it("counts pixels on a border by the part that is inside", () => {
    // Of three pixels on two, the middle one belongs to both by half: (1 * 90 + 0.5 * 30) / 1.5 and (0.5 * 30 + 1 * 0) / 1.5.
    expect(reds(shrink(gray(3, 1, [90, 30, 0]), { width: 2, height: 1 }))).toEqual([70, 10]);
    expect(reds(shrink(gray(1, 3, [90, 30, 0]), { width: 1, height: 2 }))).toEqual([70, 10]);
  });
  it("gives the same picture at the same size", () => {
    const image = gray(5, 3, Array.from({ length: 15 }, (_, i) => 17 * i));
    expect(shrink(image, image)).toEqual(image);
  });
  it("keeps the mean at any ratio", () => {
    const values = Array.from({ length: 37 * 23 }, (_, i) => (i * 101) % 256);
    const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    for (const size of [{ width: 36, height: 22 }, { width: 11, height: 7 }, { width: 1, height: 1 }, { width: 37, height: 1 }]) {
      expect(Math.abs(mean(reds(shrink(gray(37, 23, values), size))) - mean(values))).toBeLessThan(0.6);
    }
  });
  it("lays transparency on white", () => {
    const image = { width: 2, height: 1, data: Uint8ClampedArray.of(0, 0, 0, 0, 55, 55, 55, 255) };
    expect([...shrink(image, { width: 1, height: 1 }).data]).toEqual([155, 155, 155, 255]);
  });
  it("does not enlarge", () => {
    expect(() => shrink(gray(1, 1, [0]), { width: 2, height: 1 })).toThrow("1x1 cannot be scaled down to 2x1");
  });
});
