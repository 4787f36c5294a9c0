/** What a visitor sees of the live picture. */
import { expect } from "vitest";
import type { Rgba, Studio } from "./studio";

/** Frames a second, as the visitor reads it; null before it is there. */
export async function liveRate({ page }: Studio): Promise<number | null> {
  const line = await page.locator("#live-status").innerText();
  const found = /^\d+ × \d+ px · ([\d.]+) frames a second$/.exec(line)?.[1];
  return found === undefined ? null : Number(found);
}

/** What the page tells the visitor, for a test that fails. */
export async function liveSaid(studio: Studio): Promise<string> {
  const { message, live, phase } = await studio.state();
  return JSON.stringify({ message, live, phase, line: await studio.page.locator("#live-status").innerText() });
}

/** Waits for painted frames. */
export async function untilLive(studio: Studio, patience: { timeout: number; interval: number }): Promise<void> {
  try {
    await expect.poll(() => liveRate(studio), patience).toBeGreaterThan(0);
  } catch (error) {
    throw new Error(`no frames: ${await liveSaid(studio)}`, { cause: error });
  }
}

/** What the live canvas shows. */
export function liveFrame(studio: Studio): Promise<Rgba> {
  return studio.canvas("#live-canvas");
}
