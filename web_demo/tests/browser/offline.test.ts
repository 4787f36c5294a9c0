import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, launch, Studio } from "./studio";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Page, engine and WebAssembly, compressed as servers do; the model and the samples come on top. */
const BUDGET = 700_000;

let browser: Browser;
/** Of the built page: this one gets a new version, and goes away. */
let copy: string;
let server: PreviewServer;

beforeAll(async () => {
  copy = mkdtempSync(path.join(tmpdir(), "impasto-"));
  cpSync(path.join(ROOT, "dist"), copy, { recursive: true });
  [browser, server] = await Promise.all([
    launch(),
    preview({ root: ROOT, logLevel: "error", build: { outDir: copy }, preview: { port: 0, open: false } }),
  ]);
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(copy, { recursive: true });
});

describe("the page on this machine", () => {
  it("is small, is replaced when the visitor says so, and paints without a network", async () => {
    const address = addressOf(server);
    const sent = new Set<string>();
    server.httpServer.on("request", ({ url, headers }: { url?: string; headers: { referer?: string } }) => {
      if (!headers.referer?.endsWith("sw.js")) sent.add(new URL(url ?? "", address).pathname.slice(1) || "index.html");
    });
    const studio = await Studio.painting(browser, `${address}?debug&backend=wasm`);
    const { page } = studio;
    expect((await fetch(address)).headers.get("permissions-policy")).toContain("camera=(self), microphone=()");
    const programs = [...sent].filter((file) => !/^(model|samples)\/|^sw\.js$/.test(file));
    const bytes = programs.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(copy, file))).length, 0);
    expect(programs.some((file) => file.endsWith(".wasm"))).toBe(true);
    expect(bytes, programs.join(", ")).toBeLessThan(BUDGET);
    console.info(`page and WebAssembly: ${Math.round(bytes / 1000)} kB`);

    // Everything is kept, which the page does after its first picture; then there is a new version.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    expect(await page.locator("#update").isVisible()).toBe(false);
    appendFileSync(path.join(copy, "sw.js"), "\n// another version");
    await page.reload();
    await page.getByText("A new version of this page is ready.").waitFor();
    await page.screenshot({ path: "/tmp/lab3/shots/engine-update.png" });
    await page.evaluate(() => Object.assign(globalThis, { before: true }));
    await page.getByRole("button", { name: "Reload now" }).click();
    await page.waitForFunction(() => !("before" in globalThis));
    await studio.painted();
    expect(await page.locator("#update").isVisible()).toBe(false);

    await server.close();
    await studio.context.setOffline(true);
    await page.reload();
    await studio.painted();
    expect(await studio.status()).toMatch(/^WebAssembly/);
    // The headers are kept with the files.
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect((await studio.slideAndPaint(["size", 128])).width).toBe(128);
    expect(studio.complaints).toEqual([]);
    await studio.context.close();
  });
});
