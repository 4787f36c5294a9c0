import { describe, expect, it } from "vitest";
import { FIT, limitsFor, moved, zoomedAt } from "../../src/page/view";

const middle = { x: 0.5, y: 0.5 };
const limits = limitsFor(2);

describe("zoomedAt", () => {
  it("keeps the place under the pointer", () => {
    const near = zoomedAt(FIT, 2, { x: 0.25, y: 0.75 }, limits);
    expect(near).toEqual({ zoom: 2, x: -0.25, y: -0.75 });
    // A quarter into the frame is a quarter into the picture, before and after.
    expect((0.25 - near.x) / near.zoom).toBe(0.25);
    expect(zoomedAt(near, 0.5, { x: 0.25, y: 0.75 }, limits)).toEqual(FIT);
  });
  it("stays within its limits, and a smaller picture in the middle", () => {
    expect(zoomedAt(FIT, 1000, middle, limits).zoom).toBe(16);
    expect(zoomedAt(FIT, 0.001, middle, limits)).toEqual(FIT);
    expect(zoomedAt(FIT, 0.001, { x: 0, y: 1 }, limitsFor(0.5))).toEqual({ zoom: 0.5, x: 0.25, y: 0.25 });
  });
  it("shows no gap when it goes back near a border", () => {
    const corner = moved(zoomedAt(FIT, 4, middle, limits), -9, -9);
    expect(corner).toEqual({ zoom: 4, x: -3, y: -3 });
    expect(zoomedAt(corner, 0.5, { x: 0, y: 0 }, limits)).toEqual({ zoom: 2, x: -1, y: -1 });
  });
});

describe("moved", () => {
  it("ends at the borders", () => {
    const near = zoomedAt(FIT, 2, middle, limits);
    expect(moved(near, 0.1, -0.1)).toEqual({ zoom: 2, x: -0.4, y: -0.6 });
    expect(moved(near, 5, 5)).toEqual({ zoom: 2, x: 0, y: 0 });
    expect(moved(FIT, 1, 1)).toEqual(FIT);
  });
});
