/** Parts of a picture in styles of their own, painted by mouse and by keyboard. */
import { beforeAll, describe, expect, it } from "vitest";
import { stripes } from "./pictures";
import { difference, openSite, type Rgba, Studio } from "./studio";

const site = openSite();
let studio: Studio;
let background: Rgba;
let region: Rgba;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm&tile=352`);
  await studio.choosePhoto(await stripes(studio.page, "stripes.png", 600, 400, 20));
  background = await studio.slideAndPaint(["size", 128]);
});

const select = async (name: string): Promise<void> => {
  await studio.page.getByRole("radio", { name, exact: true }).check();
};

/** Colour at a place, both from 0 to 1. */
function at({ width, height, data }: Rgba, x: number, y: number): readonly number[] {
  const start = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
  return data.slice(start, start + 4);
}

describe("a region", () => {
  it("begins empty, in a style of its own", async () => {
    await studio.page.getByRole("button", { name: "Add a region" }).click();
    await studio.painted();
    const { active, regions } = await studio.state();
    expect([active.length, regions.layers.length, regions.selected]).toEqual([1, 2, 1]);
    expect(difference(background, await studio.result())).toBe(0);
  });

  it("painted all over is as if painted in that style alone", async () => {
    await studio.slide(["brush-size", 50], ["brush-feather", 0]);
    const box = await studio.page.locator("#mask").boundingBox();
    if (box === null) throw new Error("the brush is not on the picture");
    const { mouse } = studio.page;
    await mouse.move(box.x + 5, box.y + 0.25 * box.height);
    await mouse.down();
    for (const [x, y] of [[1, 0.25], [1, 0.75], [0, 0.75], [0, 0.5], [1, 0.5]] as const) {
      await mouse.move(box.x + 2 + x * (box.width - 4), box.y + y * box.height);
    }
    await mouse.up();
    await studio.painted();
    region = await studio.result();
    expect(difference(background, region)).toBeGreaterThan(2);
    await studio.page.getByRole("button", { name: "Clear this region" }).click();
    await studio.painted();
    expect(difference(background, await studio.result())).toBe(0);
  });

  it("is painted by keyboard, and leaves the rest as it was", async () => {
    await studio.slide(["brush-size", 20], ["brush-feather", 50]);
    await studio.page.locator("#mask").focus();
    const { keyboard } = studio.page;
    // To the left border, then down a little, then a stroke back to the middle.
    for (let i = 0; i < 12; i++) await keyboard.press("Shift+ArrowLeft");
    for (let i = 0; i < 12; i++) await keyboard.press("Shift+ArrowUp");
    for (let i = 0; i < 8; i++) await keyboard.press("ArrowDown");
    await keyboard.down(" ");
    for (let i = 0; i < 5; i++) await keyboard.press("Shift+ArrowRight");
    await keyboard.up(" ");
    await studio.painted();
    const mixed = await studio.result();
    expect(at(mixed, 0.1, 0.24)).toEqual(at(region, 0.1, 0.24));
    expect(at(mixed, 0.45, 0.24)).toEqual(at(region, 0.45, 0.24));
    expect(at(mixed, 0.8, 0.24)).toEqual(at(background, 0.8, 0.24));
    expect(at(mixed, 0.3, 0.8)).toEqual(at(background, 0.3, 0.8));
  });

  it("keeps its place in a larger picture that is painted in tiles", async () => {
    const small = await studio.result();
    await studio.slide(["size", 512]);
    await studio.painted();
    const large = await studio.result();
    expect(large.width).toBe(512);
    await select("Background");
    await select("Region 1");
    await studio.page.getByRole("button", { name: "Remove it" }).click();
    await studio.painted();
    const without = await studio.result();
    expect(at(large, 0.8, 0.24)).toEqual(at(without, 0.8, 0.24));
    expect(at(large, 0.3, 0.8)).toEqual(at(without, 0.3, 0.8));
    expect(at(large, 0.3, 0.24)).not.toEqual(at(without, 0.3, 0.24));
    expect(small.width).toBe(128);
  });

  it("does not keep the visitor from looking closer", async () => {
    const { page } = studio;
    const frame = (await page.locator("#frame").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const picture = async (): Promise<{ x: number; y: number; width: number }> => {
      const box = await page.locator("#result").boundingBox();
      if (box === null) throw new Error("the result is not visible");
      return box;
    };
    // The place under the pointer stays there.
    await page.mouse.move(frame.x + 0.25 * frame.width, frame.y + 0.5 * frame.height);
    await page.mouse.wheel(0, -500);
    await page.locator("#frame.zoomed").waitFor();
    const near = await picture();
    expect(near.width).toBeGreaterThan(2 * frame.width);
    expect((frame.x + 0.25 * frame.width - near.x) / near.width).toBeCloseTo(0.25, 2);
    // A drag moves the picture, and leaves the slider alone.
    await page.mouse.down();
    await page.mouse.move(frame.x + 0.25 * frame.width - 40, frame.y + 0.5 * frame.height);
    await page.mouse.up();
    expect((await picture()).x).toBeCloseTo(near.x - 40, 0);
    const compare = page.getByRole("slider", { name: "Compare with the photograph" });
    expect(await compare.inputValue()).toBe("0");
    // Where it begins at the divider, it moves that.
    await compare.focus();
    await page.keyboard.press("End");
    await page.mouse.move(frame.x + frame.width - 5, frame.y + 0.5 * frame.height);
    await page.mouse.down();
    await page.mouse.move(frame.x + 0.5 * frame.width, frame.y + 0.5 * frame.height);
    await page.mouse.up();
    expect(Number(await compare.inputValue())).toBeCloseTo(50, -0.5);
    await page.getByRole("button", { name: "100%" }).click();
    expect((await picture()).width).toBeCloseTo((await studio.result()).width, 0);
    await page.keyboard.press("0");
    expect((await picture()).width).toBeCloseTo(frame.width, 0);
    await page.keyboard.press("+");
    expect((await picture()).width).toBeCloseTo(1.25 * frame.width, 0);
    await page.getByRole("button", { name: "Fit", exact: true }).click();
  });

  it("nor from doing so with two fingers", async () => {
    const { page } = studio;
    await page.getByRole("button", { name: "Fit" }).click();
    const frame = await page.locator("#frame").boundingBox();
    if (frame === null) throw new Error("the frame is not visible");
    const compare = page.getByRole("slider", { name: "Compare with the photograph" });
    const split = await compare.inputValue();
    const protocol = await page.context().newCDPSession(page);
    /** Two fingers on the row of the middle, at these parts of the frame's width. */
    const touch = async (type: "touchStart" | "touchMove", ...places: readonly number[]): Promise<void> => {
      const y = frame.y + 0.5 * frame.height;
      const touchPoints = places.map((place, id) => ({ x: frame.x + place * frame.width, y, id }));
      await protocol.send("Input.dispatchTouchEvent", { type, touchPoints });
    };
    await touch("touchStart", 0.4, 0.6);
    for (const apart of [0.12, 0.14, 0.16, 0.18, 0.2]) await touch("touchMove", 0.5 - apart, 0.5 + apart);
    await protocol.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    // Twice as far apart; what was between the fingers still is.
    const box = await page.locator("#result").boundingBox();
    expect((box?.width ?? 0) / frame.width).toBeCloseTo(2, 1);
    expect((frame.x + 0.5 * frame.width - (box?.x ?? 0)) / (box?.width ?? 1)).toBeCloseTo(0.5, 1);
    expect(await compare.inputValue()).toBe(split);
    await page.getByRole("button", { name: "Fit" }).click();
    await protocol.detach();
  });

  it("is painted and removed without complaints", () => {
    expect(studio.complaints).toEqual([]);
  });
});
