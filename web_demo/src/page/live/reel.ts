/** A film frame by frame, in order, each with its time: what a whole film is painted from. */
import { BlobSource, Conversion, Input, MATROSKA, MP4, QTFF, VideoSampleSink, WEBM, type InputVideoTrack, type Output } from "mediabunny";
import type { Size } from "../../shared/geometry";
import { exportErrors } from "../strings";
import { LiveError } from "./source";

export interface ReelFrame {
  /** Since the film's beginning, and for how long it is shown, in seconds. */
  readonly time: number;
  readonly duration: number;
  /** How much of the film has been seen once it is over, 0 to 1. */
  readonly part: number;
  draw(context: OffscreenCanvasRenderingContext2D, width: number, height: number): void;
  /** The same without the ground that is given to what is transparent; none where nothing can be. */
  readonly cutOut?: (context: OffscreenCanvasRenderingContext2D, width: number, height: number) => void;
}

/** What a film sounds like, on its way to another file. */
export interface Sound {
  readonly lost: boolean;
  copy(): Promise<void>;
  cancel(): Promise<void>;
}

export interface Reel {
  readonly size: Size;
  /** A frame may be drawn until the next one is asked for. */
  frames(): AsyncGenerator<ReelFrame>;
  /** Adds the film's sound to `output`, which has not been started. */
  sound(output: Output): Promise<Sound>;
  close(): void;
}

/** A video file. */
export class VideoReel implements Reel {
  private constructor(
    private readonly input: Input,
    private readonly track: InputVideoTrack,
    readonly size: Size,
    /** Frames with negative times are not meant to be seen. */
    private readonly start: number,
    private readonly end: number,
  ) {}

  static async open(file: File): Promise<VideoReel> {
    const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA] });
    try {
      const track = (await input.canRead()) ? await input.getPrimaryVideoTrack() : null;
      if (track === null || !(await track.canDecode())) throw new LiveError(exportErrors.notDecoded(file.name));
      const size = { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() };
      const end = (await track.getDurationFromMetadata()) ?? (await track.computeDuration());
      return new VideoReel(input, track, size, Math.max(0, await input.getFirstTimestamp()), end);
    } catch (error) {
      input.dispose();
      throw error;
    }
  }

  async *frames(): AsyncGenerator<ReelFrame> {
    const { track, start, end } = this;
    let last = 0;
    for await (const sample of new VideoSampleSink(track).samples(start)) {
      try {
        const time = Math.max(0, sample.timestamp - start);
        // Many files do not say for how long their last frame is shown.
        last = sample.duration || last;
        const part = Math.min(1, (time + last) / (end - start));
        yield { time, duration: last, part, draw: (context, width, height) => sample.draw(context, 0, 0, width, height) };
      } finally {
        sample.close();
      }
    }
  }

  async sound(output: Output): Promise<Sound> {
    const { input, start } = this;
    const options = { tracks: "primary", trim: { start }, video: { discard: true }, composable: true, showWarnings: false } as const;
    const conversion = await Conversion.init({ input, output, ...options });
    return {
      lost: conversion.discardedTracks.some(({ track: { type } }) => type === "audio"),
      copy: () => conversion.execute(),
      cancel: () => conversion.cancel(),
    };
  }

  close(): void {
    this.input.dispose();
  }
}
