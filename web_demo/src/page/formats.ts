/** Formats of a picture that is taken along. Pure. */

export interface Format {
  readonly name: string;
  readonly type: string;
  readonly extension: string;
  /** 0 to 1, for formats that lose something. */
  readonly quality?: number;
}

/** The first is the default: it loses nothing, and every browser can write it. */
export const FORMATS = [
  { name: "PNG", type: "image/png", extension: "png" },
  { name: "JPEG", type: "image/jpeg", extension: "jpg", quality: 0.92 },
  { name: "WebP", type: "image/webp", extension: "webp", quality: 0.92 },
] as const satisfies readonly Format[];

export function formatOf(type: string): Format {
  return FORMATS.find((format) => format.type === type) ?? FORMATS[0];
}
