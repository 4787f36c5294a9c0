import { beforeAll, describe, expect, it } from "vitest";
import { pngHead, stripes, type Upload } from "./pictures";
import { openSite, Studio } from "./studio";

const PATIENCE_MS = 150_000;
const site = openSite();
let studio: Studio;
let files: Upload[];

const owned = (count: number): Promise<unknown> =>
  studio.page.waitForFunction((wanted) => globalThis.impasto.state().photos.filter(({ own }) => own).length === wanted, count, { timeout: PATIENCE_MS });
const paintAll = (): Promise<void> => studio.page.getByRole("button", { name: /^Paint all/ }).click();
const says = (sentence: string): Promise<void> => studio.page.getByRole("alert").filter({ hasText: sentence }).waitFor({ timeout: PATIENCE_MS });

/** Sizes of the zips that the page keeps to be downloaded from. */
const downloads = (): Promise<number[]> =>
  studio.page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("downloads");
    const sizes: number[] = [];
    for await (const handle of folder.values()) if (handle instanceof FileSystemFileHandle) sizes.push((await handle.getFile()).size);
    return sizes;
  });

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
    // The browser's own dialog is not of the page.
    context.addInitScript(() => Object.assign(globalThis, { showSaveFilePicker: undefined })),
  );
  await studio.slideAndPaint(["size", 128]);
  const one = await stripes(studio.page, "Trip.png", 150, 100, 10);
  files = Array.from({ length: 60 }, (_, i) => ({ ...one, name: i % 2 === 0 ? "Trip.png" : `한국 여행 ${i}.png` }));
});

/** Names and contents of a zip file whose entries are stored as they are (APPNOTE.TXT, 4.3.12 and 4.3.7). */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const entries = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    const [size, name, extra, comment] = [bytes.readUInt32LE(at + 24), ...[28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))] as [number, number, number, number];
    const head = bytes.readUInt32LE(at + 42);
    const start = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
    entries.set(bytes.toString("utf8", at + 46, at + 46 + name), bytes.subarray(start, start + size));
    at += 46 + name + extra + comment;
  }
  return entries;
}

describe("60 photographs", () => {
  it("that are chosen at once are all taken, the first is shown, and one that is no picture keeps none out", async () => {
    const bad = { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
    await studio.page.getByLabel("Choose a photo").setInputFiles([...files.slice(0, 30), bad, ...files.slice(30)]);
    await owned(60);
    await says("“notes.png” could not be read as a picture.");
    const { photoId, photos } = await studio.state();
    expect(photoId).toBe(photos.find(({ own }) => own)?.id);
  });

  it("are painted into one zip, each under a name of its own, and the worker keeps nothing of them", async () => {
    await studio.painted();
    const tensors = await studio.page.evaluate(async () => (await globalThis.impasto.memory()).tensors);
    const { name, bytes } = await studio.downloaded(paintAll);
    await says("60 of 60 photos are painted. They are in “impasto-photos.zip”.");
    const entries = unzip(bytes);
    expect([name, entries.size]).toEqual(["impasto-photos.zip", 60]);
    expect([...entries.keys()].slice(0, 3)).toEqual(["trip-impasto-128x85.png", "한국-여행-1-impasto-128x85.png", "trip-impasto-128x85-2.png"]);
    for (const entry of entries.values()) expect(pngHead(entry)).toEqual({ signature: "PNG", width: 128, height: 85 });
    const [result] = entries.values();
    expect(result?.equals((await studio.download()).bytes)).toBe(true);
    expect(await studio.page.evaluate(async () => (await globalThis.impasto.memory()).tensors)).toBe(tensors);
    // Written to the disk, not put together in memory.
    expect(await downloads()).toEqual([bytes.length]);
  });

  it("can be stopped: what is painted by then is in the zip, written to the disk where the browser can", async () => {
    const { page } = studio;
    await page.evaluate(() => {
      const inOwnFolder = async (): Promise<FileSystemFileHandle> => (await navigator.storage.getDirectory()).getFileHandle("some.zip", { create: true });
      Object.assign(globalThis, { showSaveFilePicker: inOwnFolder });
    });
    await paintAll();
    await page.waitForFunction(() => /^[3-9] of 60 photos/.test(document.querySelector("#many-text")?.textContent ?? ""), undefined, { timeout: PATIENCE_MS });
    await page.locator("#many-cancel").click();
    await says("Stopped: ");
    const count = Number(/Stopped: (\d+) of 60/.exec(await studio.message())?.[1]);
    const bytes = await page.evaluate(async () => {
      const handle = await (await navigator.storage.getDirectory()).getFileHandle("some.zip");
      return [...new Uint8Array(await (await handle.getFile()).arrayBuffer())];
    });
    expect(unzip(Buffer.from(bytes)).size).toBe(count);
    expect(await page.locator("#many").isVisible()).toBe(false);
  });

  it("leave no zip behind once they are forgotten", async () => {
    studio.page.once("dialog", (dialog) => void dialog.accept());
    await studio.page.getByRole("button", { name: "Forget my pictures" }).click();
    await expect.poll(downloads).toEqual([]);
    expect(studio.complaints).toEqual([]);
  });
});
