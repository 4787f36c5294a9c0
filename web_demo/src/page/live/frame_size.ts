/**
 * How large a film is painted: as large as this machine paints often enough. Pure.
 *
 * The time of a frame grows with its pixels, so one size tells about the others. The size goes up only where the larger
 * one is sure to be fast enough, and down only when frames have been late for a while; between the two nothing changes.
 * A size that turned out to be too much is not tried again soon, and the wait doubles each time.
 */

/** Long sides, in pixels: multiples of what the transformer pads to. */
export const SIDES = [128, 160, 192, 224, 256, 320, 384, 448, 512] as const;
const FIRST_SIDE = 192;

/** At least twelve frames a second. */
const BUDGET_MS = 1000 / 12;
/** Of the budget: what a larger size may be expected to take, and what a smaller one is to take. */
const ROOM_UP = 0.8;
const ROOM_DOWN = 0.9;
/** Frames after a change that do not count: shaders and buffers are made for the new size. */
const SETTLING = 2;
const ENOUGH_TO_GO_DOWN = 6;
const ENOUGH_TO_GO_UP = 12;
/** At more than this many budgets a frame, fewer frames have to be waited for. */
const FAR_TOO_SLOW = 2.5;
const ENOUGH_WHEN_FAR_TOO_SLOW = 2;
/** Frames for which a size that was too much is not tried again, at first. */
const FIRST_BAN = 120;

export class FrameSize {
  private index: number;
  private times: number[] = [];
  private settling = SETTLING;
  private frame = 0;
  /** The last size that was too much, and until which frame it and larger ones are left alone. */
  private ban = { index: Infinity, until: 0, length: FIRST_BAN };
  /** When the size last went up. */
  private raised = -Infinity;
  /** While true the size stays as it is: what is recorded must not change its size. */
  frozen = false;

  /** @param fixed A size to stay at, for measurements. */
  constructor(fixed: number | null = null) {
    const side = fixed ?? FIRST_SIDE;
    this.index = lastOf((step) => step <= side);
    this.frozen = fixed !== null;
  }

  get side(): number {
    return SIDES[this.index] ?? FIRST_SIDE;
  }

  /** Takes in how long the last frame took, at the present size. */
  add(ms: number): void {
    this.frame++;
    if (this.settling > 0) {
      this.settling--;
      return;
    }
    this.times = [...this.times, ms].slice(-ENOUGH_TO_GO_UP);
    if (this.frozen) return;
    const time = median(this.times);
    const enough = time > FAR_TOO_SLOW * BUDGET_MS ? ENOUGH_WHEN_FAR_TOO_SLOW : ENOUGH_TO_GO_DOWN;
    if (time > BUDGET_MS && this.times.length >= enough) this.goDown(time);
    else if (this.times.length === ENOUGH_TO_GO_UP) this.goUp(time);
  }

  private goDown(time: number): void {
    const target = this.largestWithin(time, ROOM_DOWN * BUDGET_MS, this.index - 1);
    if (target === this.index) return;
    const failed = this.frame - this.raised < FIRST_BAN;
    const length = failed ? 2 * this.ban.length : FIRST_BAN;
    this.ban = { index: this.index, until: this.frame + length, length };
    this.moveTo(target);
  }

  private goUp(time: number): void {
    const allowed = this.frame < this.ban.until ? this.ban.index - 1 : SIDES.length - 1;
    const target = this.largestWithin(time, ROOM_UP * BUDGET_MS, allowed);
    if (target <= this.index) return;
    this.raised = this.frame;
    this.moveTo(target);
  }

  /** The largest size up to `last` that is expected to take at most `limit`, or the smallest one. */
  private largestWithin(time: number, limit: number, last: number): number {
    return lastOf((side, index) => index <= last && time * (side / this.side) ** 2 <= limit);
  }

  private moveTo(index: number): void {
    this.index = index;
    this.times = [];
    this.settling = SETTLING;
  }
}

/** Index of the largest size that `fits`, which holds for all below it; the smallest one where none does. */
function lastOf(fits: (side: number, index: number) => boolean): number {
  return Math.max(0, SIDES.filter(fits).length - 1);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
