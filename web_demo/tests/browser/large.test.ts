/** Pictures that are painted in tiles; `?tile=` makes tiles of pictures that need none, so that this takes seconds. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { altered } from "./altered";
import { distance, photograph, pngHead, type Upload } from "./pictures";
import { launch, openSite, Studio } from "./studio";

const site = openSite();

const open = (parameters: string, from = site.browser): Promise<Studio> =>
  Studio.painting(from, `${site.address}?debug&backend=wasm${parameters}`);

interface Seen {
  readonly tiles: readonly string[];
  readonly statuses: readonly string[];
  /** While tiles were painted: the sizes that the page's result had, and whether it could be downloaded. */
  readonly meanwhile: readonly { readonly width: number; readonly downloadable: boolean }[];
}

/**
 * Writes down every text of the progress and of the status line from now on. The first time that as many tiles as `at`
 * are painted, the page does `act` itself, since a test outside of it may come too late.
 */
async function watch(studio: Studio, at = -1, act: "strength" | "cancel" = "cancel"): Promise<() => Promise<Seen>> {
  await studio.page.evaluate(
    ([count, what]) => {
      const seen = { tiles: [] as string[], statuses: [] as string[], meanwhile: [] as object[] };
      const result = document.querySelector<HTMLCanvasElement>("#result");
      const download = document.querySelector<HTMLButtonElement>("#download");
      Object.assign(globalThis, { seen });
      let acted = false;
      const follow = (id: string, texts: string[]): void => {
        const element = document.getElementById(id);
        if (element === null) throw new Error(`no element ${id}`);
        const observer = new MutationObserver(() => {
          texts.push(element.textContent);
          if (id !== "tiles-text") return;
          seen.meanwhile.push({ width: result?.width, downloadable: !download?.disabled });
          if (acted || !element.textContent.startsWith(`${count} of`)) return;
          acted = true;
          if (what === "cancel") document.getElementById("tiles-cancel")?.click();
          else {
            const strength = document.getElementById("strength") as HTMLInputElement;
            strength.value = "70";
            strength.dispatchEvent(new Event("input", { bubbles: true }));
          }
        });
        observer.observe(element, { childList: true });
      };
      follow("tiles-text", seen.tiles);
      follow("status", seen.statuses);
    },
    [at, act] as const,
  );
  return () => studio.page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
}

async function tensors(studio: Studio): Promise<number> {
  return studio.page.evaluate(async () => (await globalThis.impasto.memory()).tensors);
}

describe("tiles", () => {
  it("are painted as in the whole picture", async () => {
    const results: Buffer[] = [];
    let file: Upload | null = null;
    for (const parameters of ["", "&tile=352"]) {
      const studio = await open(parameters);
      file ??= await photograph(studio.page, "coffee.jpg", 701, 523);
      await studio.choosePhoto(file);
      await studio.painted();
      const seen = await watch(studio);
      await studio.slide(["size", Infinity]);
      await studio.painted();
      expect((await seen()).tiles.length > 0).toBe(parameters !== "");
      results.push((await studio.download()).bytes);
      if (results.length === 2) {
        const [whole, tiled] = results as [Buffer, Buffer];
        expect(pngHead(tiled)).toEqual({ signature: "PNG", width: 701, height: 523 });
        const { mean, largest } = await distance(studio.page, whole, tiled);
        // Given the same statistics, tiles differ from the whole by the order of additions.
        expect(largest).toBeLessThanOrEqual(2);
        expect(mean).toBeLessThan(0.05);
      }
      expect(studio.complaints).toEqual([]);
      await studio.context.close();
    }
  });
});

