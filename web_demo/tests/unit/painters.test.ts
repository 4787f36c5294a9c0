import { describe, expect, it } from "vitest";
import { Pace } from "../../src/page/pace";
import { fineMs, isWorthFetching, isWorthTimingAgain, NO_FINE, painterOf, type Wish } from "../../src/page/painters/choosing";
import { RULES } from "./rules";

/** 400 x 250 pixels, a hundred thousand, painted in one step: `fine` takes 0.5 s. */
const WISH: Wish = {
  painter: "auto",
  fine: { ...NO_FINE, status: "ready", msPerPixel: 0.005 },
  photoSize: { width: 800, height: 500 },
  size: 400,
  stroke: 1,
  model: { preprocessing: RULES },
};
const waiting: Wish = { ...WISH, fine: { ...NO_FINE, status: "waiting" } };

describe("the painter of a photograph", () => {
  it("is the fine one where that takes a second at most", () => {
    expect(fineMs(WISH)).toBeCloseTo(500, 6);
    expect(painterOf(WISH)).toBe("fine");
    expect(painterOf({ ...WISH, fine: { ...WISH.fine, msPerPixel: 0.0101 } })).toBe("fast");
  });
  it("is judged by all levels of strokes: 800 x 500 is painted at 512 x 320 first", () => {
    expect(fineMs({ ...WISH, size: Infinity })).toBeCloseTo(0.005 * (800 * 500 + 512 * 320), 6);
    expect(painterOf({ ...WISH, size: Infinity })).toBe("fast");
    expect(painterOf({ ...WISH, size: Infinity, painter: "fine" })).toBe("fine");
  });
  it("is the fast one until the other is there, and where it is chosen", () => {
    for (const status of ["absent", "waiting", "fetching", "failed"] as const) {
      expect(painterOf({ ...WISH, painter: "fine", fine: { ...WISH.fine, status } })).toBe("fast");
    }
    expect(painterOf({ ...WISH, painter: "fast" })).toBe("fast");
    expect(painterOf({ ...WISH, photoSize: null })).toBe("fast");
  });
});

describe("the fine painter", () => {
  it("is fetched where it is likely to be quick enough: 3.3 times the fast one's time", () => {
    expect(isWorthFetching(waiting, 0.003, false)).toBe(true);
    expect(isWorthFetching(waiting, 0.0031, false)).toBe(false);
    expect(isWorthFetching(waiting, null, false)).toBe(false);
    expect(isWorthFetching(waiting, 0.003, true)).toBe(false);
  });
  it("is fetched where it is chosen, and never twice", () => {
    expect(isWorthFetching({ ...waiting, painter: "fine" }, 1, true)).toBe(true);
    expect(isWorthFetching({ ...waiting, painter: "fast" }, 0.001, false)).toBe(false);
    for (const status of ["absent", "fetching", "ready", "failed"] as const) {
      expect(isWorthFetching({ ...waiting, painter: "fine", fine: { ...NO_FINE, status } }, 0.001, false)).toBe(false);
    }
  });
  it("is timed again where the machine seems to have been busy", () => {
    const slow = { ...WISH, fine: { ...WISH.fine, msPerPixel: 0.02 } };
    expect(isWorthTimingAgain(slow, 0.003)).toBe(true);
    expect(isWorthTimingAgain(slow, 0.0031)).toBe(false);
    expect(isWorthTimingAgain(slow, null)).toBe(false);
    expect(isWorthTimingAgain(WISH, 0.003)).toBe(false);
    expect(isWorthTimingAgain({ ...slow, painter: "fine" }, 0.003)).toBe(false);
    expect(isWorthTimingAgain({ ...slow, fine: { ...slow.fine, status: "fetching" } }, 0.003)).toBe(false);
  });
  it("is preceded by the fast one's picture, of any size that is quick for that", () => {
    const pace = new Pace();
    pace.note({ width: 100, height: 100 }, 10, false);
    // A thousandth of a millisecond a pixel, as much as 500 x 500 may take.
    expect(pace.previewSide({ width: 400, height: 400 }, 1024 ** 2, 512, 600)).toBe(400);
    expect(pace.previewSide({ width: 512, height: 512 }, 1024 ** 2, 512, 600)).toBe(500);
    expect(pace.previewSide({ width: 200, height: 100 }, 1024 ** 2, 512, 600)).toBe(200);
    expect(pace.previewSide({ width: 400, height: 400 }, 1024 ** 2, 512, 200)).toBeNull();
    expect(pace.measured).toBe(0.001);
  });
});
