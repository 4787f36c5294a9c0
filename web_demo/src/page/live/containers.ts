/** Which video files this browser can write. Loaded when the first one is to be written, with the library for them. */
import {
  getFirstEncodableVideoCodec,
  Logging,
  LogLevel,
  Mp4OutputFormat,
  Quality,
  WebMOutputFormat,
  type OutputFormat,
  type VideoCodec,
} from "mediabunny";
import type { Size } from "../../shared/geometry";

// What goes wrong is told on the page.
Logging.level = LogLevel.Silent;

/** Of every video: painted strokes have sharp edges. */
export const QUALITY = new Quality("high");

export interface Container {
  readonly extension: "webm" | "mp4";
  readonly type: string;
  readonly codec: VideoCodec;
  readonly format: OutputFormat;
}

/** VP8 costs the processor least, which paints at the same time; VP9 makes smaller files. */
const WEBM_CODECS = { fast: ["vp8", "vp9", "av1"], small: ["vp9", "vp8", "av1"] } as const;
/** For browsers that can write no WebM. */
const MP4_CODECS = ["avc", "hevc"] as const;

/** The first container that the browser can fill with pictures of this size; null where there is none. */
export async function containerFor(size: Size, wish: keyof typeof WEBM_CODECS): Promise<Container | null> {
  const find = (codecs: readonly VideoCodec[]): Promise<VideoCodec | null> =>
    getFirstEncodableVideoCodec([...codecs], { width: size.width, height: size.height, quality: QUALITY });
  const webm = await find(WEBM_CODECS[wish]);
  if (webm !== null) return { extension: "webm", type: "video/webm", codec: webm, format: new WebMOutputFormat() };
  const mp4 = await find(MP4_CODECS);
  return mp4 === null ? null : { extension: "mp4", type: "video/mp4", codec: mp4, format: new Mp4OutputFormat() };
}
