/** Whoever comes with a screen reader, a keyboard, high contrast, large text, less motion or a small phone in one hand finds everything. */
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { launch, openSite, Studio } from "./studio";

const GUIDE = readFileSync(new URL("../../../docs/page.md", import.meta.url), "utf8");

const site = openSite();
let studio: Studio;
let page: Page;

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
  ({ page } = studio);
});

/** The rows of the guide's table: role and name. */
function path(): (readonly [role: Parameters<Page["getByRole"]>[0], name: string])[] {
  const part = GUIDE.split("## With a screen reader")[1]?.split("\n## ")[0] ?? "";
  return [...part.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(([, role, name]) => [role as "button", name?.trim() ?? ""] as const);
}

/** Where an element stands among all of the document. */
const place = (locator: Locator): Promise<number> => locator.first().evaluate((element) => [...document.querySelectorAll("*")].indexOf(element));

describe("with a screen reader", () => {
  it("everything that the guide names is there by role and name, in that order", async () => {
    const steps = path();
    expect(steps.length).toBeGreaterThan(15);
    const places: number[] = [];
    for (const [role, name] of steps) {
      const found = page.getByRole(role, name === "" ? {} : { name, exact: true });
      expect(await found.count(), `${role} ${name}`).toBeGreaterThan(0);
      places.push(await place(found));
    }
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("nothing that can be pressed, moved or chosen is without a name", async () => {
    const tree = await page.locator("body").ariaSnapshot();
    const nameless = tree.split("\n").filter((line) => /^\s*- (button|slider|checkbox|radio|combobox|textbox|spinbutton|link)\b(?! ")/.test(line));
    expect(nameless).toEqual([]);
    expect(tree).toContain('slider "Strength"');
  });

  it("what is painted is announced politely, and an error at once", async () => {
    await studio.slideAndPaint(["size", 128]);
    await expect.poll(() => page.locator("#announcements").textContent()).toMatch(/WebAssembly.* · 128 × \d+ px/);
    expect(await page.locator("#announcements").getAttribute("aria-live")).toBe("polite");
    await page.getByLabel("Choose a photo").setInputFiles({ name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.getByRole("alert").filter({ hasText: "“notes.png” could not be read as a picture" }).waitFor();
  });

  it("every control is reached by Tab, and what has the focus is seen", async () => {
    await page.locator("body").click({ position: { x: 2, y: 2 } });
    const reached = new Set<string>();
    for (let i = 0; i < 90; i++) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        // The ring is drawn around the control, or around what holds it.
        let ring = false;
        for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) ring ||= getComputedStyle(at).outlineStyle !== "none";
        const { width } = element.getBoundingClientRect();
        return { id: element.id || element.className || element.tagName, ring, width };
      });
      if (now === null) break;
      reached.add(now.id);
      expect([now.id, now.ring, now.width > 0]).toEqual([now.id, true, true]);
    }
    for (const id of ["language", "compare", "copy", "download", "format", "choose-photo", "camera", "choose-styles", "strength", "add-region", "size", "backend"]) expect([...reached]).toContain(id);
  });
});

/** How many pixels of 255 levels a part of the page changes by `act`. */
async function changed(locator: Locator, act: () => Promise<unknown>): Promise<number> {
  const look = async (): Promise<string> => (await locator.screenshot({ animations: "disabled" })).toString("base64");
  const before = await look();
  await act();
  const after = await look();
  return page.evaluate(async (pictures) => {
    const [a, b] = await Promise.all(
      pictures.map(async (base64) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
        context?.drawImage(bitmap, 0, 0);
        return context?.getImageData(0, 0, bitmap.width, bitmap.height).data;
      }),
    );
    let count = 0;
    for (let i = 0; a && b && i < a.length; i += 4) if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) + Math.abs((a[i + 1] ?? 0) - (b[i + 1] ?? 0)) > 60) count++;
    return count;
  }, [before, after] as const);
}

