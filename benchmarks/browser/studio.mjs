/**
 * Measures the built page against what it holds itself to: first picture, answers to a hand, live frames, Lighthouse.
 *
 * Run it by `make bench-page`, on an idle machine: it prints a table and nothing else depends on it.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { CHROMIUM, launch } from "./browser.mjs";
import { ROOT, vite } from "./packages.mjs";
import { median } from "./statistics.mjs";

/** Fetched by npx when it is first asked for: too large to be a dependency of everybody. */
const LIGHTHOUSE = "lighthouse@13.5.0";
const LEAST_SCORE = 97;
const ROUNDS = 5;
const LIVE_SECONDS = 10;
const FRAME_MS = 1000 / 60;
const PATIENCE_MS = 120_000;
const CAMERA = ["--use-fake-device-for-media-stream=fps=30", "--use-fake-ui-for-media-stream"];

/**
 * First visits: when the visitor saw a stylised picture, when the model was there, and what a 256 px run takes then.
 *
 * @param {string} address
 * @param {string} backend
 * @returns {Promise<{ first: number, loaded: number, run: number }>}  medians, in milliseconds
 */
async function firstPicture(address, backend) {
  /** @type {{ first: number, loaded: number, run: number }[]} */
  const rounds = [];
  const browser = await launch();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.addInitScript(watch);
      await page.goto(`${address}?debug&backend=${backend}`);
      await page.waitForFunction(() => globalThis.seen.first > 0 && globalThis.seen.loaded > 0);
      const seen = await page.evaluate(() => globalThis.seen);
      await page.selectOption("#size", "256");
      const run = await page.waitForFunction(() => {
        const { painted, painting } = globalThis.impasto.state();
        return !painting && painted !== null && Math.max(painted.width, painted.height) === 256 && painted.ms;
      });
      rounds.push({ ...seen, run: Number(await run.jsonValue()) });
      await context.close();
    }
  } finally {
    await browser.close();
  }
  const middle = (/** @type {"first" | "loaded" | "run"} */ key) => median(rounds.map((round) => round[key]));
  return { first: middle("first"), loaded: middle("loaded"), run: middle("run") };
}

/** Runs in the page, before it starts: notes when it is ready and when a stylised picture is on the stage. */
function watch() {
  globalThis.seen = { first: 0, loaded: 0 };
  const look = () => {
    const { seen } = globalThis;
    if (seen.loaded === 0 && globalThis.impasto?.state().phase === "ready") seen.loaded = performance.now();
    if (seen.first === 0 && document.querySelector("#frame.painted")) seen.first = performance.now();
    if (seen.first === 0 || seen.loaded === 0) setTimeout(look, 2);
  };
  look();
}

/**
 * How long the page takes to handle a step of every slider and switch, while pictures are being painted.
 *
 * @param {string} address
 * @returns {Promise<{ control: string, ms: number }[]>}
 */
async function answers(address) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${address}?debug&backend=wasm`);
    await page.waitForSelector("#frame.painted");
    return await page.evaluate(async () => {
      /** @type {{ control: string, ms: number }[]} */
      const found = [];
      const controls = document.querySelectorAll("main input[type=range], main input[type=checkbox], main input[type=radio]");
      for (const control of controls) {
        if (!(control instanceof HTMLInputElement) || control.closest("[hidden]")) continue;
        const name = [control.getAttribute("aria-label"), control.id, `${control.name} ${control.value}`].find(Boolean) ?? "";
        const start = performance.now();
        if (control.type === "range") {
          control.stepUp();
          control.dispatchEvent(new Event("input", { bubbles: true }));
        } else control.click();
        // What a browser does before the frame: style and layout of what the handler changed.
        document.body.getBoundingClientRect();
        found.push({ control: name, ms: performance.now() - start });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return found;
    });
  } finally {
    await browser.close();
  }
}

/**
 * @param {string} address
 * @returns {Promise<number>}  frames a second of the camera, as the page says them; the median over some seconds
 */
async function liveFrames(address) {
  const browser = await launch(CAMERA);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${address}?debug&backend=wasm&live=192`);
    await page.waitForSelector("#frame.painted");
    await page.click("#camera");
    /** @type {number[]} */
    const rates = [];
    for (let second = 0; second < LIVE_SECONDS + 3; second++) {
      await page.waitForTimeout(1000);
      const [, rate] = / ([\d.]+) frames/.exec((await page.textContent("#live-status")) ?? "") ?? [];
      if (second >= 3 && rate !== undefined) rates.push(Number(rate));
    }
    return median(rates);
  } finally {
    await browser.close();
  }
}

/**
 * @param {string} address
 * @param {readonly string[]} flags
 * @returns {Promise<Record<string, number>>}  scores of 100 by category
 */
async function lighthouse(address, flags) {
  const folder = await mkdtemp(path.join(tmpdir(), "impasto-lighthouse-"));
  const report = path.join(folder, "report.json");
  try {
    const categories = "--only-categories=performance,accessibility,best-practices";
    const chrome = "--chrome-flags=--headless=new --no-sandbox";
    const options = ["--quiet", "--output=json", `--output-path=${report}`, categories, chrome, ...flags];
    await promisify(execFile)("npx", ["--yes", LIGHTHOUSE, address, ...options], { env: { ...process.env, CHROME_PATH: CHROMIUM } });
    /** @type {Record<string, { score: number }>} */
    const found = JSON.parse(await readFile(report, "utf8")).categories;
    return Object.fromEntries(Object.entries(found).map(([name, { score }]) => [name, Math.round(100 * score)]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const server = await vite.preview({ root: path.join(ROOT, "web_demo"), logLevel: "error", preview: { port: 0, open: false } });
const address = server.resolvedUrls?.local[0] ?? "";
try {
  console.log("| what | bar | measured |\n| --- | --- | --- |");
  for (const backend of ["wasm", "webgl"]) {
    const { first, loaded, run } = await firstPicture(address, backend);
    const detail = `${first.toFixed(0)} ms over ${loaded.toFixed(0)} + ${run.toFixed(0)} ms`;
    console.log(`| first stylised picture over model load and one 256 px run, ${backend} | <= 1.5 | ${(first / (loaded + run)).toFixed(2)} (${detail}) |`);
  }
  const slowest = (await answers(address)).sort((a, b) => b.ms - a.ms);
  const { control = "", ms = NaN } = slowest[0] ?? {};
  console.log(`| slowest answer of ${slowest.length} controls, while painting | <= ${FRAME_MS.toFixed(1)} ms | ${ms.toFixed(1)} ms (${control}) |`);
  console.log(`| live at 192 px, wasm | >= 14 frames a second | ${(await liveFrames(address)).toFixed(1)} |`);
  for (const [name, flags] of /** @type {const} */ ([["phone", []], ["desktop", ["--preset=desktop"]]])) {
    const scores = Object.entries(await lighthouse(address, flags)).map(([category, score]) => `${category} ${score}`);
    console.log(`| Lighthouse, ${name} | >= ${LEAST_SCORE} each | ${scores.join(", ")} |`);
  }
} finally {
  await server.close();
}
