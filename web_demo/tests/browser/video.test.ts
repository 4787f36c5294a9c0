import { beforeAll, describe, expect, it } from "vitest";
import { FilmLab } from "./films";
import { liveFrame, liveRate, liveSaid } from "./live_view";
import type { Upload } from "./pictures";
import { difference, openSite, Studio } from "./studio";

declare global {
  var urls: Set<string>;
}

const PATIENCE = { timeout: 60_000, interval: 200 };
const FRAMES = 15;

const site = openSite();
let lab: FilmLab;
let clip: Upload;
let studio: Studio;

beforeAll(async () => {
  lab = await FilmLab.open(site.browser, site.address);
  clip = await lab.make("My clip.webm", { width: 320, height: 180, frames: FRAMES, perSecond: 10, sound: true });
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
  try {
    await expect.poll(() => liveRate(studio), PATIENCE).toBeGreaterThan(0);
  } catch (error) {
    throw new Error(`no frames: ${await liveSaid(studio)}`, { cause: error });
  }
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
    await seek.press("Home");
    await expect.poll(place).toBe(0);
    await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.seeking)).toBe(false);
    const start = await liveFrame(studio);
    await seek.press("End");
    await expect.poll(place).toBeGreaterThan(1.4);
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
    const file = name.startsWith("sound") ? await lab.make(name, { width: 16, height: 16, frames: 0, perSecond: 1, sound: true }) : { name, mimeType: "video/mp4", buffer: Buffer.from("no video at all") };
    await studio.page.getByLabel("Video", { exact: true }).setInputFiles(file);
    await expect.poll(() => studio.message(), PATIENCE).toMatch(sentence);
    expect((await studio.state()).live).toBe(false);
  });

  it("leaves nothing on the console", () => {
    expect(studio.complaints).toEqual([]);
  });
});
