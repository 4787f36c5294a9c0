/** Paints a video file frame by frame, as fast as it goes, and writes another one with its sound. Loaded when it is needed. */
import {
  BlobSource,
  BufferTarget,
  CanvasSource,
  Conversion,
  Input,
  MATROSKA,
  MP4,
  Output,
  QTFF,
  VideoSampleSink,
  WEBM,
  type InputVideoTrack,
  type VideoSample,
} from "mediabunny";
import { fitWithin } from "../../shared/geometry";
import type { Pixels } from "../../shared/protocol";
import type { Frame } from "../painter";
import { exportErrors } from "../strings";
import { containerFor, QUALITY } from "./containers";
import { newStream } from "./film";
import { evenSize } from "./placing";
import type { VideoFile } from "./recorder";
import { LiveError } from "./source";

export interface ExportOrder {
  readonly file: File;
  /** Long side of the result; no video is made larger than it is. */
  readonly side: number;
  readonly signal: AbortSignal;
  /** Paints the frame that `capture` takes, which may be called again; rejects where the signal aborts. */
  readonly paint: (capture: () => Promise<Frame>) => Promise<Pixels>;
  readonly onProgress: (part: number) => void;
}

export interface Exported extends VideoFile {
  readonly frames: number;
  /** Whether there was sound that could not be taken along. */
  readonly soundLost: boolean;
}

export async function exportFilm({ file, side, signal, paint, onProgress }: ExportOrder): Promise<Exported> {
  const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const track = await pictures(input, file.name);
    const size = evenSize(fitWithin({ width: await track.getDisplayWidth(), height: await track.getDisplayHeight() }, side));
    const container = await containerFor(size, "small");
    if (container === null) throw new LiveError(exportErrors.noEncoder);
    const easel = new Easel(size.width, size.height);
    const target = new BufferTarget();
    const output = new Output({ format: container.format, target });
    const painted = new CanvasSource(easel.canvas, { codec: container.codec, quality: QUALITY });
    output.addVideoTrack(painted);
    // Frames with negative times are not meant to be seen.
    const start = Math.max(0, await input.getFirstTimestamp());
    const options = { tracks: "primary", trim: { start }, video: { discard: true }, composable: true, showWarnings: false } as const;
    const sound = await Conversion.init({ input, output, ...options });
    const end = (await track.getDurationFromMetadata()) ?? (await track.computeDuration());
    const paintAll = async (): Promise<number> => {
      const stream = newStream();
      let [frames, last] = [0, 0];
      for await (const sample of new VideoSampleSink(track).samples(start)) {
        try {
          signal.throwIfAborted();
          const time = Math.max(0, sample.timestamp - start);
          const capture = (): Promise<Frame> => Promise.resolve({ bitmap: easel.read(sample), ...size, stream, time: 1000 * time });
          easel.write(await paint(capture));
          // Many files do not say for how long their last frame is shown.
          last = sample.duration || last;
          await painted.add(time, last);
          frames++;
          onProgress(Math.min(1, (time + last) / (end - start)));
        } finally {
          sample.close();
        }
      }
      painted.close();
      return frames;
    };
    try {
      await output.start();
      const [frames] = await Promise.all([paintAll(), sound.execute()]);
      await output.finalize();
      const blob = new Blob([target.buffer ?? new ArrayBuffer(0)], { type: container.type });
      const soundLost = sound.discardedTracks.some(({ track: { type } }) => type === "audio");
      return { blob, extension: container.extension, ...size, frames, soundLost };
    } catch (error) {
      await Promise.allSettled([sound.cancel(), output.cancel()]);
      throw error;
    }
  } finally {
    input.dispose();
  }
}

async function pictures(input: Input, name: string): Promise<InputVideoTrack> {
  const track = (await input.canRead()) ? await input.getPrimaryVideoTrack() : null;
  if (track === null || !(await track.canDecode())) throw new LiveError(exportErrors.notDecoded(name));
  return track;
}

/** Canvases between the decoder, the painter and the encoder. */
class Easel {
  readonly canvas: OffscreenCanvas;
  private readonly source: OffscreenCanvas;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.source = new OffscreenCanvas(width, height);
    this.canvas = new OffscreenCanvas(width, height);
  }

  read(sample: VideoSample): ImageBitmap {
    sample.draw(this.context(this.source), 0, 0, this.width, this.height);
    return this.source.transferToImageBitmap();
  }

  write(image: Pixels): void {
    this.context(this.canvas).putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  }

  private context(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new LiveError(exportErrors.noEncoder);
    return context;
  }
}
