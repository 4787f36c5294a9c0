/** Animated GIF, WebP and PNG are painted as films, and saved with the time of each frame. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apng, gif, webp } from "./animations";
import { FilmLab } from "./films";
import { liveFrame, untilLive } from "./live_view";
import type { Upload } from "./pictures";
import { difference, openSite, Studio, type Rgba } from "./studio";

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

/** An animation as the browser shows it: frames, times in milliseconds, how often it comes again. */
function takeApart(bytes: Buffer, type: string): Promise<{ width: number; height: number; times: number[]; repetitions: number; frames: Rgba[] }> {
  return studio.page.evaluate(
    async ([base64, kind]) => {
      const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const decoder = new ImageDecoder({ data, type: kind, preferAnimation: true });
      await decoder.completed;
      await decoder.tracks.ready;
      const { frameCount = 0, repetitionCount = NaN } = decoder.tracks.selectedTrack ?? {};
      const frames = [];
      const times = [];
      for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
        const { image } = await decoder.decode({ frameIndex });
        const [width, height] = [image.displayWidth, image.displayHeight];
        const context = new OffscreenCanvas(width, height).getContext("2d");
        context?.drawImage(image, 0, 0);
        frames.push({ width, height, data: [...(context?.getImageData(0, 0, width, height).data ?? [])] });
        times.push((image.duration ?? 0) / 1000);
        image.close();
      }
      const [{ width, height } = { width: 0, height: 0 }] = frames;
      return { width, height, times, repetitions: repetitionCount, frames };
    },
    [bytes.toString("base64"), type] as const,
  );
}

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

  it.each([
    ["GIF", "Loop.gif", (name: string) => Promise.resolve(gif(name, DELAYS)), 0],
    ["APNG", "Loop.png", (name: string) => Promise.resolve(apng(name, DELAYS)), Infinity],
    ["WebP", "Loop.webp", (name: string) => webp(studio.page, name, DELAYS), Infinity],
  ])("%s comes back as one, painted, with its times and as often as it was", async (format, name, make, repetitions) => {
    const made = await make(name);
    await choose(made);
    await untilLive(studio, PATIENCE);
    const saved = await studio.downloaded(() => studio.page.getByRole("button", { name: `Save as ${format}` }).click());
    expect(saved.name).toBe(`loop-impasto-96x64.${name.replace(/.*\./, "")}`);
    const look = await takeApart(saved.bytes, made.mimeType);
    expect(look).toMatchObject({ width: 96, height: 64, times: DELAYS, repetitions });
    // Painted, and the square has moved.
    const before = await takeApart(made.buffer, made.mimeType);
    look.frames.forEach((frame, i) => expect(difference(frame, before.frames[i] ?? frame)).toBeGreaterThan(5));
    expect(difference(look.frames[0] as Rgba, look.frames[3] as Rgba)).toBeGreaterThan(10);
    expect(look.frames.every(({ data }) => data.every((value, i) => i % 4 !== 3 || value === 255))).toBe(true);
    await studio.page.keyboard.press("Escape");
    expect(studio.complaints).toEqual([]);
  });

  it("with a transparent ground keeps it", async () => {
    await choose(gif("Cut.gif", DELAYS, true));
    await untilLive(studio, PATIENCE);
    const { bytes } = await studio.downloaded(() => studio.page.getByRole("button", { name: "Save as GIF" }).click());
    const { frames } = await takeApart(bytes, "image/gif");
    expect(frames).toHaveLength(4);
    for (const [index, { data }] of frames.entries()) {
      const alpha = (x: number, y: number): number => data[4 * (96 * y + x) + 3] ?? NaN;
      // The stripe on the right, but for the square where that has come to it.
      expect([alpha(8, 8), alpha(75, 60), alpha(90, 8), alpha(90, 32)], String(index)).toEqual([255, 255, 0, index === 3 ? 255 : 0]);
    }
    await studio.page.keyboard.press("Escape");
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
