import { describe, expect, it } from "vitest";
import { NoiseFilter, type Planes } from "../../src/worker/noise";

const [width, height] = [48, 40];

/** Numbers like those of a normal distribution (four uniform ones together), always the same. */
function normal(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Math.sqrt(3) * (uniform() + uniform() + uniform() + uniform() - 2);
}

/** A soft gradient with a bright square whose left side is at `left`, and noise of that size. */
function frame(left: number, sigma: number, seed: number): Planes {
  const noise = normal(seed);
  const values = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const inside = x >= left && x < left + 12 && y >= 14 && y < 26;
    return (inside ? 0.9 : 0.2 + 0.3 * (x / width)) + sigma * noise();
  });
  return { width, height, values };
}

const apart = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? NaN)), 0) / a.length;

describe("NoiseFilter", () => {
  it("leaves less than half of what a camera that stands still adds, and of its jumps", () => {
    const filter = new NoiseFilter();
    const cleaned = Array.from({ length: 12 }, (_, i) => filter.clean(frame(10, 0.02, i + 1), 1));
    const clean = frame(10, 0, 0).values;
    const [before = clean, last = clean] = cleaned.slice(-2);
    expect(apart(last, clean)).toBeLessThan(0.5 * apart(frame(10, 0.02, 12).values, clean));
    expect(apart(last, before)).toBeLessThan(0.25 * apart(frame(10, 0.02, 12).values, frame(10, 0.02, 11).values));
  });

  it("follows what moves at once: no trail behind it", () => {
    const filter = new NoiseFilter();
    let found = new Float32Array();
    for (let i = 0; i < 8; i++) found = filter.clean(frame(4 + 3 * i, 0.02, i + 1), 1) as Float32Array<ArrayBuffer>;
    const clean = frame(25, 0, 0).values;
    // Where the square was a frame ago: nothing of it is left but noise.
    const trail = Array.from({ length: 12 * 3 }, (_, k) => 3 * (width * (14 + Math.floor(k / 3)) + 22 + (k % 3)));
    expect(Math.max(...trail.map((i) => Math.abs((found[i] ?? NaN) - (clean[i] ?? NaN))))).toBeLessThan(0.1);
  });

  it("does not touch a film without noise, nor the first frame after a cut, in another film or in another size", () => {
    const filter = new NoiseFilter();
    filter.clean(frame(4, 0, 0), 1);
    expect(apart(filter.clean(frame(9, 0, 0), 1), frame(9, 0, 0).values)).toBeLessThan(1e-6);
    const noisy = frame(9, 0.02, 7);
    expect(filter.clean(noisy, 2)).toEqual(noisy.values);
    const cut = { ...noisy, values: noisy.values.map((value) => 0.1 * value) };
    expect(apart(filter.clean(cut, 2), cut.values)).toBeLessThan(0.004);
    const small = { width: 24, height: 80, values: noisy.values };
    expect(filter.clean(small, 2)).toEqual(small.values);
  });

  it("keeps what it was given", () => {
    const filter = new NoiseFilter();
    const given = frame(4, 0.02, 3);
    const copy = given.values.slice();
    filter.clean(given, 1);
    filter.clean(given, 1);
    expect(given.values).toEqual(copy);
  });
});
