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

/** A photograph of any size: one of the samples scaled up, with grain and lines at full sharpness, as a JPEG file. */
export async function photograph(page: Page, name: string, width: number, height: number, from = "samples/photos/coffee.jpg"): Promise<Upload> {
  const url = await page.evaluate(
    async ([w, h, source]) => {
      const blob = await (await fetch(source)).blob();
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no 2D canvas");
      context.drawImage(await createImageBitmap(blob), 0, 0, w, h);
      for (let i = 0; i < w * h; i += 97) {
        context.fillStyle = `hsl(${(i * 7) % 360} 60% 50% / 25%)`;
        context.fillRect((i * 31) % w, (i * 17) % h, 2, 2);
      }
      for (let x = 0; x < w + h; x += 211) {
        context.beginPath();
        context.moveTo(x, 0);
        context.lineTo(x - h, h);
        context.stroke();
      }
      const file = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      return await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result as string);
        reader.readAsDataURL(file);
      });
    },
    [width, height, from] as const,
  );
  return { name, mimeType: "image/jpeg", buffer: Buffer.from(url.slice(url.indexOf(",") + 1), "base64") };
}

/** How far two opaque PNG files of one size are apart, in steps of 255; the mean is over red, green and blue. */
export async function distance(page: Page, a: Buffer, b: Buffer): Promise<{ mean: number; largest: number }> {
  return page.evaluate(
    async (files) => {
      const read = async (base64: string): Promise<ImageData> => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
        if (!context) throw new Error("no 2D canvas");
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const [one, two] = [await read(files[0]), await read(files[1])];
      if (one.width !== two.width || one.height !== two.height) throw new Error("pictures of two sizes cannot be compared");
      let [sum, largest] = [0, 0];
      one.data.forEach((value, i) => {
        const step = Math.abs(value - (two.data[i] ?? NaN));
        sum += step;
        largest = Math.max(largest, step);
      });
      return { mean: sum / (3 * one.width * one.height), largest };
    },
    [a.toString("base64"), b.toString("base64")] as const,
  );
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
