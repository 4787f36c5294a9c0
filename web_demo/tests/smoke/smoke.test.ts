/** What a visitor does first, in the browsers that the other tests do not drive: it has to work in every engine. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PreviewServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FilmLab } from "../browser/films";
import { addressOf, launch, serve } from "../browser/studio";
import { firefox } from "./firefox";
import { Home, type Visitor } from "./visitor";
import { webkit } from "./webkit";

const PATIENCE = { timeout: 80_000, interval: 100 };
/** Where screenshots go, to be looked at. */
const PICTURES = process.env["SMOKE_PICTURES"];

/** The film, made once, as a file. */
const shared = new Home();
const film = path.join(shared.folder, "clip.webm");

beforeAll(async () => {
  const [browser, server] = await Promise.all([launch(), serve()]);
  const lab = await FilmLab.open(browser, addressOf(server));
  const { buffer } = await lab.make("clip.webm", { width: 160, height: 96, frames: 16, perSecond: 8 });
  writeFileSync(film, buffer);
  await Promise.all([browser.close(), server.close()]);
});

afterAll(() => shared.remove());

describe.each([firefox, webkit])("$name", (kind) => {
  const executable = kind.find();
  // CI has them all; elsewhere the sentence says what to install.
  if (executable === null) {
    it.skipIf(process.env["CI"] === undefined)(`is needed in CI: apt-get install ${kind.packages}`, () => expect.unreachable());
    return;
  }
  const home = new Home();
  let server: PreviewServer;
  let visitor: Visitor;
  let plain: number[];

  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await serve();
    ends.unshift(() => server.close().catch(() => undefined));
    visitor = await kind.visit(executable, home);
    ends.unshift(() => visitor.close());
  });
  afterAll(async () => {
    for (const end of ends) await end();
    home.remove();
  });

  /** Waits for the wished-for picture; what the page complains of ends the wait. */
  async function painted(): Promise<number[]> {
    await expect.poll(async () => {
      const now = await visitor.run(phaseOf);
      if (now.startsWith("failed")) throw new Error(now);
      return now;
    }, PATIENCE).toBe("painted");
    return visitor.run(colours, "#result");
  }
  async function picture(name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(path.join(PICTURES, `${kind.name}-${name}.png`), await visitor.screenshot());
  }

  it("paints the first photograph", async () => {
    // By one painter: another one that comes in between, as on a quick machine, paints the whole picture anew.
    await visitor.open(`${addressOf(server)}?debug&live=128&painter=fast`);
    plain = await painted();
    await picture("first");
    expect(difference(plain, await visitor.run(colours, "#photograph"))).toBeGreaterThan(10);
    expect(await visitor.run(() => document.getElementById("message")?.textContent ?? null)).toBe("");
  });

  it("blends paintings", async () => {
    await visitor.run(enter, "strength", "60", "input");
    const weaker = await painted();
    expect(difference(plain, weaker)).toBeGreaterThan(1);
    await visitor.run(enter, "strength", "100", "input");
    await visitor.click('.tile-input[type="checkbox"]:checked');
    const other = await painted();
    expect(difference(plain, other)).toBeGreaterThan(1);
  });

  it("paints a part of the picture in another style", async () => {
    const before = await painted();
    await visitor.click("#add-region");
    await painted();
    await visitor.run(enter, "brush-size", "40", "input");
    await visitor.press("#mask", [" ", "ArrowRight", "ArrowRight", "ArrowLeft", " "]);
    const after = await painted();
    await picture("regions");
    expect(difference(before, after)).toBeGreaterThan(1);
    // The corner is far from the middle.
    expect(difference(before.slice(0, 12), after.slice(0, 12))).toBeLessThan(2);
  });

  it("downloads the picture as a file", async () => {
    await visitor.click("#download");
    await expect.poll(() => [...home.downloaded().values()].map((bytes) => bytes.subarray(0, 8).toString("latin1")), PATIENCE).toEqual(["\x89PNG\r\n\x1a\n"]);
  });

  it("paints a film where it can play one, and says so where it cannot", async () => {
    const plays = await visitor.run(() => document.createElement("video").canPlayType('video/webm; codecs="vp8"') !== "");
    await visitor.upload("#choose-video", film);
    if (plays) {
      await expect.poll(() => visitor.run(liveStatus), PATIENCE).toMatch(/^\d+ × \d+ px · [\d.]+ frames a second$/);
      expect(difference(await visitor.run(colours, "#live-canvas"), plain)).toBeGreaterThan(5);
      await picture("film");
      await visitor.click("#live-stop");
    } else {
      await expect.poll(() => visitor.run(() => document.getElementById("message")?.textContent), PATIENCE).toMatch(/could not be played by this browser/);
    }
    await painted();
  });

  it("paints by the larger painter, when that is chosen", async () => {
    const before = await painted();
    expect(await visitor.run(painterName)).toBe("fast");
    await visitor.run(enter, "painter", "fine", "change");
    await expect.poll(() => visitor.run(painterName), PATIENCE).toBe("fine");
    const after = await painted();
    await picture("fine");
    expect(difference(before, after)).toBeGreaterThan(1);
  });

  it("works without a network", async () => {
    await visitor.run(() => void navigator.serviceWorker.ready.then(() => (document.documentElement.dataset["kept"] = "yes")));
    await expect.poll(() => visitor.run(() => document.documentElement.dataset["kept"] ?? null), PATIENCE).toBe("yes");
    const address = addressOf(server);
    const closed = server.close();
    if ("closeAllConnections" in server.httpServer) server.httpServer.closeAllConnections();
    await closed;
    await visitor.open(`${address}?debug&live=128&again`);
    await painted();
    await picture("offline");
  });
});

function phaseOf(): string {
  if (!("impasto" in globalThis)) return "loading";
  const { phase, painted, painting, message } = globalThis.impasto.state();
  if (phase === "failed" || message?.tone === "error") return `failed: ${message?.text}`;
  return phase === "ready" && painted !== null && !painting ? "painted" : "painting";
}

/** Which painter the picture on the stage is by. */
function painterName(): string | null {
  return globalThis.impasto.state().painted?.painter ?? null;
}

function liveStatus(): string {
  const { message } = globalThis.impasto.state();
  return message?.tone === "error" ? message.text : (document.getElementById("live-status")?.textContent ?? "");
}

/** A canvas in 8 × 8 colours: 0 to 255, red, green and blue. */
function colours(selector: string): number[] {
  const canvas = document.querySelector<HTMLCanvasElement>(selector);
  const small = document.createElement("canvas");
  small.width = small.height = 8;
  const context = small.getContext("2d", { willReadFrequently: true });
  if (!canvas || !context) throw new Error(`no canvas ${selector}`);
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, 8, 8);
  return [...context.getImageData(0, 0, 8, 8).data].filter((_, i) => i % 4 !== 3);
}

/** Gives a slider or a choice a value, and tells the page as a browser does. */
function enter(id: string, value: string, told: "input" | "change"): void {
  const control = document.getElementById(id) as HTMLInputElement | HTMLSelectElement;
  control.value = value;
  control.dispatchEvent(new Event(told, { bubbles: true }));
}

function difference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? NaN)), 0) / a.length;
}
