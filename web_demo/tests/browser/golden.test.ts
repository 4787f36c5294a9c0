/** Whole pictures and vectors, beside those that Python has written (tests/golden in the folder above). */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { distance, type Upload } from "./pictures";
import { openSite, Studio } from "./studio";

const FOLDER = new URL("../../../tests/golden/", import.meta.url);
const json = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
const file = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

interface Told {
  readonly model: string;
  readonly photo: string;
  readonly style: string;
  readonly embedding: readonly number[];
  readonly own_embedding: readonly number[];
  readonly kept: { readonly photo: string; readonly result: string; readonly strength: number };
  readonly cases: readonly { readonly result: string; readonly strength?: number; readonly stroke?: number; readonly keep_color?: string }[];
}
interface Decoded {
  readonly file: string;
  readonly step: number;
  readonly pixels: readonly (readonly (readonly number[])[])[];
}

/** |a - b| / |b|, in percent. */
function percentApart(a: readonly number[], b: readonly number[]): number {
  const length = (of: (i: number) => number): number => Math.sqrt(b.reduce((sum, _, i) => sum + of(i) ** 2, 0));
  return (100 * length((i) => (a[i] ?? NaN) - (b[i] ?? 0))) / length((i) => b[i] ?? 0);
}

const site = openSite();
let studio: Studio;

/** Nothing but the engine, and a reader of files of this server. */
const PAGE = `<!doctype html><title>Bare</title><link rel="icon" href="data:,"><script type="module">
  import { createStylizer } from "./engine/impasto.js";
  globalThis.read = async (name) => createImageBitmap(await (await fetch(name)).blob());
  globalThis.engine = await createStylizer({ models: "./model/", backend: "wasm" });
</script>`;

