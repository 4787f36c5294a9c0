/** Large pictures at full length; minutes, so only with SLOW=1. */
import { describe, expect, it } from "vitest";
import { peakMemory } from "./memory";
import { distance, photograph, pngHead, type Upload } from "./pictures";
import { openSite, Studio } from "./studio";

const MINUTES = 60_000;

describe.runIf(process.env["SLOW"] === "1")("a photograph", { timeout: 20 * MINUTES }, () => {
  const site = openSite();

  it("of 4000 x 3000 pixels is painted, within 1.5 GB, and downloads", async () => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
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
    const peak = await peakMemory(site.browser);
    console.log(`4000 x 3000: ${await studio.status()}; the renderer's largest resident set was ${Math.round(peak / 1e6)} MB`);
    expect(peak).toBeLessThan(1.5e9);
    expect(studio.complaints).toEqual([]);
    await studio.context.close();
  });

  /** The photograph painted at full size by the page with each of two sets of parameters, and how far the results are apart. */
  async function compare(width: number, height: number, ...parameters: readonly [string, string]): Promise<{ mean: number; largest: number }> {
    const results: Buffer[] = [];
    let file: Upload | null = null;
    for (const parameter of parameters) {
      const studio = await Studio.painting(site.browser, `${site.address}?debug&${parameter}`);
      file ??= await photograph(studio.page, "holiday.jpg", width, height);
      await studio.choosePhoto(file);
      await studio.painted();
      await studio.slide(["size", Infinity]);
      await studio.painted(15 * MINUTES);
      expect(await studio.message()).toBe("");
      expect((await studio.state()).model?.backend).toBe(/backend=(\w+)/.exec(parameter)?.[1]);
      console.log(`${width} x ${height}, ${parameter}: ${await studio.status()}`);
      const { bytes } = await studio.download();
      expect(pngHead(bytes)).toEqual({ signature: "PNG", width, height });
      results.push(bytes);
      await studio.context.close();
    }
    const studio = await Studio.open(site.browser, site.address);
    const apart = await distance(studio.page, ...(results as [Buffer, Buffer]));
    console.log(`${parameters.join(" and ")} are apart by ${apart.mean} of 255 in the mean, ${apart.largest} at most`);
    await studio.context.close();
    return apart;
  }

  it("of 1500 x 1100 pixels is painted alike in tiles and as a whole", async () => {
    // Statistics of a mosaic are not quite those of the whole; those of the picture's grain and lines least of all.
    expect((await compare(1500, 1100, "backend=wasm&tile=2048", "backend=wasm")).mean).toBeLessThan(8);
  });

  it("of 1500 x 1100 pixels is painted alike by WebGL and WebAssembly, in tiles", async () => {
    expect((await compare(1500, 1100, "backend=wasm", "backend=webgl")).mean).toBeLessThan(0.5);
  });
});
