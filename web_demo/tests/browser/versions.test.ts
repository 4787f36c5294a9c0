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

const painted = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => "impasto" in globalThis && globalThis.impasto.state().painted !== null && !globalThis.impasto.state().painting, undefined, { timeout: 80_000 });

const made = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => {
    const { photos, photoId, strength } = globalThis.impasto.state();
    return [photos.filter(({ own }) => own).map(({ title }) => title), photos.find(({ id }) => id === photoId)?.title, strength];
  });

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
    const before = [await made(page), await made(other)];

    appendFileSync(path.join(copy, "sw.js"), "\n// another version");
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    for (const tab of [page, other]) {
      await tab.getByText("A new version of this page is ready.").waitFor();
      await tab.evaluate(() => Object.assign(globalThis, { before: true }));
    }
    await page.getByRole("button", { name: "Reload now" }).click();
    for (const tab of [page, other]) {
      await tab.waitForFunction(() => !("before" in globalThis), undefined, { timeout: 80_000 });
      await painted(tab);
    }
    const after = [await made(page), await made(other)];
    expect(after.map(([, photo, strength]) => [photo, strength])).toEqual(before.map(([, photo, strength]) => [photo, strength]));
    expect(after.map(([, photo, strength]) => [photo, strength])).toEqual([["first.png", 0.7], ["second.png", 0.3]]);
    for (const [own] of after) expect(own).toEqual(expect.arrayContaining(["first.png", "second.png"]));
    expect(studio.complaints).toEqual([]);
    await context.close();
  });
});
