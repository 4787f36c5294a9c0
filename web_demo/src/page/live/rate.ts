/** Frames per second over the last moments. Pure. */

const WINDOW_MS = 2000;

export class Rate {
  private shown: number[] = [];

  /** A frame was shown at `now`, in milliseconds. */
  add(now: number): void {
    this.shown = [...this.shown.filter((time) => now - time <= WINDOW_MS), now];
  }

  /** Zero until there are two frames to compare. */
  get perSecond(): number {
    const [first, last] = [this.shown[0], this.shown.at(-1)];
    return first === undefined || last === undefined || last <= first ? 0 : (1000 * (this.shown.length - 1)) / (last - first);
  }
}
