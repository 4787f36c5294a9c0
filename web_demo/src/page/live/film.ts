/** Paints what a video shows, again and again: one frame at a time, always the newest one. */
import { fitWithin, styleFit, type Size } from "../../shared/geometry";
import type { Pixels } from "../../shared/protocol";
import { Superseded } from "../latest";
import type { Frame } from "../painter";
import { rasterise } from "../pictures";
import type { Source } from "../engine";
import { FrameClock } from "./clock";
import { FrameSize } from "./frame_size";
import { Rate } from "./rate";

export interface FilmScreen {
  /** `image` is a frame, painted. */
  show(image: Pixels, perSecond: number): void;
  /** There is nothing to paint with: the video itself is to be seen. */
  showPlain(): void;
}

/** What paints; see `Painter.frame`. */
export type PaintFrame = (own: Source, capture: () => Promise<Frame>) => Promise<Pixels | null>;

let lastStream = 0;

export class Film {
  private readonly clock: FrameClock;
  private readonly frameSize: FrameSize;
  private readonly rate = new Rate();
  private readonly stream = ++lastStream;
  private stopped = false;

  /** @param side A size to stay at, for measurements. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly paint: PaintFrame,
    private readonly screen: FilmScreen,
    side: number | null,
  ) {
    this.clock = new FrameClock(video);
    this.frameSize = new FrameSize(side);
  }

  /** Paints until it is stopped; rejects where that fails. */
  async run(): Promise<void> {
    for (;;) {
      await this.clock.next();
      if (this.stopped) return;
      // No size: the video has no frame yet.
      if (this.video.videoWidth > 0) await this.paintOne();
    }
  }

  /** The blend or the strength is another: what is shown is out of date. */
  renew(): void {
    this.clock.renew();
  }

  stop(): void {
    this.stopped = true;
    this.clock.stop();
  }

  private async paintOne(): Promise<void> {
    let start = 0;
    const capture = (): Promise<Frame> => {
      // Measured from here: what comes before happens once for a new style.
      start = performance.now();
      return this.capture();
    };
    try {
      const image = await this.paint(this.own(), capture);
      if (this.isStopped()) return;
      if (image === null) {
        this.screen.showPlain();
        return;
      }
      const now = performance.now();
      this.frameSize.add(now - start);
      this.rate.add(now);
      this.screen.show(image, this.rate.perSecond);
    } catch (error) {
      // The model is loaded anew, for another backend; frames will be painted again once it is there.
      if (!(error instanceof Superseded)) throw error;
    }
  }

  private async capture(): Promise<Frame> {
    const { video, stream } = this;
    const size = fitWithin(sizeOf(video), this.frameSize.side);
    const bitmap = await grab(video, size);
    return { bitmap, ...size, stream, time: video.srcObject === null ? 1000 * video.currentTime : performance.now() };
  }

  /** The film's own style, that of its first frame: looking again and again would cost more frames than it is worth. */
  private own(): Source {
    return {
      id: `film-${this.stream}`,
      pixels: async (shortSide) => {
        const size = styleFit(sizeOf(this.video), shortSide);
        const bitmap = await grab(this.video, size);
        try {
          return rasterise(bitmap, size);
        } finally {
          bitmap.close();
        }
      },
    };
  }

  /** As a call, since the flag changes while something is awaited. */
  private isStopped(): boolean {
    return this.stopped;
  }
}

/** The frame that is shown, scaled where the video is decoded. */
function grab(video: HTMLVideoElement, { width, height }: Size): Promise<ImageBitmap> {
  return createImageBitmap(video, { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" });
}

function sizeOf(video: HTMLVideoElement): Size {
  return { width: video.videoWidth, height: video.videoHeight };
}
