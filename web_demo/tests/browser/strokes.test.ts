/** Strokes in proportion: a large picture looks like the one of 512 pixels. With SLOW=1 five photographs in five styles. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSamples } from "../../src/shared/manifest";
import type { Pixels } from "../../src/shared/pixels";
import { resize, type Resampling } from "../../src/shared/resample";
import { photograph } from "./pictures";
import { difference, openSite, Studio, type Rgba } from "./studio";

const REFERENCE = 512;
const LARGE = 1536;
const MINUTES = 600_000;
const samples = parseSamples(JSON.parse(readFileSync(new URL("../../public/samples/samples.json", import.meta.url), "utf8")));

/** Nothing but the engine. */
const PAGE = `<!doctype html><title>Bare</title><link rel="icon" href="data:,"><script type="module">
  import { createStylizer } from "./engine/impasto.js";
  globalThis.engine = await createStylizer({ models: "./model/", backend: "wasm" });
  globalThis.textOf = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
</script>`;

interface Inside {
  /** In base64: millions of numbers take minutes on their way to the test. */
  readonly textOf: (bytes: Uint8ClampedArray) => string;
  readonly engine: {
    readonly embed: (picture: Blob) => Promise<Float32Array>;
    readonly stylize: (picture: ImageBitmap, style: Float32Array, options: object) => Promise<{ image: ImageData }>;
  };
}

const site = openSite();
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.open(site.browser, `${site.address}bare.html`, (context) =>
    context.route("**/bare.html", (route) => route.fulfill({ contentType: "text/html", body: PAGE })),
  );
  await studio.page.waitForFunction(() => "engine" in globalThis, undefined, { timeout: 120_000 });
});

afterAll(() => studio.context.close());

/**
 * A sample photograph of `side` pixels, painted; and of 512 pixels. Mean difference of the first, reduced, to the second, in
 * steps of 255, with strokes in proportion and without.
 */
async function engineDifference(photo: string, style: string, side: number): Promise<{ mean: number; direct: number }> {
  const { width, height } = samples.photos.find(({ id }) => id === photo) ?? { width: 1, height: 1 };
  const scale = side / Math.max(width, height);
  const { buffer } = await photograph(studio.page, "large.jpg", Math.round(width * scale), Math.round(height * scale), `samples/photos/${photo}.jpg`);
  const found = await studio.page.evaluate(
    async ([base64, painting, reference]) => {
      const { engine, textOf } = globalThis as unknown as Inside;
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const content = await createImageBitmap(new Blob([bytes]));
      const vector = await engine.embed(await (await fetch(painting)).blob());
      const painted = async (options: object): Promise<{ width: number; height: number; text: string }> => {
        const { image } = await engine.stylize(content, vector, options);
        return { width: image.width, height: image.height, text: textOf(image.data) };
      };
      // A reference side that is longer than the picture: painted in one step.
      const inOneStep = reference / (2 * Math.max(content.width, content.height));
      return [await painted({ longSide: reference }), await painted({}), await painted({ stroke: inOneStep })] as const;
    },
    [buffer.toString("base64"), `samples/styles/${style}.jpg`, REFERENCE] as const,
  );
  const [small, large, direct] = found.map(({ text, ...size }): Rgba => ({ ...size, data: [...Buffer.from(text, "base64")] })) as [Rgba, Rgba, Rgba];
  const apart = (picture: Rgba): number => difference({ ...small, data: [...resize(bytesOf(picture), small, "bicubic").data] }, small) / 0.75;
  return { mean: apart(large), direct: apart(direct) };
}

describe("a large picture", () => {
  it("looks like the one of 512 pixels, and did not without strokes in proportion", async () => {
    const found = await engineDifference("rocket", samples.styles[0]?.id ?? "", 1100);
    expect(found.mean).toBeLessThanOrEqual(4);
    expect(found.direct).toBeGreaterThan(2 * found.mean);
  });

  it.runIf(process.env["SLOW"] === "1").each(samples.photos.slice(0, 5))(
    "does so on the page, in any style: $id",
    async ({ id, width, height }) => {
      const visitor = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
      const scale = LARGE / Math.max(width, height);
      const size = [Math.round(width * scale), Math.round(height * scale)] as const;
      await visitor.choosePhoto(await photograph(visitor.page, `${id}.jpg`, ...size, `samples/photos/${id}.jpg`));
      for (const style of samples.styles) await visitor.tick(`sample-style-${style.id}`, false);
      for (const { id: style } of samples.styles.slice(0, 5)) {
        await visitor.slide(["size", REFERENCE]);
        await visitor.tick(`sample-style-${style}`, true);
        await visitor.painted(MINUTES);
        const small = await visitor.result();
        await visitor.slide(["size", Infinity]);
        await visitor.painted(MINUTES);
        const large = await visitor.result();
        expect([Math.max(small.width, small.height), Math.max(large.width, large.height)]).toEqual([REFERENCE, LARGE]);
        const reduced = (resampling: Resampling): Rgba => ({ ...small, data: [...resize(bytesOf(large), small, resampling).data] });
        // Transparency, a quarter of the bytes, is equal.
        const apart = (other: Rgba): number => difference(other, small) / 0.75;
        const matched = apart(reduced("bicubic"));
        const others = [apart(reduced("lanczos3")), apart(await reducedByBrowser(visitor, small))];
        console.log(`${id} ${style}: ${[matched, ...others].map((mean) => mean.toFixed(2)).join(", ")} (bicubic, Lanczos, Chromium)`);
        expect.soft(matched, style).toBeLessThanOrEqual(4);
        await visitor.tick(`sample-style-${style}`, false);
      }
      await visitor.context.close();
    },
    3 * MINUTES,
  );
});

function bytesOf({ width, height, data }: Rgba): Pixels {
  return { width, height, data: Uint8ClampedArray.from(data) };
}

/** The page's result, reduced by Chromium's own filter. */
function reducedByBrowser({ page }: Studio, { width, height }: Rgba): Promise<Rgba> {
  return page.evaluate(
    async ([w, h]) => {
      const result = document.querySelector<HTMLCanvasElement>("#result");
      const context = new OffscreenCanvas(w, h).getContext("2d", { willReadFrequently: true });
      if (!result || !context) throw new Error("no canvas");
      context.drawImage(await createImageBitmap(result, { resizeWidth: w, resizeHeight: h, resizeQuality: "high" }), 0, 0);
      return { width: w, height: h, data: [...context.getImageData(0, 0, w, h).data] };
    },
    [width, height] as const,
  );
}