beforeAll(async () => {
  studio = await Studio.open(site.browser, `${site.address}bare.html`, async (context) => {
    await context.route("**/bare.html", (route) => route.fulfill({ contentType: "text/html", body: PAGE }));
    await context.route("**/golden/**", (route) => route.fulfill({ body: file(route.request().url().replace(/.*\/golden\//, "")) }));
  });
  await studio.page.waitForFunction(() => "engine" in globalThis, undefined, { timeout: 60_000 });
});

afterAll(() => studio.context.close());

/** What that page has. */
interface Inside {
  readonly engine: {
    readonly embed: (picture: ImageBitmap) => Promise<Float32Array>;
    readonly blend: (vectors: readonly Float32Array[], weights: readonly number[]) => Float32Array;
    readonly stylize: (picture: ImageBitmap, style: Float32Array, options: object) => Promise<{ image: ImageData }>;
  };
  readonly read: (name: string) => Promise<ImageBitmap>;
}

const embed = (name: string): Promise<number[]> =>
  studio.page.evaluate(async (address) => {
    const { engine, read } = globalThis as unknown as Inside;
    return [...(await engine.embed(await read(address)))];
  }, name);

describe("the page does as Python does", () => {
  const told = json("pictures.json") as Told;

  it("with the style of a file", async () => {
    expect(percentApart(await embed(`golden/${told.style}`), told.embedding)).toBeLessThan(1);
    expect(percentApart(await embed(`golden/${told.photo}`), told.own_embedding)).toBeLessThan(1);
  });

  it("with files that have to be reduced", async () => {
    // 512 pixels, of which the predictor is shown 256.
    const { styles } = JSON.parse(readFileSync(new URL("../../public/samples/vectors.json", import.meta.url), "utf8")) as { styles: Record<string, string> };
    for (const [name, text] of Object.entries(styles).slice(0, 4)) {
      const bytes = Buffer.from(text, "base64");
      const vector = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
      expect(percentApart(await embed(`samples/styles/${name}.jpg`), vector)).toBeLessThan(1);
    }
  });

  it("with whole pictures, at any strength and size of strokes", async () => {
    const cases = told.cases.filter(({ keep_color: colours }) => colours === undefined);
    expect(cases).toHaveLength(3);
    for (const { result, strength = 1, stroke = 1 } of cases) {
      const png = await studio.page.evaluate(
        async ([photo, style, share, size]) => {
          const { engine, read } = globalThis as unknown as Inside;
          const content = await read(photo);
          const vector = engine.blend([await engine.embed(content), await engine.embed(await read(style))], [1 - share, share]);
          const { image } = await engine.stylize(content, vector, { stroke: size });
          const canvas = new OffscreenCanvas(image.width, image.height);
          canvas.getContext("2d")?.putImageData(image, 0, 0);
          return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
        },
        [`golden/${told.photo}`, `golden/${told.style}`, strength, stroke] as const,
      );
      const { mean } = await distance(studio.page, Buffer.from(png), file(result));
      expect(mean, result).toBeLessThan(2);
    }
  });

  it.each(json("decoding.json") as Decoded[])("with the pixels of $file", async ({ file: name, step, pixels }) => {
    const { width, height, data } = await studio.page.evaluate(async (address) => {
      const bitmap = await (globalThis as unknown as Inside).read(address);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error("no 2D canvas");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, bitmap.width, bitmap.height);
      context.drawImage(bitmap, 0, 0);
      return { width: bitmap.width, height: bitmap.height, data: [...context.getImageData(0, 0, bitmap.width, bitmap.height).data] };
    }, `golden/${name}`);
    expect([Math.floor(width / step), Math.floor(height / step)]).toEqual([pixels[0]?.length, pixels.length]);
    let most = 0;
    pixels.forEach((row, y) =>
      row.forEach((pixel, x) => {
        const start = 4 * (width * (y * step + Math.floor(step / 2)) + x * step + Math.floor(step / 2));
        pixel.forEach((value, channel) => (most = Math.max(most, Math.abs(value - (data[start + channel] ?? NaN)))));
      }),
    );
    // Two libraries round transparency and profiles each in its way.
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe("the page itself", () => {
  it("paints what is cut out as Python does, and keeps it so", async () => {
    const { kept, style } = json("pictures.json") as Told;
    const page = await Studio.open(site.browser, `${site.address}?debug&backend=wasm`);
    const upload = (name: string): Upload => ({ name, mimeType: "image/png", buffer: file(name) });
    await page.choosePhoto(upload(kept.photo));
    await page.page.getByLabel("Add paintings").setInputFiles([upload(style)]);
    await page.painted();
    const { styles } = await page.state();
    for (const { id, own } of styles) await page.tick(id, own === true);
    await page.slide(["strength", 100 * kept.strength]);
    await page.painted();
    const { bytes } = await page.download();
    const [found, expected] = await page.page.evaluate(
      async (files) => {
        const read = async (base64: string): Promise<number[]> => {
          const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
          context?.drawImage(bitmap, 0, 0);
          return [...(context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [])];
        };
        return [await read(files[0]), await read(files[1])] as const;
      },
      [bytes.toString("base64"), file(kept.result).toString("base64")] as const,
    );
    // As it is seen: by how much it covers. What covers is counted, and its edges for themselves.
    for (const [least, most] of [[1, 255], [1, 254]] as const) {
      let [sum, count] = [0, 0];
      expected.forEach((value, i) => {
        const cover = expected[i | 3] ?? 0;
        if ((i & 3) === 3) expect(Math.abs(value - (found[i] ?? NaN))).toBeLessThanOrEqual(1);
        else if (cover >= least && cover <= most) {
          sum += (Math.abs(value - (found[i] ?? NaN)) * cover) / 255;
          count++;
        }
      });
      expect(count).toBeGreaterThan(500);
      expect(sum / count).toBeLessThan(2);
    }
    // The picture is shown on white.
    expect(await page.page.locator("#result").evaluate((canvas) => getComputedStyle(canvas).backgroundColor)).toBe("rgb(255, 255, 255)");
    expect(page.complaints).toEqual([]);
    await page.context.close();
  });
});
