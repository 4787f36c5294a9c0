import { describe, expect, it } from "vitest";
import { LAG_MS, Steadiness, type Scene } from "../../src/worker/steadiness";

const scene: Scene = { stream: 1, width: 192, height: 144, conditioning: new Float32Array(2) };
const vector = (...values: number[]): Float32Array => Float32Array.from(values);

/** What frames are painted with: one frame every 40 ms, each with its own statistics. */
function film(steadiness: Steadiness, frames: readonly Float32Array[], from = 0): (Float32Array | null)[] {
  return frames.map((own, i) => {
    const given = steadiness.before(scene);
    steadiness.after(own, from + 40 * i);
    return given?.slice() ?? null;
  });
}

describe("Steadiness", () => {
  it("paints the first frame with its own statistics, and a scene that stays with just these", () => {
    const still = vector(1, -2, 3);
    const [first, ...others] = film(new Steadiness(), [still, still, still, still]);
    expect(first).toBeNull();
    for (const given of others) expect([...(given ?? [])]).toEqual([1, -2, 3]);
  });

  it("keeps a tenth of the noise from frame to frame", () => {
    const noisy = Array.from({ length: 200 }, (_, i) => vector(10 + Math.sin(91 * i), 5));
    const given = film(new Steadiness(), noisy).slice(60).map((affine) => affine?.[0] ?? NaN);
    const jumps = (values: readonly number[]): number =>
      values.slice(1).reduce((sum, value, i) => sum + Math.abs(value - (values[i] ?? NaN)), 0);
    expect(jumps(given)).toBeLessThan(0.1 * jumps(noisy.slice(60).map(([value = NaN]) => value)));
  });

  it("follows a change with the lag that is promised, at any frame rate", () => {
    for (const interval of [20, 50, 100]) {
      const steadiness = new Steadiness();
      let given: Float32Array | null = null;
      for (let time = -10 * interval; time <= LAG_MS; time += interval) {
        steadiness.before(scene);
        steadiness.after(vector(10, time <= 0 ? 0 : 1), time);
        given = steadiness.before(scene);
      }
      expect(given?.[1]).toBeCloseTo(1 - Math.exp(-1), 5);
    }
  });

  it("starts anew with another film, size or style, and after a cut", () => {
    const start = (): Steadiness => {
      const steadiness = new Steadiness();
      film(steadiness, [vector(1, 1), vector(1, 1)]);
      return steadiness;
    };
    expect(start().before(scene)).not.toBeNull();
    for (const change of [{ stream: 2 }, { width: 208 }, { height: 160 }, { conditioning: new Float32Array(2) }]) {
      expect(start().before({ ...scene, ...change })).toBeNull();
    }
    const steadiness = start();
    steadiness.before(scene);
    steadiness.after(vector(3, -1), 80);
    expect(steadiness.before(scene)).toBeNull();
  });

  it("is not confused by time that runs backwards", () => {
    const steadiness = new Steadiness();
    film(steadiness, [vector(1), vector(1)], 1000);
    steadiness.before(scene);
    steadiness.after(vector(1.2), 10);
    expect(steadiness.before(scene)?.[0]).toBe(1);
  });
});
