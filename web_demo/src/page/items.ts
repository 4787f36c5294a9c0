/** What the galleries show, and which of it is chosen. */
import type { Size } from "../shared/geometry";

/** A picture in one of the two galleries. */
export interface Item {
  readonly id: string;
  readonly title: string;
  /** Address of a small version, for the gallery. */
  readonly thumb: string;
  /** Who made it and under which licence, for samples. */
  readonly credit: string | null;
  /** Whether the visitor added it, and may take it away again. */
  readonly own?: boolean;
  /** In pixels, where it is known before the picture is decoded. */
  readonly size?: Size;
}

export interface ActiveStyle {
  readonly id: string;
  /** 0 to 1; only proportions between the active styles matter. */
  readonly weight: number;
}
