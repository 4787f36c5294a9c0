/**
 * A first visit on a slow line with a slow processor: when there is something to look at, when the first painted picture, and what
 * was sent until then.
 *
 *   node benchmarks/browser/first_visit.mjs [--rounds 3] [--backend wasm] [--files]
 *
 * On an idle machine, on the built page (`make build`). The line is 1.5 Mbit/s with 40 ms there and back, and everything but pictures is
 * compressed by gzip. The page's thread is slowed down four times by Chromium; its workers are not, which Chromium cannot: so what the
 * worker took to paint is told beside it.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./browser.mjs";
import { ROOT } from "./packages.mjs";
import { slowLine } from "./slow_line.mjs";
import { median } from "./statistics.mjs";

const LINE = { bitsPerSecond: 1.5e6, roundTripMs: 40 };
const SLOWER = 4;
const PATIENCE_MS = 120_000;
const BARS = { look: 2500, painted: 9000, bytes: 1.1e6 };

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, backend: { type: "string", default: "wasm" }, files: { type: "boolean", default: false } },
});

const line = await slowLine(path.join(ROOT, "web_demo", "dist"), LINE);
const browser = await launch();
/** @type {{ look: number, photograph: number, painted: number, bytes: number, ms: number }[]} */
const rounds = [];
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.addInitScript(watch);
    line.begin();
    await page.goto(`${line.address}?debug&backend=${values.backend}`, { waitUntil: "commit" });
    await page.waitForFunction(() => globalThis.visit.painted > 0);
    const seen = await page.evaluate(() => {
      const [look] = performance.getEntriesByName("first-contentful-paint");
      const { responseStart } = /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType("navigation")[0]);
      const since = (/** @type {number} */ time) => time - responseStart;
      const { photograph, painted } = globalThis.visit;
      return { look: since(look?.startTime ?? NaN), photograph: since(photograph), painted: since(painted), start: responseStart };
    });
    const ms = await page.evaluate(() => globalThis.impasto.state().painted?.ms ?? NaN);
    const before = line.sent.filter(({ at }) => at <= seen.painted + seen.start + LINE.roundTripMs);
    const bytes = before.reduce((sum, { bytes: length }) => sum + length, 0);
    rounds.push({ look: seen.look, photograph: seen.photograph, painted: seen.painted, bytes, ms });
    if (values.files && round === 0) for (const { path: name, bytes: length, at } of before) console.log(`${(at / 1000).toFixed(2).padStart(6)} s ${String(length).padStart(8)}  ${name}`);
    await context.close();
  }
} finally {
  await browser.close();
  line.close();
}
const middle = (/** @type {keyof typeof rounds[number]} */ key) => median(rounds.map((round) => round[key]));
const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(2)} s`;
console.log("| first visit, 1.5 Mbit/s, page 4x slower | bar | measured |\n| --- | --- | --- |");
console.log(`| something to look at | <= ${seconds(BARS.look)} | ${seconds(middle("look"))} (the photograph: ${seconds(middle("photograph"))}) |`);
console.log(`| first painted picture, since the first byte | <= ${seconds(BARS.painted)} | ${seconds(middle("painted"))} (of it painting: ${middle("ms").toFixed(0)} ms, not slowed) |`);
console.log(`| sent until then, gzip | <= ${(BARS.bytes / 1e6).toFixed(2)} MB | ${(middle("bytes") / 1e6).toFixed(3)} MB |`);

/** Runs in the page, before it starts: notes when the photograph and when the painting are on the stage. */
function watch() {
  globalThis.visit = { photograph: 0, painted: 0 };
  const look = () => {
    const { visit } = globalThis;
    const photograph = document.querySelector("#photograph");
    if (visit.photograph === 0 && document.querySelector("#studio.open") && photograph instanceof HTMLCanvasElement && photograph.width > 1) visit.photograph = performance.now();
    if (visit.painted === 0 && document.querySelector("#frame.painted")) visit.painted = performance.now();
    if (visit.painted === 0) setTimeout(look, 10);
  };
  look();
}