describe.each(["light", "dark"] as const)("in high contrast, %s", (colorScheme) => {
  it("what is chosen, and where a slider stands, is seen without the page's own colours", async () => {
    await page.emulateMedia({ forcedColors: "active", colorScheme });
    const strength = page.locator(".slider", { has: page.locator("#strength") });
    expect(await changed(strength.locator("input"), () => studio.slide(["strength", 20]))).toBeGreaterThan(100);
    const tile = page.locator(".tile", { has: page.locator('.tile-input[type="checkbox"]:not(:checked)') }).first();
    // The frame lies around the tile.
    const around = tile.locator("xpath=..");
    const id = await tile.locator("input").getAttribute("value");
    const same = page.locator("li", { has: page.locator(`.tile-input[value="${id}"]`) });
    expect(await around.count()).toBe(1);
    expect(await changed(same, () => studio.tick(id ?? "", true))).toBeGreaterThan(60);
    await studio.tick(id ?? "", false);
    const view = page.locator(".view", { hasText: "Map" });
    expect(await changed(view, () => view.locator("input").check())).toBeGreaterThan(60);
    await page.locator(".view", { hasText: "Sliders" }).locator("input").check();
    // A slider is more than its thumb: the track is drawn, too.
    const colours = await page.locator("#strength").evaluate((input) => getComputedStyle(input).forcedColorAdjust);
    expect(colours).toBe("auto");
    await studio.slide(["strength", 100]);
    await page.emulateMedia({ forcedColors: null, colorScheme: null });
  });
});

describe("with less motion", () => {
  it("nothing moves, while something is painted either", async () => {
    await page.emulateMedia({ reducedMotion: "no-preference" });
    // By the styles of all elements: where a wish changes in the middle of an animation, Chromium now and then lists the animation on,
    // though its element's style has none any more.
    const moving = (): Promise<string[]> => page.evaluate(() => {
      document.querySelector("#frame")?.classList.add("busy");
      return [...document.querySelectorAll("*")].flatMap((element) => {
        const { animationName, transitionProperty, transitionDuration } = getComputedStyle(element);
        const still = animationName === "none" && (transitionProperty === "none" || !/[1-9]/.test(transitionDuration));
        return still ? [] : [`${element.tagName} ${element.id} ${element.className}: ${animationName}, ${transitionProperty}`];
      });
    });
    expect(await moving()).toContainEqual(expect.stringContaining("busy-bar: sweep"));
    await page.emulateMedia({ reducedMotion: "reduce" });
    // A busy machine takes a while to hear of another wish.
    await page.waitForFunction(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
    expect(await moving()).toEqual([]);
    await page.evaluate(() => document.querySelector("#frame")?.classList.remove("busy"));
  });
});

describe("on a phone of 360 x 640 pixels", () => {
  let phone: Studio;

  beforeAll(async () => {
    phone = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
    await phone.page.setViewportSize({ width: 360, height: 640 });
  });

  /** Of the controls for one hand, those that are not on the first screen as a whole. */
  const outOfReach = (): Promise<string[]> =>
    phone.page.evaluate(() => {
      const seen = (selector: string): boolean => {
        const element = document.querySelector(selector);
        if (element === null) return false;
        const { top, bottom, left, right } = element.getBoundingClientRect();
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        if (top < 0 || bottom > innerHeight || left < 0 || right > innerWidth) return false;
        const there = document.elementFromPoint(x, y);
        return there !== null && (element.contains(there) || there.contains(element));
      };
      return ["#frame", "#choose-photo", "#styles .tile-input[type='checkbox']", "#strength", "#download"].filter((selector) => !seen(selector));
    });

  it("photograph, painting, strength and saving are on the first screen", async () => {
    expect(await outOfReach()).toEqual([]);
  });

  it("nothing is wider than the screen, and fingers find what is pressed", async () => {
    const { wide, small } = await phone.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth > innerWidth,
      // 24 pixels: WCAG 2.2, 2.5.8.
      small: [...document.querySelectorAll("button, select, input, summary")]
        .filter((element) => {
          const { width, height } = (element.closest("label") ?? element).getBoundingClientRect();
          return width > 0 && (width < 24 || height < 24);
        })
        .map((element) => element.id || element.className),
    }));
    expect(wide).toBe(false);
    expect(small).toEqual([]);
  });

  it("text of twice the size leaves everything to be reached", async () => {
    await phone.context.close();
    const browser = await launch("--blink-settings=defaultFontSize=32");
    const large = await Studio.painting(browser, `${site.address}?debug&backend=wasm`);
    await large.page.setViewportSize({ width: 360, height: 640 });
    const found = await large.page.evaluate(() => ({
      size: getComputedStyle(document.documentElement).fontSize,
      wide: document.documentElement.scrollWidth > innerWidth,
      // But for what lies in rows to swipe through.
      cut: [...document.querySelectorAll("body *")]
        .filter((element) => element.closest(".gallery") === null && element.getBoundingClientRect().width > 1 && element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => `${element.tagName} ${element.id}`),
      // A picture that stayed would leave no room for the rest.
      stays: getComputedStyle(document.querySelector(".stage") ?? document.body).position,
    }));
    expect(found).toEqual({ size: "30px", wide: false, cut: [], stays: "static" });
    await browser.close();
  });
});
