import type { Locator } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { difference, openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
  await studio.slideAndPaint(["size", 128]);
});

async function weights(): Promise<Record<string, number>> {
  return Object.fromEntries((await studio.state()).active.map(({ id, weight }) => [id, weight]));
}

/** Presses at one place of an element and lets go at another, both as parts of its width and height. */
async function drag(element: Locator, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  if (!box) throw new Error("the element cannot be seen");
  const { mouse } = studio.page;
  await mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height);
  await mouse.down();
  await mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height, { steps: 5 });
  await mouse.up();
}

async function view(name: string): Promise<void> {
  await studio.page.getByRole("radio", { name, exact: true }).check();
}

describe("the map", () => {
  it("lays out every style, none on another", async () => {
    await view("Map");
    const map = studio.page.getByRole("group", { name: "Map of styles" });
    await studio.page.waitForFunction(() => document.querySelectorAll(".map-thumb").length === globalThis.impasto.state().styles.length);
    const boxes = await map.locator(".map-thumb").evaluateAll((thumbs) => thumbs.map((thumb) => thumb.getBoundingClientRect().toJSON() as DOMRect));
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(a.width - 0.5);
    });
  });

  it("paints with the styles around the marker, which a pointer drags", async () => {
    const before = await studio.result();
    const map = studio.page.locator("#style-map");
    await drag(map, [0.2, 0.2], [0.8, 0.7]);
    await studio.painted();
    expect(difference(before, await studio.result())).toBeGreaterThan(0.5);
    const blend = Object.values(await weights());
    expect(blend.length).toBeLessThanOrEqual(4);
    expect(blend.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    const thumb = map.locator(".map-thumb").first();
    await thumb.scrollIntoViewIfNeeded();
    const box = await thumb.boundingBox();
    if (!box) throw new Error("no thumbnail");
    await studio.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const [id] = (await studio.state()).styles.map((style) => style.id);
    expect((await weights())[id ?? ""]).toBeGreaterThan(0.9);
  });

  it("moves its marker by keys, and says what it means", async () => {
    const across = studio.page.getByRole("slider", { name: "Map of styles, across" });
    await across.focus();
    const before = await across.inputValue();
    const was = await weights();
    // Away from the nearer edge, where the marker would stop.
    const [arrow, sign] = Number(before) < 50 ? ["ArrowRight", 1] : ["ArrowLeft", -1];
    for (const key of [arrow, arrow, `Shift+${arrow}`, "ArrowDown"]) await studio.page.keyboard.press(key);
    expect(Number(await across.inputValue()) - Number(before)).toBe(14 * sign);
    expect(await weights()).not.toEqual(was);
    const { styles, active } = await studio.state();
    const strongest = [...active].sort((a, b) => b.weight - a.weight)[0]?.id;
    expect(await across.getAttribute("aria-valuetext")).toContain(styles.find(({ id }) => id === strongest)?.title);
    await studio.painted();
    await view("Sliders");
    expect(await studio.page.locator("#blend .slider").count()).toBe(active.length);
  });
});

