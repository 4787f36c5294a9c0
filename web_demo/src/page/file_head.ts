/** What a file says about itself in its first bytes: its true kind, whatever its name, and the picture's size. */
import type { Size } from "../shared/geometry";

/** Large previews, profiles and the notes of cameras come before the size; no more is looked at. */
const HEAD = 1 << 20;

export interface FileHead {
  readonly heic: boolean;
  /** Null where the kind of file is not known. */
  readonly size: Size | null;
}

/** Null where the file cannot be read any more: it was changed, moved or deleted after it was chosen. */
export async function readHead(file: Blob): Promise<FileHead | null> {
  const bytes = await bytesOf(file);
  if (bytes === null) return null;
  const { imageSize } = await import("image-size");
  try {
    const { width, height } = imageSize(bytes);
    return { heic: isHeic(bytes), size: { width, height } };
  } catch {
    return { heic: isHeic(bytes), size: null };
  }
}

/** Whether a file that could not be used is still there at all. */
export async function isReadable(file: Blob): Promise<boolean> {
  return (await bytesOf(file)) !== null;
}

async function bytesOf(file: Blob): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  } catch {
    return null;
  }
}

/** The brands of HEIF with HEVC in it (ISO/IEC 23008-12, annex B); AVIF, which browsers read, is of the same family. */
export function isHeic(bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes.subarray(4, 64));
  return text.startsWith("ftyp") && /hei[cxms]|hev[cxms]/.test(text) && !text.includes("avif");
}
