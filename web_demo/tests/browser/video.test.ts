import { beforeAll, describe, expect, it } from "vitest";
import { brokenRules } from "./axe";
import { FilmLab } from "./films";
import { liveFrame, liveRate, untilLive } from "./live_view";
import type { Upload } from "./pictures";
import { difference, openSite, Studio, type Rgba } from "./studio";

declare global {
  var urls: Set<string>;
}

const PATIENCE = { timeout: 60_000, interval: 200 };
const FRAMES = 12;

const site = openSite();
let lab: FilmLab;
let clip: Upload;
let studio: Studio;

beforeAll(async () => {
  lab = await FilmLab.open(site.browser, site.address);
  clip = await lab.make("My clip.mp4", { width: 320, height: 180, frames: FRAMES, perSecond: 8, sound: "pcm-s16" });
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm&live=128`, (context) => context.addInitScript(watchUrls));
});

/** Keeps the addresses of blobs that are not revoked where the test can see them. */
function watchUrls(): void {
  const urls = (globalThis.urls = new Set());
  const create = URL.createObjectURL.bind(URL);
  const revoke = URL.revokeObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    const url = create(blob);
    urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    urls.delete(url);
    revoke(url);
  };
}

async function open(file: Upload): Promise<void> {
  await studio.page.getByLabel("Video", { exact: true }).setInputFiles(file);
  await untilLive(studio, PATIENCE);
}

const press = (name: string): Promise<void> => studio.page.getByRole("button", { name, exact: true }).click();
const recorded = (): Promise<string> => studio.page.locator("#live-recorded").innerText();

/** The frame that is shown once it stays the same: where a paused video was searched, the one before stands for a moment. */
async function settled(): Promise<Rgba> {
  let last = await liveFrame(studio);
  const change = async (): Promise<number> => {
    const before = last;
    await studio.page.waitForTimeout(500);
    last = await liveFrame(studio);
    return difference(before, last);
  };
  await expect.poll(change, PATIENCE).toBe(0);
  return last;
}

describe("a video file", () => {
  it("is played in the photograph's place, painted", async () => {
    await open(clip);
    const { width, height, data } = await liveFrame(studio);
    expect([width, height]).toEqual([128, 72]);
    expect(new Set(data).size).toBeGreaterThan(50);
    expect((await studio.state()).live).toBe(true);
    expect(await studio.page.getByRole("button", { name: "Pause" }).isVisible()).toBe(true);
    expect(await studio.page.locator("#live-time").innerText()).toMatch(/^0:0\d of 0:01$/);
    expect(await studio.page.getByRole("button", { name: "Switch camera" }).isVisible()).toBe(false);
  });

  it("is paused, and painted at the place that is chosen with the keyboard", async () => {
    await studio.page.getByRole("button", { name: "Pause" }).click();
    const seek = studio.page.getByRole("slider", { name: "Position in the video" });
    const video = studio.page.locator("#live-video");
    const place = (): Promise<number> => video.evaluate((element: HTMLVideoElement) => element.currentTime);
    // Where a film that begins again may have been stopped: the slider cannot show such a place.
    await video.evaluate((element: HTMLVideoElement) => (element.currentTime = 0.004));
    await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.seeking), PATIENCE).toBe(false);
    await seek.press("Home");
    await expect.poll(place, PATIENCE).toBe(0);
    await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.seeking), PATIENCE).toBe(false);
    const start = await settled();
    await seek.press("End");
    await expect.poll(place, PATIENCE).toBeGreaterThan(1.4);
    // The square is at the other end, and stays there.
    await expect.poll(async () => difference(start, await liveFrame(studio)), PATIENCE).toBeGreaterThan(5);
    expect(await seek.getAttribute("aria-valuetext")).toBe("0:01 of 0:01");
    await studio.page.getByRole("button", { name: "Play", exact: true }).click();
    await expect.poll(place, PATIENCE).toBeLessThan(1.4);
  });

  it("gives a frame as a photograph in its own size, and is let go of", async () => {
    const { photos } = await studio.state();
    const url = await studio.page.locator("#live-video").evaluate((element: HTMLVideoElement) => element.src);
    const held = (): Promise<boolean> => studio.page.evaluate((address) => globalThis.urls.has(address), url);
    expect(await held()).toBe(true);
    await studio.page.getByRole("button", { name: "Keep this frame" }).click();
    await studio.page.waitForFunction((count) => globalThis.impasto.state().photos.length > count, photos.length);
    await studio.painted();
    const state = await studio.state();
    expect(state.photos.at(-1)?.title).toMatch(/^My clip 0\.0\d\.jpg$/);
    expect(state.photoSize).toEqual({ width: 320, height: 180 });
    expect(state.live).toBe(false);
    expect(await studio.page.locator("#live-video").getAttribute("src")).toBeNull();
    expect(await held()).toBe(false);
  });

  it("can be dropped, and stops with Escape", async () => {
    await studio.drop("photo", [clip]);
    await expect.poll(() => liveRate(studio), PATIENCE).toBeGreaterThan(0);
    await studio.page.keyboard.press("Escape");
    expect((await studio.state()).live).toBe(false);
    expect(await studio.page.evaluate(() => document.activeElement?.id)).toBe("choose-video");
    await studio.painted();
  });

  it.each([
    ["that is none", "broken.mp4", /^“broken\.mp4” could not be played by this browser\./],
    ["without a picture", "sound.webm", /^“sound\.webm” has no picture/],
  ])("%s gets a sentence", async (_, name, sentence) => {
    const file = name.startsWith("sound") ? await lab.make(name, { width: 16, height: 16, frames: 0, perSecond: 1, sound: "opus" }) : { name, mimeType: "video/mp4", buffer: Buffer.from("no video at all") };
    await studio.page.getByLabel("Video", { exact: true }).setInputFiles(file);
    await expect.poll(() => studio.message(), PATIENCE).toMatch(sentence);
    expect((await studio.state()).live).toBe(false);
  });
});

describe("a recording", () => {
  it("is what was seen, for as long as it was seen", async () => {
    await open(clip);
    await press("Record");
    await expect.poll(recorded, PATIENCE).toBe("Recording 0:02");
    expect(await brokenRules(studio.page)).toEqual([]);
    const { name, bytes } = await studio.downloaded(() => press("Finish recording"));
    expect(name).toMatch(/^impasto-my-clip-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.webm$/);
    await expect.poll(() => studio.message(), PATIENCE).toMatch(/^Recorded \d:\d\d, 128 × 72 px: “impasto-my-clip-.*” is among your downloads\.$/);
    const seconds = Number(/^Recorded 0:(\d\d)/.exec(await studio.message())?.[1]);
    const { width, height, duration, times } = await lab.look(bytes);
    expect([width, height]).toEqual([128, 72]);
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(Math.floor(duration)).toBe(seconds);
    expect(times[0]).toBe(0);
    expect(times.length).toBeGreaterThan(2);
    expect(times.every((time, i) => i === 0 || time > (times[i - 1] ?? time))).toBe(true);
    expect(await studio.page.locator("#live-recorded").isVisible()).toBe(false);
  });

  it("is saved where the visitor stops everything", async () => {
    await press("Record");
    await expect.poll(recorded, PATIENCE).toBe("Recording 0:01");
    const { bytes } = await studio.downloaded(() => studio.page.keyboard.press("Escape"));
    expect((await studio.state()).live).toBe(false);
    const { width, ends } = await lab.look(bytes);
    expect(width).toBe(128);
    expect(new Set(ends[0].data).size).toBeGreaterThan(50);
    await studio.painted();
  });
});

describe("a whole film", () => {
  it("is saved with every frame painted, and its sound", async () => {
    await open(clip);
    await studio.page.getByLabel("Size of the saved video").selectOption("256 px");
    const { name, bytes } = await studio.downloaded(async () => {
      await press("Save as video");
      await expect.poll(() => studio.page.locator("#exporting-text").innerText(), PATIENCE).toMatch(/^[1-9]\d?% painted/);
      expect(await studio.page.evaluate(() => document.activeElement?.id)).toBe("exporting-cancel");
      expect(await studio.page.getByRole("button", { name: "Record", exact: true }).isDisabled()).toBe(true);
      expect(await brokenRules(studio.page)).toEqual([]);
    });
    expect(name).toBe("my-clip-impasto-256x144.webm");
    await expect.poll(() => studio.message(), PATIENCE).toBe(`${FRAMES} frames painted, 256 × 144 px: “${name}” is among your downloads.`);
    const [source, saved] = [await lab.look(clip.buffer, 0.8), await lab.look(bytes)];
    expect([saved.width, saved.height, saved.sound]).toEqual([256, 144, "opus"]);
    expect(saved.times).toHaveLength(FRAMES);
    saved.times.forEach((time, i) => expect(time).toBeCloseTo(source.times[i] ?? NaN, 2));
    expect(saved.duration).toBeCloseTo(source.duration, 1);
    saved.ends.forEach((end, i) => expect(difference(end, source.ends[i] ?? end)).toBeGreaterThan(15));
    // What moves in the film moves in the painting.
    expect(difference(...saved.ends)).toBeGreaterThan(5);
    expect(await studio.page.locator("#exporting").isVisible()).toBe(false);
    await expect.poll(() => liveRate(studio), PATIENCE).toBeGreaterThan(0);
  });

  it("is given up with Escape, and goes on playing", async () => {
    await press("Save as video");
    await expect.poll(() => studio.page.locator("#exporting-text").innerText(), PATIENCE).toMatch(/^[1-9]\d?% painted/);
    await studio.page.keyboard.press("Escape");
    expect(await studio.page.locator("#exporting").isVisible()).toBe(false);
    expect((await studio.state()).live).toBe(true);
    const video = studio.page.locator("#live-video");
    expect(await video.evaluate((element: HTMLVideoElement) => element.paused)).toBe(false);
    expect(await studio.page.evaluate(() => document.activeElement?.id)).toBe("live-export");
    const before = await liveFrame(studio);
    await expect.poll(async () => (await liveFrame(studio)).width, PATIENCE).toBe(128);
    await expect.poll(() => liveFrame(studio), PATIENCE).not.toEqual(before);
    expect(await studio.message()).toBe("");
  });

  it("leaves nothing on the console, and asks nobody for anything", () => {
    expect(studio.complaints).toEqual([]);
    expect(studio.elsewhere()).toEqual([]);
  });
});

describe("a browser that cannot write videos", () => {
  it("says so, and goes on painting", async () => {
    await studio.context.close();
    studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm&live=128`, (context) =>
      context.addInitScript(() => Reflect.deleteProperty(globalThis, "VideoEncoder")),
    );
    await open(clip);
    await press("Save as video");
    await expect.poll(() => studio.message(), PATIENCE).toMatch(/^This browser cannot write videos of this size\./);
    await press("Record");
    await expect.poll(() => studio.message(), PATIENCE).toBe("This browser cannot write videos, so nothing was recorded.");
    expect((await studio.state()).live).toBe(true);
    expect(studio.complaints).toEqual([]);
  });
});
