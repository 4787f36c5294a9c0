/** Pictures for the tests, made in the browser that reads them. */
import type { Page } from "playwright-core";

export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Coloured stripes, `width` x `height`, as a file. */
export async function stripes(page: Page, name: string, width: number, height: number, hue: number): Promise<Upload> {
  const mimeType = name.endsWith(".png") ? "image/png" : "image/jpeg";
  const url = await page.evaluate(
    ([w, h, start, type]) => {
      const canvas = document.createElement("canvas");
      canvas.width = w;
      canvas.height = h;
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no 2D canvas");
      for (let i = 0; i < 24; i++) {
        context.fillStyle = `hsl(${start + 15 * i} 70% ${30 + ((i * 17) % 50)}%)`;
        context.fillRect((i * w) / 24, 0, w, h);
        context.fillRect(0, (i * h) / 24, w / 3, h / 48);
      }
      return canvas.toDataURL(type);
    },
    [width, height, hue, mimeType] as const,
  );
  return { name, mimeType, buffer: Buffer.from(url.slice(url.indexOf(",") + 1), "base64") };
}

export interface Png {
  readonly signature: string;
  readonly width: number;
  readonly height: number;
}

/** The head of a PNG file (PNG specification, sections 5.2 and 11.2.2). */
export function pngHead(bytes: Buffer): Png {
  return { signature: bytes.toString("latin1", 1, 4), width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
