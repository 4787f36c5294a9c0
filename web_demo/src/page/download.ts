/** Files: which formats this browser can write, telling names, and saving. */
import { make } from "./dom";
import { FORMATS, type Format } from "./formats";

/** Browsers write PNG where they do not know the type that was asked for, so one pixel tells. */
export async function encodableFormats(): Promise<readonly Format[]> {
  const canvas = make("canvas", { width: 1, height: 1 });
  const known = await Promise.all(
    FORMATS.map(({ type }) => new Promise<boolean>((resolve) => canvas.toBlob((blob) => resolve(blob?.type === type), type))),
  );
  return FORMATS.filter((_, index) => known[index]);
}

/** A picture as a file; another type than was asked for, or null, where the browser cannot write it. */
export function encode(canvas: HTMLCanvasElement, { type, quality }: Format): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  // The browser has taken hold of the blob once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** "Cat on a sofa.jpg", 384, 256, "png" -> "cat-on-a-sofa-impasto-384x256.png" */
export function fileName(title: string, width: number, height: number, extension: string): string {
  return `${stemOf(title) || "picture"}-impasto-${width}x${height}.${extension}`;
}

/** "My clip.mp4" in the afternoon -> "impasto-my-clip-2026-03-09-14-05-07.webm" */
export function recordingName(title: string, time: Date, extension: string): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())];
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two);
  return `${["impasto", stemOf(title) || "video", ...day, ...clock].join("-")}.${extension}`;
}

/**
 * What is left of a title in a file name: letters with their marks (vowels of Hindi, tones of Thai, voicing of Japanese,
 * composed as everybody types them), joiners between them, and numbers.
 */
function stemOf(title: string): string {
  return title
    .replace(/\.[a-z0-9]{1,5}$/i, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\u200c\u200d]+/gu, "-")
    .replace(/^-+|-+$/g, "");
}
