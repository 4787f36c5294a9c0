/** Strokes in proportion: a large picture looks like the one of 512 pixels. With SLOW=1 five photographs in five styles. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSamples } from "../../src/shared/manifest";
import { photograph } from "./pictures";
import { openSite, Studio } from "./studio";

const REFERENCE = 512;
const samples = parseSamples(JSON.parse(readFileSync(new URL("../../public/samples/samples.json", import.meta.url), "utf8")));

/** Nothing but the engine. */
const PAGE = `<!doctype html><title>Bare</title><link rel="icon" href="data:,"><script type="module">
  import { createStylizer } from "./engine/impasto.js";
  globalThis.engine = await createStylizer({ models: "./model/", backend: "wasm" });
</script>`;

interface Inside {
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
 * steps of 255, with strokes in proportion (`stroke` 1) and without (`direct`), where that is asked for.
 */
async function difference(photo: string, style: string, side: number, direct = false): Promise<{ mean: number; direct: number | null }> {
  const { width, height } = samples.photos.find(({ id }) => id === photo) ?? { width: 1, height: 1 };
  const scale = side / Math.max(width, height);
  const { buffer } = await photograph(studio.page, "large.jpg", Math.round(width * scale), Math.round(height * scale), `samples/photos/${photo}.jpg`);
  return studio.page.evaluate(
    async ([base64, painting, reference, both]) => {
      const { engine } = globalThis as unknown as Inside;
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const content = await createImageBitmap(new Blob([bytes]));
      const vector = await engine.embed(await (await fetch(painting)).blob());
      const small = (await engine.stylize(content, vector, { longSide: reference })).image;
      const apart = async (stroke: number): Promise<number> => {
        const { image } = await engine.stylize(content, vector, { stroke });
        const reduced = await createImageBitmap(image, { resizeWidth: small.width, resizeHeight: small.height, resizeQuality: "high" });
        const context = new OffscreenCanvas(small.width, small.height).getContext("2d", { willReadFrequently: true });
        if (!context) throw new Error("no 2D canvas");
        context.drawImage(reduced, 0, 0);
        const { data } = context.getImageData(0, 0, small.width, small.height);
        return data.reduce((sum, value, i) => sum + Math.abs(value - (small.data[i] ?? NaN)), 0) / (0.75 * data.length);
      };
      // A reference side that is longer than the picture: painted in one step.
      return { mean: await apart(1), direct: both ? await apart(reference / (2 * Math.max(content.width, content.height))) : null };
    },
    [buffer.toString("base64"), `samples/styles/${style}.jpg`, REFERENCE, direct] as const,
  );
}

describe("a large picture", () => {
  it("looks like the one of 512 pixels, and did not without strokes in proportion", async () => {
    const found = await difference("coffee", samples.styles[0]?.id ?? "", 1100, true);
    expect(found.mean).toBeLessThanOrEqual(4);
    expect(found.direct).toBeGreaterThan(2 * found.mean);
  });

  it.runIf(process.env["SLOW"] === "1")(
    "does so in any style",
    async () => {
      const means: Record<string, number> = {};
      for (const { id: photo } of samples.photos.slice(0, 5)) {
        for (const { id: style } of samples.styles.slice(0, 5)) means[`${photo} ${style}`] = (await difference(photo, style, 1536)).mean;
      }
      console.log(means);
      for (const [pair, mean] of Object.entries(means)) expect(mean, pair).toBeLessThanOrEqual(4);
    },
    1_200_000,
  );
});
