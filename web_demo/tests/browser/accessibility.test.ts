/** The rules of axe on the page: light and dark, on a phone and on a desk, with everything open that can be opened. */
import { beforeAll, describe, expect, it } from "vitest";
import { brokenRules } from "./axe";
import { openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
  await studio.page.getByLabel("Keep the photograph's colours").check();
  await studio.page.getByRole("button", { name: "Add a region" }).click();
  await studio.painted();
});

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  it.each([390, 1280])("at %d px breaks no rule", async (width) => {
    await studio.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await studio.page.setViewportSize({ width, height: 844 });
    expect(await brokenRules(studio.page)).toEqual([]);
  });
});
