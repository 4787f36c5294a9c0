/** The Exif block of a picture file: what is read of it, and what is written (Exif 2.32). Pure. */

/** Dots an inch, across and up. */
export interface Resolution {
  readonly x: number;
  readonly y: number;
}

/** The first directory of its TIFF block: XResolution, YResolution and their unit (4.6.4). */
export function resolutionOfTiff(view: DataView): Resolution | null {
  const little = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, little);
  const values = new Map<number, number>();
  for (let i = 0; i < view.getUint16(start, little); i++) {
    const at = start + 2 + 12 * i;
    const [tag, type] = [view.getUint16(at, little), view.getUint16(at + 2, little)];
    if (type === 3) values.set(tag, view.getUint16(at + 8, little));
    if (type !== 5) continue;
    const place = view.getUint32(at + 8, little);
    values.set(tag, view.getUint32(place, little) / view.getUint32(place + 4, little));
  }
  const scale = values.get(296) === 3 ? 2.54 : 1;
  return sane((values.get(282) ?? 0) * scale, (values.get(283) ?? 0) * scale);
}

/** Null for what no picture has. */
export function sane(x: number, y: number): Resolution | null {
  const fits = (value: number): boolean => value >= 1 && value <= 65_535;
  return fits(x) && fits(y) ? { x: Math.round(x), y: Math.round(y) } : null;
}

/** A TIFF block that says: upright, sRGB, and the resolution. */
export function tiffOf(resolution: Resolution | null): Uint8Array<ArrayBuffer> {
  const { x, y } = resolution ?? { x: 72, y: 72 };
  const view = new DataView(new ArrayBuffer(112));
  view.setUint32(0, 0x4d4d_002a);
  view.setUint32(4, 8);
  view.setUint16(8, 5);
  const entry = (offset: number, tag: number, type: number, value: number): void => {
    view.setUint16(offset, tag);
    view.setUint16(offset + 2, type);
    view.setUint32(offset + 4, 1);
    if (type === 3) view.setUint16(offset + 8, value);
    else view.setUint32(offset + 8, value);
  };
  // Orientation, XResolution, YResolution, ResolutionUnit (inches), and where the second directory lies, with ColorSpace (sRGB).
  entry(10, 274, 3, 1);
  entry(22, 282, 5, 92);
  entry(34, 283, 5, 100);
  entry(46, 296, 3, 2);
  entry(58, 34_665, 4, 74);
  view.setUint16(74, 1);
  entry(76, 40_961, 3, 1);
  [x, 1, y, 1].forEach((value, i) => view.setUint32(92 + 4 * i, value));
  return new Uint8Array(view.buffer);
}
