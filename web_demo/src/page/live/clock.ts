/** Says when a playing video has a frame that was not taken yet. What is not asked for in time is passed over. */

export class FrameClock {
  private fresh = false;
  private wake: (() => void) | null = null;
  private stopped = false;
  private readonly renewed = (): void => this.renew();

  constructor(private readonly video: HTMLVideoElement) {
    if ("requestVideoFrameCallback" in video) this.listen();
    else this.poll(-1);
    // A paused film that is searched has one new frame only; it must not be missed.
    video.addEventListener("seeked", this.renewed);
  }

  /** Resolves at once where there is a new frame, else with the next one, or when the clock is stopped. */
  async next(): Promise<void> {
    if (!this.fresh && !this.stopped) await new Promise<void>((resolve) => (this.wake = resolve));
    this.fresh = false;
  }

  /** Makes the present frame count as a new one: it is to be painted differently. */
  renew(): void {
    this.fresh = true;
    this.wake?.();
    this.wake = null;
  }

  stop(): void {
    this.stopped = true;
    this.video.removeEventListener("seeked", this.renewed);
    this.renew();
  }

  private listen(): void {
    this.video.requestVideoFrameCallback(() => {
      if (this.stopped) return;
      this.renew();
      this.listen();
    });
  }

  /** For browsers that cannot tell when there is a frame. */
  private poll(last: number): void {
    requestAnimationFrame(() => {
      if (this.stopped) return;
      const { currentTime } = this.video;
      if (currentTime !== last) this.renew();
      this.poll(currentTime);
    });
  }
}
