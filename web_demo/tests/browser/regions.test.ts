/** Parts of a picture in styles of their own, painted by mouse and by keyboard. */
import type { Browser } from "playwright-core";
import type { PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, difference, launch, serve, Studio, type Rgba } from "./studio";

let browser: Browser;
let server: PreviewServer;
let studio: Studio;
let background: Rgba;
let region: Rgba;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), serve()]);
  studio = await Studio.painting(browser, `${addressOf(server)}?debug&backend=wasm&tile=352`);
  background = await studio.slideAndPaint(["size", 128]);
});

afterAll(async () => {
  await browser.close();
  await server.close();
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
    await studio.page.screenshot({ path: "/tmp/lab3/shots/regions.png" });
  });

  it("keeps its place in a larger picture that is painted in tiles", async () => {
    const small = await studio.result();
    await studio.slide(["size", 512]);
    await studio.painted();
    const large = await studio.result();
    expect(large.width).toBe(512);
    await select("Background");
    await studio.page.getByRole("button", { name: "Add a region" }).waitFor();
    await select("Region 1");
    await studio.page.getByRole("button", { name: "Remove it" }).click();
    await studio.painted();
    const without = await studio.result();
    expect(at(large, 0.8, 0.24)).toEqual(at(without, 0.8, 0.24));
    expect(at(large, 0.3, 0.8)).toEqual(at(without, 0.3, 0.8));
    expect(at(large, 0.3, 0.24)).not.toEqual(at(without, 0.3, 0.24));
    expect(small.width).toBe(128);
  });

  it("is painted and removed without complaints", () => {
    expect(studio.complaints).toEqual([]);
  });
});
