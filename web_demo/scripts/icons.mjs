/** Writes public/icons/*.png from public/icon.svg, for systems that install pages but draw no SVG. Needs Chromium. */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { chromium } from "playwright-core";

const folder = path.resolve(import.meta.dirname, "../public");
const svg = readFileSync(path.join(folder, "icon.svg"), "utf8");
const paper = /<rect[^>]*fill="(#[0-9a-f]+)"/.exec(svg)?.[1];
if (paper === undefined) throw new Error("icon.svg has no background");

/** Systems cut maskable icons to shapes of their own: colour to the edge, and the drawing in the inner part. */
const ICONS = [
  { name: "icon-192", size: 192, inner: 1, background: "transparent" },
  { name: "icon-512", size: 512, inner: 1, background: "transparent" },
  { name: "maskable-512", size: 512, inner: 0.8, background: paper },
  { name: "apple-touch-icon", size: 180, inner: 1, background: paper },
];

mkdirSync(path.join(folder, "icons"), { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox"] });
try {
  const page = await browser.newPage();
  for (const { name, size, inner, background } of ICONS) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>html { background: ${background} } body { margin: 0; display: grid; place-items: center; height: 100vh }
        svg { width: ${100 * inner}vw; display: block }</style>${svg}`,
    );
    await page.screenshot({ path: path.join(folder, "icons", `${name}.png`), omitBackground: background === "transparent" });
  }
} finally {
  await browser.close();
}
