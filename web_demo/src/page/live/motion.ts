/** Which picture files move: GIF, WebP and PNG with more than one frame, by what is in them, whatever they are called. Pure but for reading. */

export type AnimationType = "image/gif" | "image/png" | "image/webp";

/** Photographs of other kinds need not be read for it. */
export function mayMove({ name, type }: Pick<File, "name" | "type">): boolean {
  return /^image\/(gif|a?png|webp)$/.test(type) || /\.(gif|a?png|webp)$/i.test(name);
}

/** Null for files that do not move, or cannot be read: whoever decodes them says so. */
export async function animationOf(file: File): Promise<AnimationType | null> {
  try {
    return animationType(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return null;
  }
}

/** Whether this browser can take an animation apart, and put a film together from it. */
export function canAnimate(): boolean {
  return "ImageDecoder" in globalThis && "VideoEncoder" in globalThis;
}

export function animationType(bytes: Uint8Array): AnimationType | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));
  try {
    if (text(0, 4) === "GIF8") return framesOfGif(view) > 1 ? "image/gif" : null;
    // A bit of the extended header (WebP container specification, "Extended File Format").
    if (text(0, 4) === "RIFF" && text(8, 8) === "WEBPVP8X") return (view.getUint8(20) & 2) !== 0 ? "image/webp" : null;
    return text(1, 3) === "PNG" && framesOfPng(view, text) > 1 ? "image/png" : null;
  } catch {
    // The file ends in the middle of something.
    return null;
  }
}

/** The chunk acTL, which stands before the pixels (PNG specification, third edition, 11.3.2.1). */
function framesOfPng(view: DataView, text: (at: number, length: number) => string): number {
  for (let at = 8; ; at += 12 + view.getUint32(at)) {
    const kind = text(at + 4, 4);
    if (kind === "acTL") return view.getUint32(at + 8);
    if (kind === "IDAT" || kind === "") return 1;
  }
}

/** Two, where there are more (GIF89a specification, 18 to 27). */
function framesOfGif(view: DataView): number {
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + table(view.getUint8(10));
  const skipBlocks = (): void => {
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  };
  for (let frames = 0; ; ) {
    const kind = view.getUint8(at);
    if (kind === 0x2c) {
      if (++frames > 1) return frames;
      // Its own head and table of colours, and a byte before the data.
      at += 10 + table(view.getUint8(at + 9)) + 1;
    } else if (kind === 0x21) at += 2;
    else return frames;
    skipBlocks();
  }
}
