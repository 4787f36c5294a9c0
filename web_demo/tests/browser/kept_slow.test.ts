import { describe, expect, it } from "vitest";
import { stripes } from "./pictures";
import { openSite, Studio } from "./studio";

const PATIENCE_MS = 150_000;
const site = openSite();

describe.runIf(process.env["SLOW"] === "1")("100 paintings and 60 photographs", () => {
  it("take a bounded amount of memory, and are all there after a reload", async () => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
    const { page } = studio;
    const painting = await stripes(page, "painting.jpg", 700, 500, 10);
    const photo = await stripes(page, "photo.jpg", 2400, 1800, 90);
    const own = (kind: "styles" | "photos", count: number): Promise<unknown> =>
      page.waitForFunction(
        ([which, wanted]) => "impasto" in globalThis && globalThis.impasto.state()[which].filter((item) => item.own).length === wanted,
        [kind, count] as const,
        { timeout: PATIENCE_MS },
      );
    await page.getByLabel("Add paintings").setInputFiles(Array.from({ length: 100 }, () => painting));
    await own("styles", 100);
    for (let i = 0; i < 60; i++) await studio.choosePhoto(photo);
    await own("photos", 60);
    const bytes = await page.evaluate(() => globalThis.impasto.kept());
    expect(bytes).toBeGreaterThan(50e6);
    expect(bytes).toBeLessThan(145e6);
    await page.reload();
    await Promise.all([own("styles", 100), own("photos", 60)]);
    await studio.context.close();
  });
});
