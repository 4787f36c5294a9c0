import { beforeAll, describe, expect, it } from "vitest";
import { difference, openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;
let styleIds: string[];

beforeAll(async () => {
  studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm`);
  styleIds = (await studio.state()).active.map(({ id }) => id);
  await studio.slideAndPaint(["size", 128]);
});

describe("on its own", () => {
  it("paints the first sample with a blend of two styles and says how", async () => {
    expect(styleIds).toHaveLength(2);
    expect(await studio.status()).toMatch(/^WebAssembly(, \d threads)? · [\d,]+ ms · \d+ × \d+ px( · painter: fast)?$/);
    const { width, height, data } = await studio.result();
    expect(Math.max(width, height)).toBe(128);
    expect(new Set(data).size).toBeGreaterThan(20);
  });

  it("says that pictures stay here", async () => {
    await expect(studio.page.getByText("Your pictures never leave this machine.", { exact: true }).isVisible()).resolves.toBe(true);
  });
});

describe("before the first picture", () => {
  it("only the small pictures that are seen are fetched; the others come after it", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const visitor = await Studio.open(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
      context.route("**/model/transformer/*.bin", async (route) => {
        await held;
        await route.continue();
      }),
    );
    const all = visitor.page.locator(".tile img");
    const asked = visitor.page.locator(".tile img[src]");
    await expect.poll(() => asked.count()).toBeGreaterThan(0);
    await expect.poll(() => all.count()).toBe(32);
    expect(await asked.count()).toBeLessThan(32);
    release();
    await visitor.painted();
    await expect.poll(() => asked.count()).toBe(32);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });
});

describe("blend", () => {
  it("changes the picture; a style without weight is as good as none", async () => {
    const [first = "", second = ""] = styleIds;
    const half = await studio.result();
    const alone = await studio.slideAndPaint([`weight-${first}`, 80], [`weight-${second}`, 0]);
    expect(difference(half, alone)).toBeGreaterThan(0.5);
    await studio.tick(second, false);
    await studio.painted();
    expect(difference(alone, await studio.result())).toBe(0);
    expect(await studio.page.locator("#blend .slider").count()).toBe(1);
    await studio.tick(second, true);
    await studio.painted();
    expect(difference(half, await studio.slideAndPaint([`weight-${first}`, 50], [`weight-${second}`, 50]))).toBe(0);
  });

  it("takes any number of styles", async () => {
    const before = await studio.result();
    const third = (await studio.state()).styles.map(({ id }) => id).find((id) => !styleIds.includes(id)) ?? "";
    await studio.tick(third, true);
    await studio.painted();
    expect(difference(before, await studio.result())).toBeGreaterThan(0.2);
    expect(await studio.page.locator("#blend output").allInnerTexts()).toEqual(["34%", "33%", "33%"]);
    await studio.tick(third, false);
    await studio.painted();
  });

  it("without any style shows the photograph and asks for a painting", async () => {
    for (const id of styleIds) await studio.tick(id, false);
    await studio.page.locator("#frame:not(.painted)").waitFor();
    expect(await studio.status()).toBe("Choose at least one painting.");
    expect(await studio.page.getByRole("button", { name: "Download" }).isDisabled()).toBe(true);
    for (const id of styleIds) await studio.tick(id, true);
    await studio.painted();
  });
});

describe("strength", () => {
  it("at 0 % depends on the photograph alone, at 100 % on the style", async () => {
    const [first = "", second = ""] = styleIds;
    const full = await studio.slideAndPaint(["strength", 100]);
    const none = await studio.slideAndPaint(["strength", 0]);
    expect(difference(full, none)).toBeGreaterThan(0.5);
    expect(difference(none, await studio.slideAndPaint([`weight-${first}`, 100], [`weight-${second}`, 10]))).toBe(0);
    await studio.slideAndPaint(["strength", 100], [`weight-${first}`, 50], [`weight-${second}`, 50]);
  });
});

describe("queue", () => {
  it("ends with the newest wish, and does not paint every one on the way", async () => {
    const wanted = await studio.slideAndPaint(["strength", 37]);
    await studio.slideAndPaint(["strength", 100]);
    let painted = 0;
    await studio.page.exposeFunction("countPainted", () => painted++);
    await studio.page.evaluate(() => {
      const { countPainted } = globalThis as unknown as { countPainted: () => void };
      new MutationObserver(countPainted).observe(document.querySelector("#status") as Element, { childList: true });
    });
    for (let strength = 99; strength >= 37; strength--) await studio.slide(["strength", strength]);
    await studio.painted();
    expect(difference(wanted, await studio.result())).toBe(0);
    expect(painted).toBeLessThan(63);
    await studio.slideAndPaint(["strength", 100]);
  });

  it("never shows an older photograph over a newer one", async () => {
    const [first = "", second = ""] = (await studio.state()).photos.map(({ id }) => id);
    await studio.tick(second, true);
    await studio.painted();
    const wanted = await studio.result();
    for (const id of [first, second, first, second]) await studio.tick(id, true);
    await studio.painted();
    await studio.page.evaluate(() => globalThis.impasto.memory());
    expect(difference(wanted, await studio.result())).toBe(0);
    await studio.tick(first, true);
    await studio.painted();
  });
});

describe("size", () => {
  it("bounds the long side", async () => {
    const { width, height } = await studio.slideAndPaint(["size", 256]);
    expect(Math.max(width, height)).toBe(256);
    expect(await studio.status()).toContain(`${width} × ${height} px`);
    await studio.slideAndPaint(["size", 128]);
  });
});

describe("manners", () => {
  it("compares with the photograph by keyboard", async () => {
    const compare = studio.page.getByRole("slider", { name: "Compare with the photograph" });
    await compare.focus();
    await studio.page.keyboard.press("End");
    expect(await compare.getAttribute("aria-valuetext")).toBe("100% photograph");
    expect(await studio.page.locator("#photograph").evaluate((canvas) => getComputedStyle(canvas).clipPath)).toBe("inset(0px 0% 0px 0px)");
    await studio.page.keyboard.press("Home");
    expect(await compare.getAttribute("aria-valuetext")).toBe("0% photograph");
  });

  it("tells how large the picture is seen, in a window of another size too", async () => {
    const { page } = studio;
    const told = (): Promise<string> => page.locator(".zoom-value").innerText();
    const seen = (): Promise<string> =>
      page.locator("#frame").evaluate((frame) => `${Math.round((100 * frame.clientWidth) / (globalThis.impasto.state().painted?.width ?? NaN))}%`);
    const before = await told();
    expect(before).toBe(await seen());
    await page.setViewportSize({ width: 390, height: 700 });
    await expect.poll(told).not.toBe(before);
    await expect.poll(async () => (await told()) === (await seen())).toBe(true);
    await page.setViewportSize({ width: 1200, height: 800 });
    await expect.poll(told).toBe(before);
  });

  it("gives every control a name", async () => {
    const controls = await studio.page.locator("input:visible, select:visible, button:visible").all();
    expect(controls.length).toBeGreaterThan(12);
    for (const control of controls) {
      const snapshot = await control.ariaSnapshot();
      expect(snapshot).toMatch(/^- (slider|radio|checkbox|combobox|button|textbox) "[^"]+"/);
    }
  });

  it("announces the result to screen readers", async () => {
    await studio.slideAndPaint(["strength", 90]);
    await studio.page.waitForFunction(() => document.querySelector("#announcements")?.textContent === document.querySelector("#status")?.textContent);
    await studio.slideAndPaint(["strength", 100]);
  });
});

describe("memory", () => {
  it("holds the same number of tensors after 20 runs", async () => {
    const tensors = (): Promise<number> => studio.page.evaluate(async () => (await globalThis.impasto.memory()).tensors);
    await studio.slideAndPaint(["strength", 50]);
    const before = await tensors();
    expect(before).toBeGreaterThan(10);
    for (let run = 0; run < 20; run++) {
      await studio.slide(["strength", 51 + run]);
      await studio.painted();
    }
    expect(await tensors()).toBe(before);
  });
});

describe("all the while", () => {
  it("asked its own server only, and complained of nothing", () => {
    expect(studio.requests.length).toBeGreaterThan(10);
    expect(studio.elsewhere()).toEqual([]);
    expect(studio.complaints).toEqual([]);
  });

  it("sent nothing: every request was a plain GET", async () => {
    const sent: string[] = [];
    const fresh = await Studio.open(site.browser, "about:blank");
    fresh.context.on("request", (request) => {
      if (request.method() !== "GET" || request.postData() !== null) sent.push(`${request.method()} ${request.url()}`);
    });
    await fresh.page.goto(`${site.address}?debug&backend=wasm&painter=fast`);
    await fresh.painted();
    expect(sent).toEqual([]);
    await fresh.context.close();
  });
});
