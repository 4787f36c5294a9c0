import { describe, expect, it } from "vitest";
import { serveFurther, type Further } from "./further_painter";
import { difference, openSite, Studio } from "./studio";

const site = openSite();
const PATIENCE = { timeout: 80_000 };

/** @param painter What the address asks for; "remembered" is none, so that the page chooses as for any visitor. */
async function opened(prepare: (further: Further) => void = () => undefined, painter = "remembered"): Promise<{ studio: Studio; further: Further }> {
  let further: Further | undefined;
  const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm&painter=${painter}`, async (context) => {
    further = await serveFurther(context);
    prepare(further);
  });
  if (further === undefined) throw new Error("the context was not prepared");
  return { studio, further };
}

const fineIs = (studio: Studio, status: string): Promise<unknown> =>
  studio.page.waitForFunction((wanted) => globalThis.impasto.state().fine.status === wanted, status, PATIENCE);

const paintedBy = async (studio: Studio, painter: string): Promise<void> => {
  await studio.page.waitForFunction((wanted) => globalThis.impasto.state().painted?.painter === wanted, painter, PATIENCE);
  await studio.painted();
};

describe("two painters", () => {
  it("the fine one is fetched after the first picture, paints when it is chosen, is remembered, and shares styles", async () => {
    const { studio, further } = await opened();
    const { page } = studio;
    const choice = page.getByLabel("Painter");
    await choice.selectOption("Fine");
    await fineIs(studio, "fetching");
    expect((await studio.state()).painted?.painter).toBe("fast");
    const fast = await studio.result();
    // The fast one goes on while files are on their way.
    await studio.slideAndPaint(["strength", 90]);
    await studio.slideAndPaint(["strength", 100]);
    expect(difference(fast, await studio.result())).toBeLessThan(1);
    further.release();
    await paintedBy(studio, "fine");
    expect(difference(fast, await studio.result())).toBeGreaterThan(10);
    expect(await studio.status()).toMatch(/ · painter: fine$/);
    // One predictor, and none of the painter's own.
    expect(further.asked.filter((name) => name.includes("predictor"))).toEqual([]);

    const link = await page.evaluate(() => localStorage.getItem("impasto.settings"));
    expect(JSON.parse(link ?? "{}")).toMatchObject({ painter: "fine" });
    await page.reload();
    await paintedBy(studio, "fine");
    await choice.selectOption("Fast");
    await paintedBy(studio, "fast");
    expect(difference(fast, await studio.result())).toBeLessThan(1);
    expect(studio.complaints).toEqual([]);
    await studio.context.close();
  });

  it("by itself the page takes what the machine paints within a second, and says so", async () => {
    const { studio, further } = await opened();
    const { page } = studio;
    further.release();
    await studio.slideAndPaint(["size", 128]);
    await fineIs(studio, "ready");
    const { msPerPixel } = (await studio.state()).fine;
    expect(msPerPixel).toBeGreaterThan(0);
    // 128 x 96 pixels or so: any machine that runs this test.
    await paintedBy(studio, "fine");
    await expect.poll(() => page.locator("#painter-hint").textContent()).toMatch(/^The fine painter takes about .* so it paints\.$/);
    await studio.context.close();
  });

  it("one that the address asks for paints on this visit only", async () => {
    const { studio, further } = await opened(undefined, "fine");
    further.release();
    await paintedBy(studio, "fine");
    await studio.slideAndPaint(["strength", 90]);
    const kept = (): Promise<unknown> => studio.page.evaluate(() => JSON.parse(localStorage.getItem("impasto.settings") ?? "{}") as unknown);
    await expect.poll(kept).toMatchObject({ strength: 0.9, painter: "auto" });
    await studio.context.close();
  });

  it("a painter that cannot be fetched is said, and can be asked for again", async () => {
    const { studio, further } = await opened((prepared) => {
      prepared.lost = true;
      prepared.release();
    });
    const { page } = studio;
    await page.getByLabel("Painter").selectOption("Fine");
    await fineIs(studio, "failed");
    expect(await page.locator("#painter-hint").textContent()).toBe("The fine painter could not be fetched, so the fast one paints.");
    await studio.slideAndPaint(["strength", 60]);
    expect((await studio.state()).painted?.painter).toBe("fast");
    further.lost = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await paintedBy(studio, "fine");
    await studio.context.close();
  });
});

describe("wrapping around", () => {
  it("makes the borders of the result meet", async () => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
    await studio.slideAndPaint(["size", 192]);
    const plain = seam(await studio.result());
    await studio.page.getByLabel("Wrap around").check();
    await studio.painted();
    const wrapped = seam(await studio.result());
    expect(plain).toBeGreaterThan(1);
    expect(wrapped).toBeLessThanOrEqual(1);
    await studio.context.close();
  });
});

/** The difference of the last column and the first one, over the largest of 16 neighbouring columns on either side. */
function seam({ width, height, data }: { readonly width: number; readonly height: number; readonly data: readonly number[] }): number {
  const apart = (left: number, right: number): number => {
    let sum = 0;
    for (let y = 0; y < height; y++) for (let channel = 0; channel < 3; channel++) sum += Math.abs((data[4 * (width * y + left) + channel] ?? 0) - (data[4 * (width * y + right) + channel] ?? 0));
    return sum;
  };
  const around = Array.from({ length: 16 }, (_, i) => Math.max(apart(i, i + 1), apart(width - 2 - i, width - 1 - i)));
  return apart(width - 1, 0) / Math.max(...around);
}
