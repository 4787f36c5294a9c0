/** Animated GIF, WebP and PNG are painted as films, and saved with the time of each frame. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apng, gif, webp } from "./animations";
import { FilmLab } from "./films";
import { liveFrame, untilLive } from "./live_view";
import type { Upload } from "./pictures";
import { difference, openSite, Studio } from "./studio";

const PATIENCE = { timeout: 60_000, interval: 200 };
const DELAYS = [100, 300, 60, 740];
/** When each frame is shown, in seconds, and for how long all of them are. */
const TIMES = [0, 0.1, 0.4, 0.46];
const DURATION = 1.2;

const site = openSite();
let lab: FilmLab;
let studio: Studio;

beforeAll(async () => {
  lab = await FilmLab.open(site.browser, site.address);
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm&live=128`);
});

afterAll(() => studio.context.close());

const choose = (files: Upload | Upload[], on = studio): Promise<void> => on.page.getByLabel("Choose a photo").setInputFiles(files);

describe("an animation", () => {
  it.each([
    ["GIF", "Waves.gif", (name: string) => Promise.resolve(gif(name, DELAYS))],
    ["APNG", "Waves.png", (name: string) => Promise.resolve(apng(name, DELAYS))],
    ["WebP", "Waves.webp", (name: string) => webp(studio.page, name, DELAYS)],
  ])("%s is painted live, and saved frame by frame", async (_, name, make) => {
    await choose(await make(name));
    await untilLive(studio, PATIENCE);
    expect((await studio.state()).live).toBe(true);
    const { width, height } = await liveFrame(studio);
    expect([width, height]).toEqual([96, 64]);
    expect(await studio.page.locator("#live-video").evaluate((video: HTMLVideoElement) => video.duration)).toBeCloseTo(DURATION, 1);
    const saved = await studio.downloaded(() => studio.page.getByRole("button", { name: "Save as video" }).click());
    expect(saved.name).toBe("waves-impasto-96x64.webm");
    await expect.poll(() => studio.message(), PATIENCE).toMatch(/^4 frames painted, 96 × 64 px: “waves-impasto-96x64\.webm” is among your downloads\.$/);
    const look = await lab.look(saved.bytes);
    expect(look.sound).toBeNull();
    expect(look.times).toHaveLength(4);
    look.times.forEach((time, i) => expect(time).toBeCloseTo(TIMES[i] ?? NaN, 2));
    expect(look.duration).toBeCloseTo(DURATION, 1);
    // The square has moved from one end to the other; and what is saved is painted, not the animation itself.
    expect(difference(...look.ends)).toBeGreaterThan(10);
    expect(new Set(look.ends[0].data).size).toBeGreaterThan(60);
    await studio.page.keyboard.press("Escape");
    expect(studio.complaints).toEqual([]);
  });

  it("with hasty frames is shown as browsers show it", async () => {
    await choose(gif("Hasty.gif", [0, 10, 20]));
    await untilLive(studio, PATIENCE);
    // A tenth of a second where less than two hundredths are asked for.
    expect(await studio.page.locator("#live-video").evaluate((video: HTMLVideoElement) => video.duration)).toBeCloseTo(0.22, 2);
    await studio.page.keyboard.press("Escape");
  });

  it("of one frame is a photograph", async () => {
    await studio.choosePhoto(gif("Still.gif", [100]));
    await studio.painted();
    expect((await studio.state()).live).toBe(false);
    expect(await studio.message()).toBe("");
  });

  it("among several files gives its first frame, and a sentence", async () => {
    const before = (await studio.state()).photos.length;
    await choose([gif("Many.gif", DELAYS), gif("Still.gif", [100])]);
    await expect.poll(() => studio.message(), PATIENCE).toBe("“Many.gif” moves; among several files its first frame is taken. Choose it alone to paint all of it.");
    expect((await studio.state()).photos.length).toBe(before + 2);
    expect((await studio.state()).live).toBe(false);
  });

  it("gives its first frame, and a sentence, where the browser has no ImageDecoder", async () => {
    const without = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
      context.addInitScript(() => Reflect.deleteProperty(globalThis, "ImageDecoder")),
    );
    await choose(apng("Old.png", DELAYS), without);
    await expect.poll(() => without.message(), PATIENCE).toBe(
      "“Old.png” moves, but this browser cannot take animations apart, so its first frame is painted.",
    );
    await without.painted();
    expect((await without.state()).photoSize).toEqual({ width: 96, height: 64 });
    await without.context.close();
  });

  it("that ends in the middle is painted as far as it goes", async () => {
    const whole = gif("Cut.gif", DELAYS);
    await choose({ ...whole, buffer: whole.buffer.subarray(0, Math.floor(0.8 * whole.buffer.length)) });
    await untilLive(studio, PATIENCE);
    await studio.page.keyboard.press("Escape");
    expect((await studio.state()).live).toBe(false);
  });
});
