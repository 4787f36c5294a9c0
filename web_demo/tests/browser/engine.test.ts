import type { Page, Worker as PageWorker } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { BackendName } from "../../src/shared/protocol";
import { openSite, Studio } from "./studio";

declare global {
  var answersAreBroken: boolean | undefined;
}

const site = openSite();

const PATIENCE = { timeout: 80_000 };

/** The workers that paint; another one reads pictures. */
const engines = (page: Page): readonly PageWorker[] => page.workers().filter((worker) => !worker.url().includes("/reading-"));

/** Takes the graphics processor away from the page's worker, as a driver does that restarts. */
async function loseContext(page: Page): Promise<void> {
  const worker = engines(page).at(-1);
  if (worker === undefined) throw new Error("the page has no worker");
  await worker.evaluate(() => {
    interface Insides {
      readonly _tfengine: { readonly backend: { readonly gpgpu: { readonly gl: WebGL2RenderingContext } } };
    }
    const { gl } = (globalThis as unknown as Insides)._tfengine.backend.gpgpu;
    gl.getExtension("WEBGL_lose_context")?.loseContext();
  });
}

const usesWith = (page: Page, backend: BackendName, sentence: string): Promise<unknown> =>
  page.waitForFunction(
    ([name, text]) => globalThis.impasto.state().model?.backend === name && globalThis.impasto.state().message?.text === text,
    [backend, sentence] as const,
    PATIENCE,
  );

describe("a lost graphics processor", () => {
  it("is started again once, then WebAssembly takes over; what is wanted is painted both times", async () => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
    const { page } = studio;
    await studio.slideAndPaint(["size", 128]);
    await page.getByLabel("Runs on").selectOption("webgl");
    await page.waitForFunction(() => globalThis.impasto.state().model?.backend === "webgl", undefined, PATIENCE);
    await studio.painted();

    // While nothing is painted.
    await loseContext(page);
    await usesWith(page, "webgl", "The graphics processor stopped for a moment, so WebGL was started again.");
    expect(await studio.status()).toMatch(/^WebGL · /);

    // While a picture is on its way: it has to come from the new worker.
    await studio.slide(["strength", 40]);
    await loseContext(page);
    await usesWith(page, "wasm", "WebGL stopped again, so WebAssembly is used from now on.");
    await studio.painted();
    expect(await studio.status()).toMatch(/^WebAssembly/);
    expect(engines(page)).toHaveLength(1);
    expect(studio.complaints.filter((complaint) => !/CONTEXT_LOST|GL Driver Message/.test(complaint))).toEqual([]);
    await studio.context.close();
  });
});

describe("a message that cannot be deserialised", () => {
  /** Browsers tell so with an event, which is all that a test can make: what they cannot read cannot be written either. */
  it.each(["the worker's answer", "the page's request"])("ends what waits: %s", async (which) => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`, (context) => context.addInitScript(breakableWorkers));
    const { page } = studio;
    if (which === "the page's request") {
      await engines(page)[0]?.evaluate(() => {
        globalThis.onmessage = () => globalThis.dispatchEvent(new MessageEvent("messageerror"));
      });
    } else await page.evaluate(() => (globalThis.answersAreBroken = true));
    await studio.slide(["strength", 30]);
    await page.waitForFunction(() => globalThis.impasto.state().message?.tone === "error", undefined, PATIENCE);
    const { painting, message } = await studio.state();
    expect(painting).toBe(false);
    expect(message?.text).toMatch(/^Painting failed: a message between the page and its worker could not be read\./);
    await studio.context.close();
  });
});

/** Once `answersAreBroken`, the page cannot read what its worker answers. */
function breakableWorkers(): void {
  globalThis.Worker = class extends Worker {
    private readonly reads: boolean;

    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      this.reads = String(given[0]).includes("/reading-");
    }

    override postMessage(...given: unknown[]): void {
      super.postMessage(...(given as Parameters<Worker["postMessage"]>));
      if (globalThis.answersAreBroken !== true || this.reads) return;
      this.onmessage = null;
      queueMicrotask(() => this.dispatchEvent(new MessageEvent("messageerror")));
    }
  };
}

describe("the engine as a module", () => {
  it("paints in a page that holds nothing else", async () => {
    const bare = `<!doctype html><title>Bare</title><canvas></canvas><script type="module">
      import { createStylizer } from "./engine/impasto.js";
      const picture = async (name) => (await fetch("samples/" + name)).blob();
      const { photos, styles } = await (await fetch("samples/samples.json")).json();
      const progress = [];
      const impasto = await createStylizer({ models: "./model", onProgress: (done, total) => progress.push(done / total) });
      const vectors = await Promise.all(styles.slice(0, 2).map(async ({ file }) => impasto.embed(await picture(file))));
      const photo = await picture(photos[0].file);
      const { image } = await impasto.stylize(photo, impasto.blend(vectors, [3, 1]), { longSide: 160 });
      const { image: other } = await impasto.stylize(photo, impasto.blend(vectors, [1, 3]), { longSide: 160 });
      const canvas = Object.assign(document.querySelector("canvas"), { width: image.width, height: image.height });
      canvas.getContext("2d").putImageData(image, 0, 0);
      const end = await impasto.stylize(photo, vectors[0], { longSide: 64, signal: AbortSignal.abort() }).catch(({ name }) => name);
      impasto.dispose();
      const after = await impasto.embed(photo).catch(({ name }) => name);
      const differs = image.data.filter((value, i) => Math.abs(value - other.data[i]) > 8).length / image.data.length;
      globalThis.outcome = { model: impasto.model, last: progress.at(-1), width: image.width, values: new Set(image.data).size, differs, end, after };
    </script>`;
    const studio = await Studio.open(site.browser, `${site.address}bare.html`, (context) =>
      context.route("**/bare.html", (route) => route.fulfill({ contentType: "text/html", body: bare })),
    );
    const outcome = await (await studio.page.waitForFunction(() => (globalThis as { outcome?: unknown }).outcome, undefined, PATIENCE)).jsonValue();
    expect(outcome).toMatchObject({ model: { backend: "wasm", verified: true }, last: 1, width: 160, end: "AbortError", after: "AbortError" });
    const { values, differs } = outcome as { values: number; differs: number };
    // A picture, and another one for another blend.
    expect(values).toBeGreaterThan(100);
    expect(differs).toBeGreaterThan(0.02);
    expect(studio.complaints.filter((complaint) => !complaint.includes("favicon"))).toEqual([]);
    await studio.context.close();
  });
});
