/** What a browser of a test has taken of the machine. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";

/** The most memory that a renderer process of this browser has held at once, in bytes; nothing is shared out of it. */
export async function peakMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const peaks = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]) * 1024);
  return Math.max(...peaks);
}
