import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { altered } from "./altered";
import { missingFile } from "./require_build";
import { addressOf, difference, openSite, servePlainly, Studio } from "./studio";

const site = openSite();

/** What Chromium's own graphics drivers say; nothing that the page could change. */
const fromTheDriver = (complaint: string): boolean => complaint.includes("GL Driver Message");

describe("backends", () => {
  it("can be changed on the page; WebAssembly and WebGL paint the same picture", async () => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
    const expected = await studio.slideAndPaint(["size", 128], ["strength", 70]);
    await studio.page.getByLabel("Runs on").selectOption("webgl");
    await studio.page.waitForFunction(() => globalThis.impasto.state().model?.backend === "webgl", undefined, { timeout: 80_000 });
    await studio.painted();
    expect(await studio.status()).toMatch(/^WebGL · [\d,]+ (ms|secs?) · 128 × /);
    expect(difference(expected, await studio.result())).toBeLessThan(1);
    expect(studio.complaints.filter((complaint) => !fromTheDriver(complaint))).toEqual([]);
    await studio.context.close();
  });

  it("are chosen for speed: no software renderer where WebAssembly works", async () => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug`);
    const { model } = await studio.state();
    expect(model?.backend).toBe("wasm");
    expect(model?.rejected.map(({ backend }) => backend)).toEqual(["webgpu", "webgl"]);
    await studio.context.close();
  });

  it("that do not work here are replaced, with a sentence", async () => {
    const withoutWebGpu = "Object.defineProperty(navigator, 'gpu', { value: undefined });";
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=webgpu`, (context) =>
      context.route(/engine\/worker-.*\.js$/, altered(async (answer) => ({ body: withoutWebGpu + (await answer.text()) }))),
    );
    expect(await studio.message()).toMatch(/^WebGPU does not work in this browser, so WebAssembly is used\.$/);
    await studio.context.close();
  });

  it("WebAssembly uses threads where there are processors for them", async () => {
    const eightProcessors = "Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8 });";
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
      context.route(/engine\/worker-.*\.js$/, altered(async (answer) => ({ body: eightProcessors + (await answer.text()) }))),
    );
    expect(await studio.status()).toMatch(/^WebAssembly, 4 threads · /);
    expect(studio.complaints).toEqual([]);
    await studio.context.close();
  });
});

describe("servers", () => {
  it("need no special headers, and may keep the page in a folder", async () => {
    const plain = await servePlainly("/art/impasto/");
    try {
      const studio = await Studio.painting(site.browser, `${addressOf(plain)}?debug&backend=wasm`);
      expect(new URL(studio.page.url()).pathname).toBe("/art/impasto/");
      expect(await studio.page.evaluate(() => crossOriginIsolated)).toBe(false);
      expect(studio.complaints).toEqual([]);
      await studio.context.close();
    } finally {
      await plain.close();
    }
  });

  it("of ours isolates the page, so that threads are possible", async () => {
    const studio = await Studio.open(site.browser, site.address);
    expect(await studio.page.evaluate(() => crossOriginIsolated)).toBe(true);
    const types = await studio.page.evaluate(async () => {
      const wasm = performance.getEntriesByType("resource").map(({ name }) => name);
      return Promise.all(["icon.svg", "model/manifest.json", ...wasm.filter((name) => name.endsWith(".js"))].map(async (url) => (await fetch(url)).headers.get("content-type")));
    });
    expect(types[0]).toBe("image/svg+xml");
    expect(types[1]).toBe("application/json");
    for (const type of types.slice(2)) expect(type).toMatch(/^text\/javascript/);
    await studio.context.close();
  });

  it("that lack the model get a sentence with the command", async () => {
    const studio = await Studio.open(site.browser, `${site.address}?debug`, (context) =>
      context.route("**/model/manifest.json", (route) => route.fulfill({ status: 404, body: "" })),
    );
    await studio.page.getByRole("alert").filter({ hasText: "The model is not on the server" }).waitFor();
    expect(await studio.message()).toMatch(/model\/manifest\.json \(status 404\)\. It belongs into the folder “model”/);
    // The engine's is gone; the one that reads pictures needs no model.
    await expect.poll(() => studio.page.workers().filter((worker) => !worker.url().includes("/reading-")).length).toBe(0);
    await studio.context.close();
  });

  it("that send a damaged model get a sentence with the checksums", async () => {
    const studio = await Studio.open(site.browser, `${site.address}?debug`, (context) =>
      context.route(
        "**/model/transformer/*.bin",
        altered(async (answer) => {
          const body = await answer.body();
          body[100] = (body[100] ?? 0) ^ 1;
          return { body };
        }),
      ),
    );
    await studio.page.getByRole("alert").filter({ hasText: "The model on the server is damaged" }).waitFor();
    expect(await studio.message()).toMatch(/transformer\/.*\.bin: expected sha256 [0-9a-f]{64}, received [0-9a-f]{64}\./);
    await studio.context.close();
  });

  it("that lack the samples still serve the visitor's own pictures", async () => {
    const studio = await Studio.open(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
      context.route("**/samples/samples.json", (route) => route.fulfill({ status: 404, body: "" })),
    );
    await studio.page.getByRole("alert").filter({ hasText: "The sample pictures could not be fetched" }).waitFor();
    await studio.context.close();
  });
});

describe("the check before these tests", () => {
  it("names the missing file and the command", () => {
    const root = mkdtempSync(path.join(tmpdir(), "impasto-"));
    try {
      expect(missingFile(root)).toMatch(/^web_demo\/public\/model\/manifest\.json is missing\. It is part of the repository/);
      cpSync(path.resolve(import.meta.dirname, "../../public"), path.join(root, "public"), { recursive: true });
      expect(missingFile(root)).toBe("web_demo/dist/index.html is missing. Run `npm run build` in web_demo.");
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
