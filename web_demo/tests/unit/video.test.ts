import { describe, expect, it } from "vitest";
import { recordingName } from "../../src/page/download";
import { evenSize, placeIn } from "../../src/page/live/placing";
import { secondsLeft } from "../../src/page/live/remaining";
import { film } from "../../src/page/strings";

describe("evenSize", () => {
  it.each([
    [{ width: 384, height: 216 }, { width: 384, height: 216 }],
    [{ width: 383, height: 217 }, { width: 384, height: 218 }],
    [{ width: 384.4, height: 0.3 }, { width: 384, height: 2 }],
  ])("of %o is %o", (size, expected) => {
    expect(evenSize(size)).toEqual(expected);
  });

  it("can be the next smaller one", () => {
    expect(evenSize({ width: 193, height: 109 }, Math.floor)).toEqual({ width: 192, height: 108 });
  });
});

describe("placeIn", () => {
  it("keeps the pixels of frames that have the size of the file, or one more", () => {
    expect(placeIn({ width: 192, height: 108 }, { width: 192, height: 108 })).toEqual({ left: 0, top: 0, width: 192, height: 108 });
    expect(placeIn({ width: 192, height: 108 }, { width: 193, height: 109 })).toEqual({ left: 0, top: 0, width: 193, height: 109 });
  });

  it("shows all of a frame of another shape, in the middle", () => {
    expect(placeIn({ width: 192, height: 108 }, { width: 108, height: 192 })).toEqual({ left: 66, top: 0, width: 61, height: 108 });
    expect(placeIn({ width: 192, height: 108 }, { width: 96, height: 54 })).toEqual({ left: 0, top: 0, width: 192, height: 108 });
    expect(placeIn({ width: 100, height: 200 }, { width: 200, height: 200 })).toEqual({ left: 0, top: 50, width: 100, height: 100 });
  });
});

describe("secondsLeft", () => {
  it("expects the rest to go as fast as what was done", () => {
    expect(secondsLeft(10_000, 0.25)).toBeCloseTo(30);
    expect(secondsLeft(60_000, 1)).toBe(0);
  });

  it("says nothing where it would be a guess", () => {
    expect(secondsLeft(500, 0.25)).toBeNull();
    expect(secondsLeft(10_000, 0)).toBeNull();
  });

  it.each([
    [0, "5 secs left"],
    [37, "35 secs left"],
    [58, "1 min left"],
    [400, "7 mins left"],
    [9000, "3 hrs left"],
  ])("of %d seconds reads %s", (seconds, sentence) => {
    expect(film.exporting(50, seconds)).toBe(`50% painted, ${sentence}`);
  });
});

describe("recordingName", () => {
  it("tells what was recorded, and when", () => {
    expect(recordingName("My Clip.mp4", new Date(2026, 2, 9, 14, 5, 7), "webm")).toBe("impasto-my-clip-2026-03-09-14-05-07.webm");
    expect(recordingName("", new Date(2026, 11, 31, 0, 0, 0), "mp4")).toBe("impasto-video-2026-12-31-00-00-00.mp4");
  });
});
