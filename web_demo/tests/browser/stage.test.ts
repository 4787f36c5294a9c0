/** What happens to a picture on its way to the eye: a preview first, and whose colours it has. */
import { beforeAll, describe, expect, it } from "vitest";
import { stripes } from "./pictures";
import { difference, openSite, type Rgba, Studio } from "./studio";

const site = openSite();
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
});

/** Writes down the width of every picture that is shown, and the order of slider moves among them. */
async function watchWidths(): Promise<() => Promise<readonly (number | string)[]>> {
  await studio.page.evaluate(() => {
    const seen: (number | string)[] = [];
    Object.assign(globalThis, { seen });
    const result = document.querySelector<HTMLCanvasElement>("#result");
    if (result === null) throw new Error("no result canvas");
    new MutationObserver(() => seen.push(result.width)).observe(result, { attributes: true, attributeFilter: ["width"] });
  });
  return () => studio.page.evaluate(() => (globalThis as unknown as { seen: (number | string)[] }).seen);
}

/** How large a preview is depends on the machine's pace; its bounds do not (src/page/pace.ts). */
function expectPreview(width: number | string | undefined): void {
  expect(width).toBeTypeOf("number");
  expect(width).toBeGreaterThanOrEqual(256);
  expect(width).toBeLessThanOrEqual(512);
}

describe("a picture that takes long", () => {
  let rested: Rgba;

  it("comes after a preview", async () => {
    await studio.choosePhoto(await stripes(studio.page, "stripes.jpg", 800, 600, 20));
    await studio.painted();
    const widths = await watchWidths();
    rested = await studio.slideAndPaint(["size", Infinity]);
    const [preview, ...later] = await widths();
    expectPreview(preview);
    expect(later).toEqual([800]);
    expect(await studio.status()).toContain("800 × 600 px");
  });

  it("is left at previews while a slider moves, and painted when it rests", async () => {
    rested = await studio.slideAndPaint(["strength", 150]);
    const widths = await watchWidths();
    const slider = studio.page.getByRole("slider", { name: "Strength" });
    await slider.scrollIntoViewIfNeeded();
    const box = await slider.boundingBox();
    if (box === null) throw new Error("the slider is not visible");
    const { mouse } = studio.page;
    await mouse.move(box.x + box.width - 9, box.y + box.height / 2);
    await mouse.down();
    // To and fro until previews have come, and then some more.
    for (let move = 0; move < 15 || (await widths()).length === 0; move++) {
      await mouse.move(box.x + box.width * (0.4 + 0.02 * (move % 15)), box.y + box.height / 2);
    }
    await mouse.move(box.x + box.width - 2, box.y + box.height / 2);
    await studio.page.evaluate(() => (globalThis as unknown as { seen: (number | string)[] }).seen.push("rest"));
    await mouse.up();
    await studio.painted();
    expect((await studio.state()).strength).toBe(1.5);
    const [preview, ...later] = await widths();
    expectPreview(preview);
    expect(later).toEqual(["rest", 800]);
    expect(difference(rested, await studio.result())).toBe(0);
  });
});

/** Full-range BT.601 (ITU-T T.871), of 0 to 255. */
function lumaAndChroma({ data }: Rgba, pixel: number): readonly [number, number, number] {
  const [red = 0, green = 0, blue = 0] = data.slice(4 * pixel, 4 * pixel + 3);
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [luma, (blue - luma) / 1.772, (red - luma) / 1.402];
}

describe("the photograph's colours", () => {
  const shownPhotograph = (): Promise<Rgba> => studio.canvas("#photograph");

  it("are kept with the result's brightness, in any amount, without painting again", async () => {
    const free = await studio.slideAndPaint(["size", 128]);
    const { painted } = await studio.state();
    await studio.page.getByLabel("Keep the photograph's colours").check();
    expect(await studio.state()).toMatchObject({ painted, painting: false });
    const [kept, photo] = [await studio.result(), await shownPhotograph()];
    let chroma: readonly [number, number] = [0, 0];
    const worst = { luma: 0, hue: 0, excess: 0 };
    for (let pixel = 0; pixel < kept.width * kept.height; pixel++) {
      const [before, after, own] = [lumaAndChroma(free, pixel), lumaAndChroma(kept, pixel), lumaAndChroma(photo, pixel)];
      const [length, wanted] = [Math.hypot(after[1], after[2]), Math.hypot(own[1], own[2])];
      chroma = [chroma[0] + length, chroma[1] + wanted];
      worst.luma = Math.max(worst.luma, Math.abs(after[0] - before[0]));
      // Distance from the line of the photograph's hue.
      worst.hue = Math.max(worst.hue, Math.abs(after[1] * own[2] - after[2] * own[1]) / Math.max(1, wanted));
      worst.excess = Math.max(worst.excess, length - wanted);
    }
    // Steps of 255; where colours do not fit that brightness they are weaker.
    expect(worst.luma).toBeLessThan(3);
    expect(worst.hue).toBeLessThan(3);
    expect(worst.excess).toBeLessThan(3);
    expect(chroma[0] / chroma[1]).toBeGreaterThan(0.5);

    await studio.slide(["keep-amount", 50]);
    const half = await studio.result();
    expect(difference(free, half)).toBeCloseTo(difference(free, kept) / 2, 0);
    await studio.page.getByLabel("Keep the photograph's colours").uncheck();
    expect(difference(free, await studio.result())).toBe(0);
    expect(await studio.state()).toMatchObject({ painted, painting: false });
  });

  it("can be given to the paintings before", async () => {
    const free = await studio.result();
    await studio.page.getByLabel("Recolour the paintings first").check();
    await studio.painted();
    const recoloured = await studio.result();
    expect(difference(free, recoloured)).toBeGreaterThan(0.5);
    const photo = await shownPhotograph();
    const distance = (picture: Rgba): number => {
      const means = (of: Rgba): number[] => [0, 1, 2].map((i) => of.data.reduce((sum, v, k) => (k % 4 === i ? sum + v : sum), 0) / (of.data.length / 4));
      const [a, b] = [means(picture), means(photo)];
      return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0);
    };
    expect(distance(recoloured)).toBeLessThan(distance(free));
    await studio.page.getByLabel("Recolour the paintings first").uncheck();
    await studio.painted();
    expect(difference(free, await studio.result())).toBe(0);
  });

  it("were all shown without complaints", () => {
    expect(studio.complaints).toEqual([]);
  });
});
