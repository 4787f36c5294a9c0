import { afterEach, describe, expect, it } from "vitest";
import { stripes } from "./pictures";
import { difference, openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

afterEach(async () => {
  await studio.context.close();
});

/** A visitor's photograph and painting, a region painted with the brush, and a blend. */
async function work(): Promise<void> {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
  const { page } = studio;
  // Somebody is there: what comes now is a step to undo.
  await page.mouse.click(5, 5);
  await studio.choosePhoto(await stripes(page, "My Garden.png", 200, 140, 10));
  await page.getByLabel("Add paintings").setInputFiles([await stripes(page, "mine.png", 300, 200, 120)]);
  await page.waitForFunction(() => globalThis.impasto.state().active.length === 3);
  await studio.slide(["size", 192], ["strength", 80]);
  await page.getByRole("button", { name: "Add a region" }).click();
  const box = await page.locator("#mask").boundingBox();
  if (box === null) throw new Error("the brush is not on the picture");
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.5 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.5 * box.height, { steps: 4 });
  await page.mouse.up();
  await page.getByLabel("Format of the download").selectOption("WebP");
  await page.getByLabel("Keep the photograph's colours").check();
  await studio.painted();
}

const titles = (): Promise<string[]> =>
  studio.page.evaluate(() => [...globalThis.impasto.state().photos, ...globalThis.impasto.state().styles].filter(({ own }) => own).map(({ title }) => title));

