/** Large pictures at full length; minutes, so only with SLOW=1. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import type { PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { distance, photograph, pngHead, type Upload } from "./pictures";
import { addressOf, launch, serve, Studio } from "./studio";

const MINUTES = 60_000;

/** The most memory that a renderer process of this browser has held at once, in bytes; nothing is shared out of it. */
async function peakMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const peaks = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]) * 1024);
  return Math.max(...peaks);
}

describe.runIf(process.env["SLOW"] === "1")("a photograph", { timeout: 20 * MINUTES }, () => {
  let server: PreviewServer;
  let browser: Browser;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), serve()]);
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it("of 4000 x 3000 pixels is painted, within 1.5 GB, and downloads", async () => {
    const studio = await Studio.painting(browser, `${addressOf(server)}?debug&backend=wasm`);
    const file = await photograph(studio.page, "holiday.jpg", 4000, 3000);
    await studio.choosePhoto(file);
    await studio.painted();
    const before = await studio.page.evaluate(async () => (await globalThis.impasto.memory()).tensors);
    await studio.slide(["size", Infinity]);
    await studio.painted(15 * MINUTES);
    expect(await studio.message()).toBe("");
    const { bytes } = await studio.download();
    expect(pngHead(bytes)).toEqual({ signature: "PNG", width: 4000, height: 3000 });
    expect(await studio.page.evaluate(async () => (await globalThis.impasto.memory()).tensors)).toBe(before);
    const peak = await peakMemory(browser);
    console.log(`4000 x 3000: ${await studio.status()}; the renderer's largest resident set was ${Math.round(peak / 1e6)} MB`);
    expect(peak).toBeLessThan(1.5e9);
    expect(studio.complaints).toEqual([]);
    await studio.context.close();
  });

  it("of 1500 x 1100 pixels is painted alike by WebGL and WebAssembly", async () => {
    const results: Buffer[] = [];
    let file: Upload | null = null;
    for (const backend of ["wasm", "webgl"]) {
      const studio = await Studio.painting(browser, `${addressOf(server)}?debug&backend=${backend}`);
      expect((await studio.state()).model?.backend).toBe(backend);
      file ??= await photograph(studio.page, "holiday.jpg", 1500, 1100);
      await studio.choosePhoto(file);
      await studio.painted();
      await studio.slide(["size", Infinity]);
      await studio.painted(15 * MINUTES);
      expect(await studio.message()).toBe("");
      console.log(`1500 x 1100: ${await studio.status()}`);
      results.push((await studio.download()).bytes);
      if (results.length === 2) {
        const [wasm, webgl] = results as [Buffer, Buffer];
        expect(pngHead(webgl)).toEqual({ signature: "PNG", width: 1500, height: 1100 });
        const apart = await distance(studio.page, wasm, webgl);
        console.log(`WebGL is apart from WebAssembly by ${apart.mean} of 255 in the mean, ${apart.largest} at most`);
        expect(apart.mean).toBeLessThan(1);
      }
      await studio.context.close();
    }
  });
});
