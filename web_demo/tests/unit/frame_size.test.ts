import { describe, expect, it } from "vitest";
import { FrameSize, SIDES } from "../../src/page/live/frame_size";
import { Rate } from "../../src/page/live/rate";

/** A machine that takes `cost` milliseconds for a frame of 192 pixels, and for others by their area, give or take. */
function run(size: FrameSize, cost: number, frames: number, noise = 0): number[] {
  return Array.from({ length: frames }, (_, i) => {
    const uneven = 1 + noise * Math.sin(37 * i);
    size.add(cost * uneven * (size.side / 192) ** 2);
    return size.side;
  });
}

const changes = (sides: readonly number[]): number => sides.filter((side, i) => i > 0 && side !== sides[i - 1]).length;

describe("FrameSize", () => {
  it("offers multiples of 16 only", () => {
    expect(SIDES.every((side) => side % 16 === 0)).toBe(true);
  });

  it.each([
    [200, 128],
    [75, 192],
    [45, 224],
    [15, 384],
    [2, 512],
  ])("paints frames that take %d ms at 192 px with %d px", (cost, side) => {
    expect(run(new FrameSize(), cost, 100).at(-1)).toBe(side);
  });

  it("paints at least twelve frames a second wherever the smallest size allows it", () => {
    for (let cost = 1; cost < 187; cost += 3) {
      const size = new FrameSize();
      run(size, cost, 200);
      expect(cost * (size.side / 192) ** 2).toBeLessThanOrEqual(1000 / 12);
    }
  });

  it("changes little on its way, and not at all once it is there, however uneven the times", () => {
    for (const cost of [5, 15, 30, 60, 100]) {
      const size = new FrameSize();
      const sides = run(size, cost, 400, 0.15);
      expect(changes(sides)).toBeLessThan(6);
      expect(changes(sides.slice(100))).toBe(0);
    }
  });

  it("overlooks single slow frames, and the first ones of a size", () => {
    const size = new FrameSize();
    [3000, 3000, 70, 70, 70, 900, 70, 70, 70, 70, 70].forEach((ms) => size.add(ms));
    expect(size.side).toBe(192);
  });

  it("follows a machine that gets slower at once, and one that gets faster after a while", () => {
    const size = new FrameSize();
    run(size, 15, 60);
    expect(size.side).toBe(384);
    run(size, 75, 8);
    expect(size.side).toBe(192);
    run(size, 15, 60);
    expect(size.side).toBeLessThan(384);
    run(size, 15, 240);
    expect(size.side).toBe(384);
  });

  it("does not go back and forth where a larger size costs more than its pixels say", () => {
    const size = new FrameSize();
    const sides = Array.from({ length: 2000 }, () => {
      size.add(size.side > 192 ? 140 : 30);
      return size.side;
    });
    const ups = sides.filter((side, i) => i > 0 && side > (sides[i - 1] ?? side)).length;
    expect(ups).toBeLessThan(8);
  });

  it("stays where it is told to", () => {
    const fixed = new FrameSize(256);
    run(fixed, 2, 100);
    expect(fixed.side).toBe(256);
    const recording = new FrameSize();
    recording.frozen = true;
    run(recording, 500, 50);
    expect(recording.side).toBe(192);
    recording.frozen = false;
    run(recording, 500, 5);
    expect(recording.side).toBe(128);
  });
});

describe("Rate", () => {
  it("counts frames a second, over the last moments only", () => {
    const rate = new Rate();
    expect(rate.perSecond).toBe(0);
    rate.add(1000);
    expect(rate.perSecond).toBe(0);
    for (let i = 1; i <= 20; i++) rate.add(1000 + 100 * i);
    expect(rate.perSecond).toBeCloseTo(10, 5);
    for (let i = 1; i <= 60; i++) rate.add(3000 + 50 * i);
    expect(rate.perSecond).toBeCloseTo(20, 5);
  });
});
