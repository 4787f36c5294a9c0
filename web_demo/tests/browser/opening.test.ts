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
