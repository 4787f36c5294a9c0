/** Paints what a video shows, again and again: one frame at a time, always the newest one. */
import { fitWithin, type Size } from "../../shared/geometry";
import type { StyleRules } from "../../shared/preprocessing";
import type { Pixels } from "../../shared/protocol";
import { Superseded } from "../latest";
import type { Frame } from "../painter";
import { readStyle } from "../reading";
import type { Source } from "../engine";
import { FrameClock } from "./clock";
import { FrameSize } from "./frame_size";
import { Rate } from "./rate";

export interface FilmScreen {
  /** `image` is a frame, painted. The next one is painted once this has been dealt with. */
  show(image: Pixels, perSecond: number): void | Promise<void>;
  /** There is nothing to paint with: the video itself is to be seen. */
  showPlain(): void;
}

/** What paints; see `Painter.frame`. */
export type PaintFrame = (own: Source, capture: () => Promise<Frame>) => Promise<Pixels | null>;

let lastStream = 0;

/** A name for frames that follow one another; see `FrameRequest`. */
export function newStream(): number {
  return ++lastStream;
}

export class Film {
  private readonly clock: FrameClock;
  private readonly frameSize: FrameSize;
  private readonly rate = new Rate();
  private stream = newStream();
  private stopped = false;
  private resting = false;
  /** The film's own style, that of its first frame: looking again and again would cost more frames than it is worth. */
  readonly own: Source;

  /** @param side A size to stay at, for measurements. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly paint: PaintFrame,
    private readonly screen: FilmScreen,
    private readonly side: number | null,
  ) {
    this.clock = new FrameClock(video);
    this.frameSize = new FrameSize(side);
    this.own = { id: `film-${this.stream}`, pixels: ({ preprocessing }) => this.look(preprocessing.style) };
  }

  /** Paints until it is stopped; rejects where that fails. */
  async run(): Promise<void> {
    for (;;) {
      await this.clock.next();
      if (this.stopped) return;
      // No size: the video has no frame yet.
      if (!this.resting && this.video.videoWidth > 0) await this.paintOne();
    }
  }

  /** The blend or the strength is another: what is shown is out of date. */
  renew(): void {
    this.clock.renew();
  }

  /** The next frame does not go on from the last one. */
  cut(): void {
    this.stream = newStream();
  }

  /** While it rests nothing is painted. */
  rest(resting: boolean): void {
    this.resting = resting;
    if (!resting) this.renew();
  }

  /** While it is true frames keep their size, however long they take. */
  keepSize(keep: boolean): void {
    this.frameSize.frozen = keep || this.side !== null;
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
      const image = await this.paint(this.own, capture);
      if (this.isOver()) return;
      if (image === null) {
        this.screen.showPlain();
        return;
      }
      const now = performance.now();
      this.frameSize.add(now - start);
      this.rate.add(now);
      await this.screen.show(image, this.rate.perSecond);
    } catch (error) {
      // The model is loaded anew, for another backend; frames will be painted again once it is there.
      if (!(error instanceof Superseded)) throw error;
    }
  }

  private async capture(): Promise<Frame> {
    const { video, stream } = this;
    const size = fitWithin(sizeOf(video), this.frameSize.side);
    // A camera's frame itself, where it can be had: an ImageBitmap takes it through the graphics processor and back.
    const bitmap = "VideoFrame" in globalThis ? await taken(video, () => new VideoFrame(video)) : await grab(video, size);
    return { bitmap, ...size, stream, time: video.srcObject === null ? 1000 * video.currentTime : performance.now() };
  }

  /** The present frame, as the style predictor wants it. */
  private async look(rules: StyleRules): Promise<Pixels> {
    return readStyle(await grab(this.video, sizeOf(this.video)), rules);
  }

  /** As a call, since the flags change while something is awaited. */
  private isOver(): boolean {
    return this.stopped || this.resting;
  }
}

/** The frame that is shown, scaled where the video is decoded. */
function grab(video: HTMLVideoElement, { width, height }: Size): Promise<ImageBitmap> {
  return taken(video, () => createImageBitmap(video, { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" }));
}

async function taken<Image>(video: HTMLVideoElement, take: () => Image | Promise<Image>): Promise<Image> {
  // While a film is searched for another place there is no frame; one will come.
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) throw new Superseded();
  try {
    return await take();
  } catch (error) {
    // On a busy machine Chromium says that there is a frame before it can be had.
    if (error instanceof DOMException && error.name === "InvalidStateError") throw new Superseded();
    throw error;
  }
}

function sizeOf(video: HTMLVideoElement): Size {
  return { width: video.videoWidth, height: video.videoHeight };
}
