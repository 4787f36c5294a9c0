import { beforeAll, describe, expect, it } from "vitest";
import { pngHead, stripes, type Upload } from "./pictures";
import { difference, openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
  await studio.slideAndPaint(["size", 256]);
});

async function choosePhoto(file: Upload): Promise<void> {
  await studio.choosePhoto(file);
  await studio.painted();
}

describe("the visitor's photograph", () => {
  it("of odd size is painted and downloads as a PNG of that size", async () => {
    await choosePhoto(await stripes(studio.page, "My Garden.png", 201, 133, 10));
    const { width, height } = await studio.result();
    expect([width, height]).toEqual([201, 133]);
    const { name, bytes } = await studio.download();
    expect(name).toBe("my-garden-impasto-201x133.png");
    expect(pngHead(bytes)).toEqual({ signature: "PNG", width: 201, height: 133 });
  });

  it.each([
    ["one pixel", 1, 1, 1, 1],
    ["a line", 900, 1, 256, 1],
    ["a large one", 3000, 2000, 256, 171],
    ["a long strip", 4000, 40, 256, 3],
    ["less than the padding", 5, 18, 5, 18],
  ])("may be %s", async (_, width, height, expectedWidth, expectedHeight) => {
    await choosePhoto(await stripes(studio.page, "odd.jpg", width, height, 200));
    const result = await studio.result();
    expect([result.width, result.height]).toEqual([expectedWidth, expectedHeight]);
    await studio.slideAndPaint(["strength", 40]);
    await studio.slideAndPaint(["strength", 100]);
  });

  it("may be an animation, of which the first frame counts among several files", async () => {
    // One pixel, first red, then blue (GIF 89a).
    const frames = ["0202440100", "02024c0100"].map((pixel) => `2c000000000100010000${pixel}`);
    const buffer = Buffer.from(`47494638396101000100800000ff00000000ff${frames.join("")}3b`, "hex");
    const still = await stripes(studio.page, "still.png", 9, 9, 90);
    await studio.page.getByLabel("Choose a photo").setInputFiles([{ name: "blinking.gif", mimeType: "image/gif", buffer }, still]);
    await studio.page.waitForFunction(() => globalThis.impasto.state().photos.at(-1)?.title === "still.png");
    await studio.painted();
    await studio.page.locator("#photos .tile", { has: studio.page.locator("img[alt*='blinking']") }).locator("input").check();
    await studio.painted();
    const shown = await studio.page.evaluate(() => {
      const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      context?.drawImage(document.querySelector("#photograph") as HTMLCanvasElement, 0, 0);
      return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
    });
    expect(shown).toEqual([255, 0, 0, 255]);
  });

  it("may be dropped", async () => {
    await studio.drop("photo", [await stripes(studio.page, "dropped.jpg", 240, 180, 90)]);
    await studio.page.waitForFunction(() => globalThis.impasto.state().photos.at(-1)?.title === "dropped.jpg");
    await studio.painted();
    const { width, height } = await studio.result();
    expect([width, height]).toEqual([240, 180]);
    expect(await studio.page.locator("#drop-zones").isVisible()).toBe(false);
  });

  it("may be pasted", async () => {
    const file = await stripes(studio.page, "pasted.png", 150, 250, 300);
    await studio.page.evaluate((bytes) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([Uint8Array.from(bytes)], "pasted.png", { type: "image/png" }));
      document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, clipboardData }));
    }, [...file.buffer]);
    await studio.page.waitForFunction(() => globalThis.impasto.state().photos.at(-1)?.title === "pasted.png");
    await studio.painted();
    const { width, height } = await studio.result();
    expect([width, height]).toEqual([150, 250]);
  });
});

describe("the visitor's paintings", () => {
  it("join the blend when chosen", async () => {
    const before = await studio.result();
    const files = [await stripes(studio.page, "mine.jpg", 400, 300, 40), await stripes(studio.page, "tiny.png", 1, 1, 0)];
    await studio.page.getByLabel("Add paintings").setInputFiles(files);
    await studio.page.waitForFunction(() => globalThis.impasto.state().active.length === 4);
    await studio.painted();
    expect(await studio.page.getByRole("slider", { name: "mine.jpg" }).count()).toBe(1);
    expect(difference(before, await studio.result())).toBeGreaterThan(0.2);
  });

  it("join the blend when dropped", async () => {
    const before = await studio.result();
    await studio.drop("style", [await stripes(studio.page, "dropped painting.jpg", 300, 300, 170)]);
    await studio.page.waitForFunction(() => globalThis.impasto.state().active.length === 5);
    await studio.painted();
    expect(difference(before, await studio.result())).toBeGreaterThan(0.1);
  });
});

describe("what is no picture", () => {
  const text: Upload = { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("not a picture at all") };
  it.each<[string, Upload, string]>([
    ["text", text, "“notes.jpg” could not be read as a picture."],
    ["an empty file", { ...text, name: "empty.png", buffer: Buffer.alloc(0) }, "“empty.png” could not be read"],
    ["SVG", { name: "drawing.svg", mimeType: "image/svg+xml", buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }, "“drawing.svg” could not be read as a picture."],
    ["HEIC", { ...text, name: "IMG_1.HEIC", mimeType: "image/heic" }, "“IMG_1.HEIC” is a HEIC photo"],
  ])("gets a sentence: %s", async (_, file, sentence) => {
    const before = await studio.state();
    await studio.page.getByLabel("Choose a photo").setInputFiles(file);
    await studio.page.getByRole("alert").filter({ hasText: sentence }).waitFor();
    const after = await studio.state();
    expect([after.photoId, after.photos.length]).toEqual([before.photoId, before.photos.length]);
  });

  it("gets a sentence: a huge file", async () => {
    await studio.page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(65e6)], "huge.tif", { type: "image/tiff" }));
      document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
    });
    await studio.page.getByRole("alert").filter({ hasText: "“huge.tif” is larger than 64 MB." }).waitFor();
  });

  it("does not keep the good ones out, and is forgotten with the next choice", async () => {
    const good = await stripes(studio.page, "good.png", 64, 64, 60);
    await studio.page.getByLabel("Add paintings").setInputFiles([text, good]);
    await studio.page.getByRole("alert").filter({ hasText: "notes.jpg" }).waitFor();
    expect((await studio.state()).styles.at(-1)?.title).toBe("good.png");
    await studio.slideAndPaint(["strength", 80]);
    expect(await studio.page.getByRole("alert").isVisible()).toBe(false);
  });

  it("leaves the page without complaints or requests elsewhere", () => {
    expect(studio.elsewhere()).toEqual([]);
    expect(studio.complaints).toEqual([]);
  });
});
