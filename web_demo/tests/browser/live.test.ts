import { beforeAll, describe, expect, it } from "vitest";
import { liveFrame, liveRate, liveSaid, untilLive } from "./live_view";
import { difference, launch, openSite, type Rgba, Studio } from "./studio";

/** Two of Chromium's own cameras: a test picture with something moving in it. */
const CAMERAS = ["--use-fake-device-for-media-stream=device-count=2,fps=30", "--use-fake-ui-for-media-stream"];
const PATIENCE = { timeout: 60_000, interval: 200 };
const SECONDS = 1000;

const site = openSite(...CAMERAS);
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm&live=192`);
});

const rate = (): Promise<number | null> => liveRate(studio);
const said = (): Promise<string> => liveSaid(studio);
const frame = (): Promise<Rgba> => liveFrame(studio);

async function start(): Promise<void> {
  await studio.page.getByRole("button", { name: "Camera", exact: true }).click();
  await untilLive(studio, PATIENCE);
}

/** The camera's track, which stays in hand when the page lets go of it. */
function track() {
  return studio.page.evaluateHandle(() => {
    const { srcObject } = document.querySelector<HTMLVideoElement>("#live-video") ?? {};
    if (!(srcObject instanceof MediaStream)) throw new Error("no camera is open");
    return srcObject.getVideoTracks()[0] as MediaStreamTrack;
  });
}

/** Asks again and again how many tensors there are; between two answers a frame is painted. */
async function tensorCounts(times: number): Promise<Set<number>> {
  const counts = new Set<number>();
  for (let i = 0; i < times; i++) counts.add(await studio.page.evaluate(async () => (await globalThis.impasto.memory()).tensors));
  return counts;
}

describe("the camera", () => {
  it("is painted live, and the page says how often", async () => {
    const before = (await studio.state()).painted;
    await start();
    const { width, height, data } = await frame();
    expect([width, height]).toEqual([192, 108]);
    expect(new Set(data).size).toBeGreaterThan(20);
    expect((await studio.state()).live).toBe(true);
    expect(await studio.page.locator(".caption").isVisible()).toBe(false);
    expect(before).not.toBeNull();
  });

  it("goes on by itself: the picture moves", async () => {
    const first = await frame();
    await expect.poll(async () => difference(first, await frame()), PATIENCE).toBeGreaterThan(0);
  });

  it("shows another strength and another blend while it runs", async () => {
    const styled = await frame();
    await studio.slide(["strength", 0]);
    // More than the moving part of the test picture can change.
    await expect.poll(async () => difference(styled, await frame()), PATIENCE).toBeGreaterThan(8);
    const plain = await frame();
    const apart = difference(styled, plain);
    await studio.slide(["strength", 100]);
    await expect.poll(async () => difference(plain, await frame()), PATIENCE).toBeGreaterThan(0.7 * apart);
  });

  it("shows itself, and says what to do, where no painting is chosen", async () => {
    const chosen = (await studio.state()).active.map(({ id }) => id);
    for (const id of chosen) await studio.tick(id, false);
    await expect.poll(() => studio.page.locator("#live-status").innerText(), PATIENCE).toBe("Choose at least one painting.");
    expect(await studio.page.locator("#live-canvas").isVisible()).toBe(false);
    for (const id of chosen) await studio.tick(id, true);
    await expect.poll(rate, PATIENCE).toBeGreaterThan(0);
  });

  it("keeps the number of tensors", async () => {
    expect(await tensorCounts(20)).toHaveLength(1);
  });

  it("can be another one, and what was recorded of the first is saved", async () => {
    await studio.page.getByRole("button", { name: "Record", exact: true }).click();
    await expect.poll(() => studio.page.locator("#live-recorded").innerText(), PATIENCE).toBe("Recording 0:01");
    const name = (): Promise<string> => track().then((handle) => handle.evaluate(({ label }) => label));
    const first = await name();
    const old = await track();
    const recording = await studio.downloaded(() => studio.page.getByRole("button", { name: "Switch camera" }).click());
    expect(recording.name).toMatch(/^impasto-camera-[\d-]+\.webm$/);
    expect(recording.bytes.toString("hex", 0, 4)).toBe("1a45dfa3");
    try {
      await expect.poll(() => name().catch(() => first), PATIENCE).not.toBe(first);
    } catch (error) {
      throw new Error(`no other camera: ${await said()}`, { cause: error });
    }
    expect(await old.evaluate(({ readyState }) => readyState)).toBe("ended");
    const frozen = await frame();
    await expect.poll(async () => difference(frozen, await frame()), PATIENCE).toBeGreaterThan(0);
  });

  it.each(["button", "Escape"])("is let go of with the %s, and the photograph comes back", async (way) => {
    if (!(await studio.state()).live) await start();
    const open = await track();
    expect(await open.evaluate(({ readyState }) => readyState)).toBe("live");
    if (way === "Escape") await studio.page.keyboard.press("Escape");
    else await studio.page.getByRole("button", { name: "Stop" }).click();
    expect(await open.evaluate(({ readyState }) => readyState)).toBe("ended");
    expect(await studio.page.locator("#live").isVisible()).toBe(false);
    await studio.painted();
    expect(await studio.page.evaluate(() => document.activeElement?.id)).toBe("camera");
  });

  it("gives a photograph of its own size, and is let go of", async () => {
    const { photos } = await studio.state();
    await start();
    const open = await track();
    await studio.page.getByRole("button", { name: "Take picture" }).click();
    await studio.page.waitForFunction((count) => globalThis.impasto.state().photos.length > count, photos.length);
    await studio.painted();
    expect(await open.evaluate(({ readyState }) => readyState)).toBe("ended");
    const state = await studio.state();
    expect(state.live).toBe(false);
    expect(state.photoId).toBe(state.photos.at(-1)?.id);
    expect(state.photoSize).toEqual({ width: 1280, height: 720 });
  });

  it("leaves nothing on the console, and asks nobody for anything", () => {
    expect(studio.complaints).toEqual([]);
    expect(studio.elsewhere()).toEqual([]);
  });
});

describe("without a camera", () => {
  it.each([
    ["there is none", [], /^No camera was found on this machine\.$/],
    ["it is not allowed", [CAMERAS[0] ?? "", "--use-fake-ui-for-media-stream=deny"], /^This page may not use the camera\. Allow it in the browser's settings/],
  ] as const)("the page says so in a sentence where %s", async (_, further, sentence) => {
    const other = await launch(...further);
    const page = await Studio.open(other, `${site.address}?debug&backend=wasm`);
    await page.page.getByRole("button", { name: "Camera", exact: true }).click();
    await expect.poll(() => page.message(), PATIENCE).toMatch(sentence);
    expect((await page.state()).live).toBe(false);
    expect(page.complaints).toEqual([]);
    await other.close();
  });
});

describe.runIf(process.env["SLOW"] === "1")("for a minute", { timeout: 200 * SECONDS }, () => {
  it("the number of tensors stays, and so does the speed", async () => {
    await start();
    const counts = new Set<number>();
    for (const end = Date.now() + 60 * SECONDS; Date.now() < end; ) for (const count of await tensorCounts(20)) counts.add(count);
    expect(counts).toHaveLength(1);
    console.log(`192 pixels: ${await studio.page.locator("#live-status").innerText()}`);
    expect(await rate()).toBeGreaterThanOrEqual(8);
  });
});
