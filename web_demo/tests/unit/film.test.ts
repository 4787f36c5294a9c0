import { describe, expect, it } from "vitest";
import { isVideo } from "../../src/page/live/film_file";
import { clock } from "../../src/page/languages/formats";
import { film } from "../../src/page/strings";

describe("isVideo", () => {
  it.each([
    ["clip.mp4", "video/mp4", true],
    ["clip", "video/webm", true],
    // Some systems do not know the type.
    ["CLIP.MOV", "", true],
    ["clip.mkv", "", true],
    ["cat.jpg", "image/jpeg", false],
    ["cat.gif", "image/gif", false],
    ["mp4", "", false],
    ["clip.mp4.txt", "", false],
  ])("of %s, typed “%s”, is %s", (name, type, expected) => {
    expect(isVideo({ name, type })).toBe(expected);
  });
});

describe("clock", () => {
  it.each([
    [0, "0:00"],
    [7.9, "0:07"],
    [60, "1:00"],
    [754.2, "12:34"],
    [3599.9, "59:59"],
    [3723, "1:02:03"],
  ])("shows %f seconds as %s", (seconds, expected) => {
    expect(clock(seconds)).toBe(expected);
  });

  it("shows the length of a film where that is known", () => {
    expect(film.position(7, 61)).toBe("0:07 of 1:01");
    expect(film.position(7, null)).toBe("0:07");
  });
});
