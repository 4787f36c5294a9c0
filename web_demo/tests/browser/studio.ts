/** Drives the built page as a visitor would: a server, Chromium, and what can be seen. */
import { readFile } from "node:fs/promises";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, beforeAll } from "vitest";
import type { State } from "../../src/page/state";
import type { Upload } from "./pictures";

declare global {
  /** Only there once the page has started, with ?debug. */
  var impasto: { memory(): Promise<{ tensors: number; bytes: number }>; state(): State; kept(): number };
}

const ROOT = new URL("../../", import.meta.url).pathname;
/** WebGL on a software rasteriser and a busy machine takes its time. */
const PATIENCE_MS = 80_000;
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

export function launch(...further: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: [...ARGUMENTS, ...further] });
}

/** The project's own server, on any free port. */
export function serve(): Promise<PreviewServer> {
  return preview({ root: ROOT, logLevel: "error", preview: { port: 0, open: false } });
}

/** A server that only sends files, without our headers, from a folder below its root. */
export function servePlainly(folder: string): Promise<PreviewServer> {
  return preview({ root: ROOT, configFile: false, base: folder, appType: "mpa", logLevel: "error", preview: { port: 0 } });
}

export function addressOf(server: PreviewServer): string {
  const [address] = server.resolvedUrls?.local ?? [];
  if (address === undefined) throw new Error("the preview server has no address");
  return address;
}

export interface Site {
  readonly browser: Browser;
  /** Of the project's own server; ends in a slash. */
  readonly address: string;
}

/** A browser and a server for the tests of a file, or of a block: there before them, closed after them. */
export function openSite(...further: readonly string[]): Site {
  let browser: Browser;
  let server: PreviewServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(...further), serve()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  return {
    get browser() {
      return browser;
    },
    get address() {
      return addressOf(server);
    },
  };
}

export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
}

/** Other pages than the studio itself are opened as they are. */
function withPainter(address: string): string {
  const url = new URL(address);
  if (url.pathname.endsWith("/") && !url.searchParams.has("painter")) url.searchParams.set("painter", "fast");
  return url.href;
}

export class Studio {
  /** Console errors and warnings, and uncaught errors, as they came. */
  readonly complaints: string[] = [];
  /** Every address that was asked for. */
  readonly requests: string[] = [];

  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`uncaught: ${error.message}`));
    context.on("request", (request) => this.requests.push(request.url()));
  }

  /** Painted by `fast`, unless the address says otherwise: the page would choose by how busy the machine is. */
  static async open(browser: Browser, address: string, prepare?: (context: BrowserContext) => Promise<unknown>): Promise<Studio> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, acceptDownloads: true });
    await prepare?.(context);
    const studio = new Studio(await context.newPage(), context);
    await studio.page.goto(withPainter(address));
    return studio;
  }

  /** Opens the page with the samples and waits for its first picture. */
  static async painting(browser: Browser, address: string, prepare?: (context: BrowserContext) => Promise<unknown>): Promise<Studio> {
    const studio = await Studio.open(browser, address, prepare);
    await studio.painted();
    return studio;
  }

  /** Waits until the picture that is wanted is the picture that is shown. */
  async painted(patience = PATIENCE_MS): Promise<void> {
    await this.page.waitForFunction(
      () => {
        if (!("impasto" in globalThis)) return false;
        const { phase, painted, painting, message } = globalThis.impasto.state();
        if (phase === "failed") throw new Error(message?.text);
        return phase === "ready" && painted !== null && !painting;
      },
      undefined,
      { timeout: patience },
    );
  }

  /** Chooses a file as the photograph; does not wait for its picture. */
  async choosePhoto(file: Upload): Promise<void> {
    // Of the visitor's own: the samples may come meanwhile.
    const before = (await this.state()).photos.filter(({ own }) => own).length;
    await this.page.getByLabel("Choose a photo").setInputFiles(file);
    await this.page.waitForFunction((count) => globalThis.impasto.state().photos.filter(({ own }) => own).length > count, before);
  }

  /** Clicks the button and returns what the visitor gets. */
  download(): Promise<{ name: string; bytes: Buffer }> {
    return this.downloaded(() => this.page.getByRole("button", { name: "Download" }).click());
  }

  /** What the visitor gets for what `act` does. */
  async downloaded(act: () => Promise<unknown>): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([this.page.waitForEvent("download", { timeout: PATIENCE_MS }), act()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  state(): Promise<State> {
    return this.page.evaluate(() => globalThis.impasto.state());
  }

  status(): Promise<string> {
    return this.page.locator("#status").innerText();
  }

  message(): Promise<string> {
    return this.page.locator("#message").innerText();
  }

  result(): Promise<Rgba> {
    return this.canvas("#result");
  }

  /** What a canvas of the page shows, once the frame has come in which it does. */
  async canvas(selector: string): Promise<Rgba> {
    const { data, ...size } = await this.page.evaluate(async (which) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const canvas = document.querySelector<HTMLCanvasElement>(which);
      if (!canvas || canvas.hidden) throw new Error(`no canvas ${which} is shown`);
      // A canvas of our own, since reading the page's one makes Chromium complain about it.
      const { width, height } = canvas;
      const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error("no 2D canvas");
      context.drawImage(canvas, 0, 0);
      const bytes = context.getImageData(0, 0, width, height).data;
      // As text: millions of numbers take minutes on their way to the test.
      let text = "";
      for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      return { width, height, data: btoa(text) };
    }, selector);
    return { ...size, data: [...Buffer.from(data, "base64")] };
  }

  /** What was asked of anybody but the page's own server. */
  elsewhere(): string[] {
    const { origin } = new URL(this.page.url());
    return this.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`) && !url.startsWith("data:"));
  }

  /** Moves sliders and sets choices, all before the browser draws again. */
  async slide(...moves: readonly (readonly [id: string, value: number])[]): Promise<void> {
    await this.page.evaluate((all) => {
      for (const [id, value] of all) {
        const input = document.getElementById(id) as HTMLInputElement | HTMLSelectElement;
        input.value = String(value);
        if (input.value !== String(value)) throw new Error(`${id} cannot be ${value}`);
        input.dispatchEvent(new Event(input instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
      }
    }, moves);
  }

  async slideAndPaint(...moves: readonly (readonly [id: string, value: number])[]): Promise<Rgba> {
    await this.slide(...moves);
    await this.painted();
    return this.result();
  }

  async tick(id: string, on: boolean): Promise<void> {
    await this.page.locator(`.tile-input[value="${id}"]`).setChecked(on);
  }

  /** Drops files as the system's file manager would: enter, over, drop. */
  async drop(zone: "photo" | "style", files: readonly { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }));
    await this.page.evaluate(
      ([target, contents]) => {
        const dataTransfer = new DataTransfer();
        for (const { name, mimeType, bytes } of contents) {
          dataTransfer.items.add(new File([Uint8Array.from(bytes)], name, { type: mimeType }));
        }
        const fire = (type: string, element: Element): boolean =>
          element.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
        fire("dragenter", document.body);
        const element = document.querySelector(`[data-drop="${target}"]`);
        if (element === null || element.getBoundingClientRect().width === 0) throw new Error("the drop zone is not visible");
        fire("dragover", element);
        fire("drop", element);
      },
      [zone, plain] as const,
    );
  }
}

/** Mean absolute difference of two pictures of one size, in steps of 255. */
export function difference(a: Rgba, b: Rgba): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`pictures of ${a.width}x${a.height} and ${b.width}x${b.height} cannot be compared`);
  }
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? NaN)), 0) / a.data.length;
}