describe("a large picture", () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await open("&tile=400");
    await studio.choosePhoto(await photograph(studio.page, "My Coffee.jpg", 1000, 750));
    await studio.painted();
  });

  it("can be chosen up to its own size, told tile by tile, and downloaded", async () => {
    expect(await studio.page.getByLabel("Size", { exact: true }).locator("option").allInnerTexts()).toEqual([
      "128 × 96 px",
      "192 × 144 px",
      "256 × 192 px",
      "384 × 288 px",
      "512 × 384 px",
      "768 × 576 px",
      "1000 × 750 px, full size",
    ]);
    const seen = await watch(studio);
    await studio.page.getByLabel("Size", { exact: true }).selectOption("1000 × 750 px, full size");
    await studio.painted();
    const { tiles, statuses, meanwhile } = await seen();
    // A sketch of half a tile's side is shown until then.
    expect(meanwhile[0]).toEqual({ width: 200, downloadable: false });
    const total = Number(/of (\d+)/.exec(tiles[0] ?? "")?.[1]);
    expect(total).toBeGreaterThan(3);
    // The line is announced to screen readers: once, not tile by tile.
    expect(statuses.filter((text) => text.startsWith("Painting 1000"))).toEqual([`Painting 1000 × 750 px in ${total} tiles…`]);
    expect(tiles).toEqual(Array.from({ length: total + 1 }, (_, done) => `${done} of ${total} tiles painted`));
    expect(await studio.page.locator("#tiles").isVisible()).toBe(false);
    expect(await studio.status()).toMatch(/^WebAssembly(, \d threads)? · [\d,]+ (ms|secs?) · 1000 × 750 px( · painter: fast)?$/);
    const { name, bytes } = await studio.download();
    expect(name).toBe("my-coffee-impasto-1000x750.png");
    expect(pngHead(bytes)).toEqual({ signature: "PNG", width: 1000, height: 750 });
  });

  it("makes way for a newer wish between two tiles, and leaves no tensors behind", async () => {
    const before = await tensors(studio);
    const seen = await watch(studio, 2, "strength");
    await studio.slide(["strength", 60]);
    await studio.painted();
    expect((await studio.state()).strength).toBe(0.7);
    const { tiles } = await seen();
    const dones = tiles.map((text) => Number(text.split(" ")[0]));
    const total = Number(/of (\d+)/.exec(tiles[0] ?? "")?.[1]);
    const again = dones.indexOf(0, 1);
    expect(dones[again - 1]).toBeLessThan(total);
    expect(dones.slice(again)).toEqual(Array.from({ length: total + 1 }, (_, done) => done));
    expect(await tensors(studio)).toBe(before);
  });

  it("can be given up for a small one", async () => {
    const seen = await watch(studio, 1, "cancel");
    await studio.slide(["strength", 80]);
    await studio.painted();
    const { width, height } = await studio.result();
    expect([width, height]).toEqual([384, 288]);
    expect((await seen()).statuses.some((text) => text.includes("384 × 288 px"))).toBe(true);
    expect((await studio.state()).strength).toBe(0.8);
    expect(await studio.page.getByLabel("Size", { exact: true }).evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text)).toBe("384 × 288 px");
    expect(await studio.page.locator("#tiles").isVisible()).toBe(false);
    expect(studio.complaints).toEqual([]);
    await studio.context.close();
  });
});

describe("too little memory", () => {
  let poor: Browser;
  let file: Upload;

  beforeAll(async () => {
    // 100 MB for WebAssembly in all: enough for the predictor, not for 1400 x 1050 pixels at once.
    poor = await launch("--js-flags=--wasm-max-mem-pages=1600");
    const studio = await Studio.open(poor, site.address);
    file = await photograph(studio.page, "coffee.jpg", 1400, 1050);
    await studio.context.close();
  });

  afterAll(() => poor.close());

  const choose = async (studio: Studio): Promise<void> => {
    await studio.choosePhoto(file);
    await studio.painted();
  };

  it("makes smaller tiles, and says so", async () => {
    const studio = await open("&tile=1536", poor);
    await choose(studio);
    const before = await tensors(studio);
    await studio.slide(["size", Infinity]);
    await studio.painted();
    expect(await studio.message()).toMatch(/^Memory was short, so .* smaller tiles, of (768 × 768|384 × 384) px at most\.$/);
    expect(await studio.status()).toContain("1400 × 1050 px");
    expect(await tensors(studio)).toBe(before);
    expect(studio.complaints).toEqual([]);
    await studio.context.close();
  });

  it("for any tile ends in a sentence, after which small pictures are painted again", async () => {
    // An overlap that leaves nothing of a smaller tile.
    const studio = await Studio.painting(poor, `${site.address}?debug&backend=wasm&tile=1536`, (context) =>
      context.route(
        "**/model/manifest.json",
        altered(async (answer) => {
          const manifest = (await answer.json()) as { preprocessing: { content: object } };
          const { preprocessing } = manifest;
          const content = { ...preprocessing.content, overlap: 400, tile: 1536 };
          return { json: { ...manifest, preprocessing: { ...preprocessing, content } } };
        }),
      ),
    );
    await choose(studio);
    await studio.slide(["size", Infinity]);
    const sentence = "There is not enough memory for this size: tiles of 1536 × 1536 pixels do not fit. Choose a smaller size";
    await studio.page.getByRole("alert").filter({ hasText: sentence }).waitFor();
    await studio.slide(["size", 128]);
    await studio.painted();
    expect(await studio.status()).toContain("128 × 96 px");
    await studio.context.close();
  });
});
