/** Chromium without a window, and how much memory it takes. */
import { readFile } from "node:fs/promises";
import { playwright } from "./packages.mjs";

/** As the project's browser tests start it; WebGPU needs the last three. */
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
const WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];

/** A first WebGL run of a large network takes minutes on a busy machine. */
const PATIENCE_MS = 900_000;

export const CHROMIUM = process.env["CHROMIUM"] || "/usr/bin/chromium";

/**
 * @param {readonly string[]} further  arguments
 */
export function launch(further = []) {
  return playwright.chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...further], timeout: PATIENCE_MS });
}

/**
 * One browser with one page on the given backend, closed afterwards.
 *
 * @template T
 * @param {string} address
 * @param {import("./page/contract").BackendName} backend
 * @param {(page: Page) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withPage(address, backend, use) {
  const browser = await launch(backend === "webgpu" ? WEBGPU : []);
  try {
    const tab = await browser.newPage();
    tab.setDefaultTimeout(PATIENCE_MS);
    tab.on("pageerror", (error) => console.error(`page: ${error.message}`));
    await tab.goto(address);
    await tab.waitForFunction(() => "bench" in globalThis);
    const device = await tab.evaluate((name) => globalThis.bench.activate(name), backend);
    return await use(new Page(browser, tab, device));
  } finally {
    await browser.close();
  }
}

/** A page whose backend is ready. */
class Page {
  /**
   * @param {import("playwright-core").Browser} browser
   * @param {import("playwright-core").Page} tab
   * @param {string} device  what computes
   */
  constructor(browser, tab, device) {
    this.browser = browser;
    this.tab = tab;
    this.device = device;
  }

  get version() {
    return this.browser.version();
  }

  /**
   * Calls one function of the page.
   *
   * @template {keyof import("./page/contract").Bench} Name
   * @param {Name} name
   * @param {Parameters<import("./page/contract").Bench[Name]>} parameters
   * @returns {Promise<Awaited<ReturnType<import("./page/contract").Bench[Name]>>>}
   */
  call(name, ...parameters) {
    return this.tab.evaluate(
      ([called, given]) => /** @type {any} */ (globalThis.bench)[called](...given),
      /** @type {const} */ ([name, parameters]),
    );
  }

  /**
   * Bytes in memory of the processes that run the page and the GPU: now, and at most since they started.
   *
   * @returns {Promise<{ now: number, peak: number }>}
   */
  async memory() {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    const memory = { now: 0, peak: 0 };
    for (const { type, id } of processInfo) {
      if (type !== "renderer" && type !== "GPU") continue;
      const status = await readFile(`/proc/${id}/status`, "utf8");
      const kilobytes = (/** @type {string} */ field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? NaN);
      memory.now += 1024 * kilobytes("VmRSS");
      memory.peak += 1024 * kilobytes("VmHWM");
    }
    return memory;
  }
}
