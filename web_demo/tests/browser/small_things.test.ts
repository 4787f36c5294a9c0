/** Kinds of small faults, each in every place where it could be: whose a field is, what a drop does, what is said of a file. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { altered } from "./altered";
import { stripes } from "./pictures";
import { openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

const says = (sentence: string): Promise<void> => studio.page.getByRole("alert").filter({ hasText: sentence }).waitFor();
const open = (prepare?: Parameters<typeof Studio.painting>[2]): Promise<Studio> => Studio.painting(site.browser, `${site.address}?debug&backend=wasm`, prepare);

afterEach(async () => {
  await studio.context.close();
});

describe("on an ordinary page", () => {
  beforeEach(async () => {
    studio = await open();
  });

  it("what is pasted or dropped into a field is the person's; anywhere else a sentence says what to do", async () => {
    const { page } = studio;
    /** Whether the page took the event; every way that something can come. */
    const fire = (type: "paste" | "drop", selector: string, content: Readonly<Record<string, string>>): Promise<boolean> =>
      page.evaluate(
        ([kind, where, data]) => {
          const dataTransfer = new DataTransfer();
          for (const [format, value] of Object.entries(data)) dataTransfer.setData(format, value);
          const element = document.querySelector(where) ?? document.body;
          const options = { bubbles: true, cancelable: true };
          if (kind === "paste") return !element.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: dataTransfer }));
          element.dispatchEvent(new DragEvent("dragenter", { ...options, dataTransfer }));
          const over = !element.dispatchEvent(new DragEvent("dragover", { ...options, dataTransfer }));
          return !element.dispatchEvent(new DragEvent("drop", { ...options, dataTransfer })) && over;
        },
        [type, selector, content] as const,
      );
    expect(await fire("paste", "#seed", { "text/plain": "4711" })).toBe(false);
    expect(await fire("drop", "#seed", { "text/plain": "4711" })).toBe(false);
    expect((await studio.state()).message?.tone).not.toBe("error");
    const link = { "text/uri-list": "https://example.org/cat.jpg", "text/html": "<img src='https://example.org/cat.jpg'>" };
    for (const place of ["body", "#frame", "#photos", "#styles", ".masthead"]) {
      expect(await fire("drop", place, link)).toBe(true);
      await says("What you dropped is no file");
      await page.evaluate(() => document.querySelector<HTMLElement>("#zoom-fit")?.click());
    }
    expect(await fire("drop", "#easel", { "text/plain": "some words" })).toBe(true);
    expect(page.url().startsWith(site.address)).toBe(true);
  });

  it("a HEIC photo is called one whatever its name, and 300 megapixels are refused by their head", async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic"), Buffer.alloc(100)]);
    await studio.page.getByLabel("Choose a photo").setInputFiles({ name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: heic });
    await says("“IMG_0001.jpg” is a HEIC photo");
    const { buffer } = await stripes(studio.page, "huge.png", 40, 30, 0);
    buffer.writeUInt32BE(20_000, 16);
    buffer.writeUInt32BE(15_000, 20);
    await studio.page.getByLabel("Choose a photo").setInputFiles({ name: "huge.png", mimeType: "image/png", buffer });
    await says("“huge.png” has more than 120 million pixels");
  });
});

describe("on an unusual one", () => {
  it("a full storage is said to be full, and the picture is there all the same", async () => {
    studio = await open((context) =>
      context.addInitScript(() => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException("the disk is full", "QuotaExceededError");
        };
      }),
    );
    await studio.choosePhoto(await stripes(studio.page, "big.png", 90, 70, 20));
    await says("There is no room left in this browser's storage, so “big.png” is here only until you leave");
    await studio.painted();
    expect((await studio.state()).photos.at(-1)?.title).toBe("big.png");
  });

  it("a file that was changed after it was chosen is said to be so", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "impasto-"));
    try {
      // Without storage, the file on the disk is the only one there is.
      studio = await open((context) => context.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { get: () => { throw new DOMException("no", "SecurityError"); } })));
      const file = path.join(folder, "strip.png");
      await writeFile(file, (await stripes(studio.page, "strip.png", 2100, 40, 20)).buffer);
      await studio.page.getByLabel("Choose a photo").setInputFiles(file);
      await studio.page.waitForFunction(() => globalThis.impasto.state().photos.at(-1)?.title === "strip.png");
      await studio.painted();
      await writeFile(file, "another file now");
      // Larger than what is kept decoded.
      await studio.slide(["size", Infinity]);
      await says("“strip.png” was changed, moved or deleted after you chose it. Choose it again.");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("a browser that falsifies what is read from a canvas is told from one that paints noise", async () => {
    const noise = `{
      const { prototype } = OffscreenCanvasRenderingContext2D;
      const read = prototype.getImageData;
      prototype.getImageData = function (...rectangle) {
        const image = read.apply(this, rectangle);
        crypto.getRandomValues(image.data.subarray(0, 65536));
        return image;
      };
    }`;
    studio = await Studio.open(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
      context.route("**/engine/reading-*.js", altered(async (answer) => ({ body: `${noise}\n${await answer.text()}` }))),
    );
    await says("This browser falsifies what a page reads from pictures");
    expect((await studio.state()).painted).toBeNull();
  });

  it("opened by double click, the page says what it needs", async () => {
    studio = await Studio.open(site.browser, new URL("../../dist/index.html", import.meta.url).href);
    await studio.page.getByText("This page was opened as a file").waitFor();
    await studio.page.goto(site.address);
    await studio.page.getByRole("button", { name: "Download" }).waitFor();
    expect(await studio.page.getByText("This page was opened as a file").isVisible()).toBe(false);
  });
});