describe("what the visitor made", () => {
  it("is there again after a reload and after Back: pictures, region, blend, format, and the steps to undo", async () => {
    await work();
    const [before, picture] = [await studio.state(), await studio.result()];
    // At once: nothing may be lost for want of a moment.
    await studio.page.reload();
    await studio.painted();
    const after = await studio.state();
    expect(await titles()).toEqual(["My Garden.png", "mine.png"]);
    expect([after.photoId, after.active, after.strength, after.size, after.format]).toEqual([before.photoId, before.active, 0.8, 192, "image/webp"]);
    expect([after.colours.keep, after.regions.layers.length]).toEqual([true, 2]);
    expect(difference(await studio.result(), picture)).toBeLessThan(0.5);

    await studio.page.getByRole("button", { name: "Undo" }).click();
    expect((await studio.state()).colours.keep).toBe(false);
    await studio.page.goto("about:blank");
    await studio.page.goBack();
    await studio.painted();
    expect((await studio.state()).colours.keep).toBe(false);
    await studio.page.getByRole("button", { name: "Redo" }).click();
    expect((await studio.state()).colours.keep).toBe(true);
    // The stroke, the region and what was before: all the way back to the sample.
    const undo = studio.page.getByRole("button", { name: "Undo" });
    while ((await undo.getAttribute("aria-disabled")) === "false") await undo.click();
    const { photoId, regions } = await studio.state();
    expect([photoId?.startsWith("sample-"), regions.masks.length]).toEqual([true, 0]);
    expect(studio.complaints).toEqual([]);
  });

  it("does not meet what another tab makes, and comes back where a tab had died", async () => {
    await work();
    const first = (await studio.state()).photoId;
    const second = await studio.context.newPage();
    await second.goto(`${site.address}?debug&backend=wasm`);
    await second.waitForFunction(() => "impasto" in globalThis && globalThis.impasto.state().painted !== null);
    // The other tab has the same pictures to choose from, and its own choices.
    const other = await second.evaluate(() => ({ strength: globalThis.impasto.state().strength, own: globalThis.impasto.state().photos.filter(({ own }) => own).length }));
    expect(other.own).toBe(1);
    await second.evaluate(() => {
      const strength = document.querySelector<HTMLInputElement>("#strength");
      if (strength === null) throw new Error("no slider");
      strength.value = "20";
      strength.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await second.waitForFunction(() => localStorage.getItem("impasto.settings")?.includes('"strength":0.2') === true);
    await studio.page.reload();
    await studio.painted();
    expect([(await studio.state()).strength, (await studio.state()).photoId]).toEqual([0.8, first]);
    // Without a word of farewell, and without the tab's own storage.
    await second.close();
    await studio.page.close({ runBeforeUnload: false });
    const third = await studio.context.newPage();
    await third.goto(`${site.address}?debug&backend=wasm`);
    await third.waitForFunction(() => "impasto" in globalThis && globalThis.impasto.state().painted !== null);
    expect(await third.evaluate(() => globalThis.impasto.state().photoId)).toBe(first);
  });

  it("comes back after the browser's process for the tab has crashed", async () => {
    await work();
    const { photoId, active, strength } = await studio.state();
    // Longer ago than the page waits before it keeps a change.
    await studio.page.waitForFunction(() => Object.entries(localStorage).some(([key, value]) => key.startsWith("impasto.session.") && String(value).includes('"keep":true')));
    const crashed = studio.page.waitForEvent("crash");
    await studio.page.goto("chrome://crash").catch(() => undefined);
    await crashed;
    const page = await studio.context.newPage();
    await page.goto(`${site.address}?debug&backend=wasm&painter=fast`);
    await page.waitForFunction(() => "impasto" in globalThis && globalThis.impasto.state().painted !== null);
    const after = await page.evaluate(() => globalThis.impasto.state());
    expect([after.photoId, after.active, after.strength]).toEqual([photoId, active, strength]);
    expect([after.regions.masks.length, after.colours.keep]).toEqual([1, true]);
    expect(after.photos.filter(({ own }) => own).map(({ title }) => title)).toEqual(["My Garden.png"]);
    expect(await page.getByRole("button", { name: "Undo" }).getAttribute("aria-disabled")).toBe("false");
  });

  it("can be taken away, one picture or all, for good", async () => {
    await work();
    const { page } = studio;
    await page.getByRole("button", { name: "Remove “mine.png”" }).click();
    await page.getByRole("alert").filter({ hasText: "“mine.png” was removed." }).waitFor();
    await page.reload();
    await studio.painted();
    expect(await titles()).toEqual(["My Garden.png"]);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Forget my pictures" }).click();
    await page.getByRole("alert").filter({ hasText: "Your pictures are forgotten" }).waitFor();
    expect(await titles()).toEqual([]);
    const left = await page.evaluate(async () => {
      const { db } = await new Promise<{ db: IDBDatabase }>((resolve) => {
        const request = indexedDB.open("impasto-pictures");
        request.onsuccess = () => resolve({ db: request.result });
      });
      return await new Promise<number>((resolve) => {
        const request = db.transaction("pictures").objectStore("pictures").count();
        request.onsuccess = () => resolve(request.result);
      });
    });
    expect(left).toBe(0);
    await page.reload();
    await studio.painted();
    expect(await titles()).toEqual([]);
    expect(await page.getByRole("button", { name: "Forget my pictures" }).isVisible()).toBe(false);
  });

  it("is said to be lost where the browser keeps nothing, and only there the visitor is warned", async () => {
    const leave = async (): Promise<boolean> => studio.page.evaluate(() => {
      const event = new Event("beforeunload", { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    });
    studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
    await studio.choosePhoto(await stripes(studio.page, "kept.png", 60, 40, 10));
    await studio.painted();
    // Until it is written it would be lost: painted sooner than kept, it is warned of for a moment.
    await expect.poll(leave).toBe(false);
    await studio.context.close();
    studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
      context.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { get: () => { throw new DOMException("no", "SecurityError"); } })),
    );
    await studio.choosePhoto(await stripes(studio.page, "lost.png", 60, 40, 10));
    await studio.page.getByRole("alert").filter({ hasText: "does not let the page keep anything" }).waitFor();
    await studio.painted();
    expect(await leave()).toBe(true);
    await studio.page.getByRole("button", { name: "Remove “lost.png”" }).click();
    expect(await leave()).toBe(false);
  });
});
