/** What a long computation tells while it runs, and where it can be stopped. */
import type { Checkpoint } from "./queue";

export interface Job {
  /** To be awaited between two runs of a graph. */
  readonly checkpoint: Checkpoint;
  /** Tiles that are painted, and tiles in all. */
  progress(done: number, total: number): void;
  /** Memory was short, and the picture is begun again in tiles of at most `side` pixels. */
  smallerTiles(side: number): void;
}
