/** The rules of axe on the page: light and dark, on a phone and on a desk, with everything open that can be opened. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
  await studio.page.getByLabel("Keep the photograph's colours").check();
  await studio.page.getByRole("button", { name: "Add a region" }).click();
  await studio.painted();
  // Runs beside the page's scripts, where its Content-Security-Policy has no say.
  await studio.page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
});

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  it.each([390, 1280])("at %d px breaks no rule", async (width) => {
    await studio.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await studio.page.setViewportSize({ width, height: 844 });
    const { violations } = await studio.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: (context: Document, options: object) => Promise<AxeResults> } };
      return axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)).toEqual([]);
  });
});
