import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { readResolution, withMetadata } from "../../src/page/metadata";
import { pngHead, stripes } from "./pictures";
import { openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.open(site.browser, `${site.address}?debug&backend=wasm`);
  await studio.choosePhoto(await stripes(studio.page, "My Garden.png", 201, 133, 10));
  await studio.painted();
});

/** Width and height of a picture file, as the browser reads it. */
async function sizeOf(bytes: Buffer): Promise<readonly number[]> {
  return studio.page.evaluate(async (base64) => {
    const { width, height } = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
    return [width, height];
  }, bytes.toString("base64"));
}

describe("a result", () => {
  it.each([
    ["PNG", "my-garden-impasto-201x133.png", /^\x89PNG/],
    ["JPEG", "my-garden-impasto-201x133.jpg", /^\xff\xd8\xff/],
    ["WebP", "my-garden-impasto-201x133.webp", /^RIFF.{4}WEBP/s],
  ])("downloads as %s in its own size", async (format, expected, head) => {
    await studio.page.getByLabel("Format of the download").selectOption(format);
    const [download] = await Promise.all([
      studio.page.waitForEvent("download"),
      studio.page.getByRole("button", { name: "Download" }).click(),
    ]);
    const bytes = await readFile(await download.path());
    expect(download.suggestedFilename()).toBe(expected);
    expect(bytes.toString("latin1", 0, 16)).toMatch(head);
    expect(await sizeOf(bytes)).toEqual([201, 133]);
  });

  it.each(["PNG", "WebP"])("is cut out as its photograph was, as %s, and keeps its resolution", async (format) => {
    // Left half clear, 300 dots an inch.
    const url = await studio.page.evaluate(() => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [120, 80];
      const context = canvas.getContext("2d");
      if (context === null) throw new Error("no 2D canvas");
      context.fillStyle = "teal";
      context.fillRect(60, 0, 60, 80);
      return canvas.toDataURL("image/png");
    });
    const buffer = Buffer.from(withMetadata(Uint8Array.from(Buffer.from(url.slice(url.indexOf(",") + 1), "base64")), { x: 300, y: 300 }));
    await studio.choosePhoto({ name: "cut out.png", mimeType: "image/png", buffer });
    await studio.painted();
    await studio.page.getByLabel("Format of the download").selectOption(format);
    const { bytes } = await studio.download();
    const alphas = await studio.page.evaluate(async (base64) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
      if (context === null) throw new Error("no 2D canvas");
      context.drawImage(bitmap, 0, 0);
      return [20, 100].map((x) => context.getImageData(x, 40, 1, 1).data[3]);
    }, bytes.toString("base64"));
    expect(alphas).toEqual([0, 255]);
    expect(readResolution(Uint8Array.from(bytes))).toEqual({ x: 300, y: 300 });
    // On the page, and as JPEG, it lies on white.
    await studio.page.getByLabel("Format of the download").selectOption("JPEG");
    const jpeg = await studio.download();
    expect(await sizeOf(jpeg.bytes)).toEqual([120, 80]);
    expect(readResolution(Uint8Array.from(jpeg.bytes))).toEqual({ x: 300, y: 300 });
  });

  it("is copied to the clipboard as PNG", async () => {
    await studio.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await studio.page.getByRole("button", { name: "Copy", exact: true }).click();
    await studio.page.getByRole("alert").filter({ hasText: "Copied to the clipboard, 120 × 80 px." }).waitFor();
    const bytes = await studio.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const blob = await item?.getType("image/png");
      return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
    });
    expect(pngHead(Buffer.from(bytes))).toEqual({ signature: "PNG", width: 120, height: 80 });
  });

  it("that cannot be copied gets a sentence", async () => {
    await studio.page.evaluate(() => Object.assign(globalThis, { ClipboardItem: undefined }));
    await studio.page.getByRole("button", { name: "Copy", exact: true }).click();
    await studio.page.getByRole("alert").filter({ hasText: "gives the page no clipboard" }).waitFor();
  });

  it("was saved without complaints", () => {
    expect(studio.complaints).toEqual([]);
  });
});
