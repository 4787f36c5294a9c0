import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Remembered } from "../../src/page/fastest";
import type { BackendName } from "../../src/shared/protocol";
import { addressOf, launch, serve, Studio } from "./studio";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PATIENCE = { timeout: 80_000 };
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

    // Everything is kept, which the page does after its first picture; then there is a new version.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    expect(await page.locator("#update").isVisible()).toBe(false);
    appendFileSync(path.join(copy, "sw.js"), "\n// another version");
    await page.reload();
    await page.getByText("A new version of this page is ready.").waitFor();
    // Told to go while it answers, the old version would stay for most of a minute.
    await page.evaluate(() => {
      Object.assign(globalThis, { before: true });
      const ask = async (times: number): Promise<void> => {
        for (let time = 0; time < times; time++) await (await fetch(`index.html?${time}`)).text();
      };
      for (let caller = 0; caller < 4; caller++) void ask(40);
    });
    await page.getByRole("button", { name: "Reload now" }).click();
    await page.waitForFunction(() => !("before" in globalThis));
    await studio.painted();
    expect(await page.locator("#update").isVisible()).toBe(false);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting)).toBe(null);

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

describe("the fastest backend", () => {
  it("is measured, and kept for this browser and model", async () => {
    const whole = await serve();
    const address = addressOf(whole);
    const studio = await Studio.painting(browser, `${address}?debug&measure=wasm,wasm`);
    const { page } = studio;
    const kept = await page.waitForFunction(() => localStorage.getItem("impasto.backend"), undefined, PATIENCE);
    const found = JSON.parse(String(await kept.jsonValue())) as Remembered;
    expect(found.timings.map(({ backend }) => backend)).toEqual(["wasm", "wasm"]);
    for (const { ms } of found.timings) expect(ms).toBeGreaterThan(1);
    expect(found.backend).toBe("wasm");

    // What is remembered comes before the usual order; what was remembered by another browser does not.
    const backendOf = async (remembered: Partial<Remembered>): Promise<BackendName | undefined> => {
      await page.evaluate((text) => localStorage.setItem("impasto.backend", text), JSON.stringify({ ...found, ...remembered }));
      await page.goto(`${address}?debug`);
      await page.waitForFunction(() => "impasto" in globalThis && globalThis.impasto.state().phase === "ready", undefined, PATIENCE);
      return (await studio.state()).model?.backend;
    };
    expect(await backendOf({ backend: "cpu" })).toBe("cpu");
    expect(await backendOf({ backend: "cpu", agent: "another" })).toBe("wasm");
    await studio.context.close();
    await whole.close();
  });
});
