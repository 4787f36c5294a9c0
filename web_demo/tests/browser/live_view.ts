/** What a visitor sees of the live picture. */
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

/** What the live canvas shows. */
export function liveFrame({ page }: Studio): Promise<Rgba> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#live-canvas");
    if (!canvas || canvas.hidden) throw new Error("no frame is shown");
    const { width, height } = canvas;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("no 2D canvas");
    context.drawImage(canvas, 0, 0);
    return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
  });
}
