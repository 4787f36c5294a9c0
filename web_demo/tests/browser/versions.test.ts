/** A new version of the page, where there is something to lose: own pictures, and another tab. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stripes } from "./pictures";
import { addressOf, launch, Studio } from "./studio";

const ROOT = path.resolve(import.meta.dirname, "../..");

let browser: Browser;
let copy: string;
let server: PreviewServer;

beforeAll(async () => {
  copy = mkdtempSync(path.join(tmpdir(), "impasto-"));
  cpSync(path.join(ROOT, "dist"), copy, { recursive: true });
  [browser, server] = await Promise.all([launch(), preview({ root: ROOT, logLevel: "error", build: { outDir: copy }, preview: { port: 0, open: false } })]);
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(copy, { recursive: true });
});

interface Made {
  readonly own: readonly string[];
  readonly chosen: string | undefined;
  readonly strength: number;
}

/** What a tab shows, once it has painted it; a page that is left once more for the new version is waited for. */
async function made(page: Page): Promise<Made> {
  const found = await page.waitForFunction(
    () => {
      if (!("impasto" in globalThis) || "before" in globalThis) return null;
      const { photos, photoId, strength, painted, painting } = globalThis.impasto.state();
      if (painted === null || painting) return null;
      return { own: photos.filter(({ own }) => own).map(({ title }) => title), chosen: photos.find(({ id }) => id === photoId)?.title, strength };
    },
    undefined,
    { timeout: 80_000 },
  );
  return (await found.jsonValue()) as Made;
}

describe("a new version", () => {
  it("comes to both tabs when one asks for it, and takes neither's pictures and choices", async () => {
    const address = `${addressOf(server)}?debug&backend=wasm`;
    const studio = await Studio.painting(browser, address);
    const { page, context } = studio;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await studio.painted();
    await page.mouse.click(5, 5);
    await studio.choosePhoto(await stripes(page, "first.png", 120, 90, 10));
    await studio.slideAndPaint(["strength", 70]);
    const other = await context.newPage();
    const second = new Studio(other, context);
    await other.goto(address);
    await second.painted();
    await other.mouse.click(5, 5);
    await second.choosePhoto(await stripes(other, "second.png", 120, 90, 200));
    await second.slideAndPaint(["strength", 30]);
    appendFileSync(path.join(copy, "sw.js"), "\n// another version");
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    for (const tab of [page, other]) {
      await tab.getByText("A new version of this page is ready.").waitFor();
      await tab.evaluate(() => Object.assign(globalThis, { before: true }));
    }
    await page.getByRole("button", { name: "Reload now" }).click();
    const after = [await made(page), await made(other)];
    expect(after).toMatchObject([{ chosen: "first.png", strength: 0.7 }, { chosen: "second.png", strength: 0.3 }]);
    for (const { own } of after) expect([...own].sort()).toEqual(["first.png", "second.png"]);
    expect(studio.complaints).toEqual([]);
    await context.close();
  });
});
