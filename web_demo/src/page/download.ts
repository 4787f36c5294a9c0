/** Saving the result under a telling name. */
import { make } from "./dom";

export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  // The browser has taken hold of the blob once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** "Cat on a sofa.jpg", 384, 256 -> "cat-on-a-sofa-impasto-384x256.png" */
export function fileName(title: string, width: number, height: number): string {
  const stem = title
    .replace(/\.[a-z0-9]{1,5}$/i, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return `${stem || "picture"}-impasto-${width}x${height}.png`;
}
