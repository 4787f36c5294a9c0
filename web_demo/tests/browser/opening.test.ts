/** What is seen before the scripts have come. */
import { describe, expect, it } from "vitest";
import { openSite } from "./studio";

const site = openSite();

describe("before any script", () => {
  it.each([
    [412, 823],
    [768, 1024],
    [1350, 940],
  ])("what the panel begins with is seen on %i x %i pixels, and stays where it is", async (width, height) => {
    const places: number[] = [];
    for (const javaScriptEnabled of [false, true]) {
      const context = await site.browser.newContext({ viewport: { width, height }, isMobile: width < 800, javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(site.address);
      if (javaScriptEnabled) await page.locator("#frame.painted").waitFor();
      const hint = page.getByText("Choose one or many, drop them or a folder anywhere");
      await hint.waitFor();
      expect(await page.locator("legend").first().isVisible()).toBe(true);
      // What does nothing yet is not seen.
      expect(await page.locator("#download").isVisible()).toBe(javaScriptEnabled);
      places.push((await hint.boundingBox())?.y ?? NaN);
      await context.close();
    }
    const [before = NaN, after = NaN] = places;
    expect(Math.abs(before - after)).toBeLessThanOrEqual(2);
  });
});

describe("when the first picture comes", () => {
  // Widths at which the line below the picture has all kinds of room, and the languages with the longest words.
  it.each([
    [412, 823, "en"],
    [820, 1000, "de"],
    [1024, 768, "es"],
    [1350, 940, "en"],
    [1350, 940, "de"],
    [1600, 900, "ko"],
  ])("nothing moves on %i x %i pixels, %s", async (width, height, locale) => {
    const context = await site.browser.newContext({ viewport: { width, height }, isMobile: width < 800, locale });
    const page = await context.newPage();
    await page.goto(site.address);
    // Its own size is the photograph's, which is there before the picture.
    await page.waitForFunction(() => document.querySelector("#frame")?.getAttribute("style")?.includes("--ratio: 1;"));
    const frame = page.locator("#frame");
    const before = await frame.boundingBox();
    await page.locator("#frame.painted").waitFor();
    await page.waitForFunction(() => / · /.test(document.querySelector("#status")?.textContent ?? ""));
    expect(await frame.boundingBox()).toEqual(before);
    await context.close();
  });
});
