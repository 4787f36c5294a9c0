/** Where frames go in a video file. Pure. */
import type { Region, Size } from "../../shared/geometry";

/** Colours are stored for two by two pixels, so encoders want even sides; the nearest ones, or the next smaller ones. */
export function evenSize({ width, height }: Size, round: (value: number) => number = Math.round): Size {
  const even = (length: number): number => Math.max(2, 2 * round(length / 2));
  return { width: even(width), height: even(height) };
}

/** The whole frame as large as the file allows, in its middle. A frame that is a pixel too large for it keeps its pixels. */
export function placeIn(file: Size, frame: Size): Region {
  const over = Math.max(frame.width - file.width, frame.height - file.height);
  const under = Math.max(file.width - frame.width, file.height - frame.height);
  if (over <= 1 && under <= 0) return { left: 0, top: 0, ...frame };
  const scale = Math.min(file.width / frame.width, file.height / frame.height);
  const [width, height] = [Math.round(scale * frame.width), Math.round(scale * frame.height)];
  return { left: Math.round((file.width - width) / 2), top: Math.round((file.height - height) / 2), width, height };
}