describe("the pad", () => {
  it("blends the chosen styles by where its marker is, and follows the sliders", async () => {
    await studio.page.getByRole("button", { name: "Surprise me" }).click();
    const [first = "", second = ""] = (await studio.state()).styles.map(({ id }) => id);
    for (const { id } of (await studio.state()).active) if (id !== first && id !== second) await studio.tick(id, false);
    for (const id of [first, second]) await studio.tick(id, true);
    await view("Pad");
    const pad = studio.page.locator("#blend-plane");
    await drag(pad, [0.5, 0.5], [0.99, 0.4]);
    const { active } = await studio.state();
    expect(active.map(({ weight }) => weight)).toEqual([0, 1]);
    const across = studio.page.getByRole("slider", { name: "Blend pad, across" });
    await across.focus();
    await studio.page.keyboard.press("ArrowLeft");
    expect(Object.values(await weights())[1]).toBeCloseTo(1 - 0.02 / 0.76, 6);
    await studio.slide(...active.map(({ id }) => [`weight-${id}`, 50] as const));
    expect(await across.inputValue()).toBe("50");
    const third = (await studio.state()).styles[2]?.id ?? "";
    await studio.tick(third, true);
    await drag(pad, [0.5, 0.5], [0.45, 0.6]);
    await studio.painted();
    expect(Object.values(await weights()).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
  });
});

describe("strength", () => {
  it("goes beyond the blend", async () => {
    const full = await studio.slideAndPaint(["strength", 100]);
    const beyond = await studio.slideAndPaint(["strength", 150]);
    expect(difference(full, beyond)).toBeGreaterThan(0.5);
    await studio.slideAndPaint(["strength", 100]);
  });
});

describe("surprise", () => {
  it("can be had again by its seed", async () => {
    const seed = studio.page.getByRole("textbox", { name: "Seed" });
    await studio.page.getByRole("button", { name: "Surprise me" }).click();
    const [shown, blend] = [await seed.inputValue(), await weights()];
    await studio.page.getByRole("button", { name: "Surprise me" }).click();
    expect(await weights()).not.toEqual(blend);
    await seed.fill(shown);
    await seed.press("Enter");
    expect(await weights()).toEqual(blend);
  });
});

describe("undo and redo", () => {
  it("take a whole drag back, and a photograph, by buttons and keys", async () => {
    const { page } = studio;
    await view("Map");
    await studio.painted();
    const [start, picture] = [await weights(), await studio.result()];
    await drag(page.locator("#style-map"), [0.3, 0.8], [0.7, 0.2]);
    const moved = await weights();
    const [one, two] = (await studio.state()).photos.map(({ id }) => id);
    await page.locator(`.tile-input[value="${two}"]`).check();
    expect((await studio.state()).photoId).toBe(two);
    await page.keyboard.press("Control+z");
    expect((await studio.state()).photoId).toBe(one);
    expect(await weights()).toEqual(moved);
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await weights()).toEqual(start);
    await studio.painted();
    expect(difference(picture, await studio.result())).toBe(0);
    await page.keyboard.press("Control+Shift+Z");
    expect(await weights()).toEqual(moved);
    await page.keyboard.press("Control+y");
    expect((await studio.state()).photoId).toBe(two);
    await page.keyboard.press("Control+z");
    await studio.painted();
  });
});

describe("sharing and keeping", () => {
  it("opens a copied link in a new page with the same picture, and keeps settings over a reload", async () => {
    const { page, context } = studio;
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await studio.slideAndPaint(["strength", 120]);
    const picture = await studio.result();
    await page.getByText("Share and keep").click();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("alert").filter({ hasText: "on the clipboard" }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain("#style=");

    await page.goto("about:blank");
    await page.goto(link);
    await page.waitForFunction(() => "impasto" in globalThis && globalThis.impasto.state().active[0]?.id.startsWith("shared-"));
    await studio.painted();
    const { active, styles, strength, size } = await studio.state();
    expect(active).toHaveLength(1);
    expect(styles.find(({ id }) => id === active[0]?.id)?.title).toBe("Shared style");
    expect([strength, size]).toEqual([1.2, 128]);
    expect(difference(picture, await studio.result())).toBeLessThan(0.5);
    // The photograph's own, which the strength needs; those of the samples come with the page, and the link's in the link.
    expect(await page.evaluate(() => new Promise<number>((resolve) => {
      const request = indexedDB.open("impasto");
      request.onsuccess = () => {
        const count = request.result.transaction("vectors").objectStore("vectors").count();
        count.onsuccess = () => resolve(count.result);
      };
    }))).toBeGreaterThan(0);

    const other = styles[0]?.id ?? "";
    await studio.tick(other, true);
    await studio.slideAndPaint(["strength", 80]);
    const kept = await weights();
    await page.reload();
    await studio.painted();
    await page.waitForFunction((count) => globalThis.impasto.state().active.length === count, Object.keys(kept).length);
    expect(await weights()).toEqual(kept);
    expect((await studio.state()).strength).toBe(0.8);
  });

  it("says so where a link is damaged", async () => {
    await studio.page.evaluate(() => (location.hash = `${location.hash.slice(0, -3)}AAA`));
    await studio.page.getByRole("alert").filter({ hasText: "damaged or incomplete" }).waitFor();
  });
});

describe("all the while", () => {
  it("complained of nothing", () => {
    expect(studio.complaints).toEqual([]);
  });
});
