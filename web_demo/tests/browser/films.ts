/** Films for the tests: made, and looked into, in the browser that plays them. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type * as Library from "mediabunny";
import type { Browser, Page } from "playwright-core";
import type { Upload } from "./pictures";
import type { Rgba } from "./studio";

declare global {
  var mediabunny: typeof Library;
}

export interface Shot {
  readonly width: number;
  readonly height: number;
  /** None: a file with sound only. */
  readonly frames: number;
  readonly perSecond: number;
  /** How a tone is written, where there is one. */
  readonly sound?: "opus" | "pcm-s16";
}

export interface Look {
  readonly width: number;
  readonly height: number;
  /** In seconds, as a player sees it. */
  readonly duration: number;
  /** When each frame is shown, in seconds. */
  readonly times: readonly number[];
  readonly sound: string | null;
  /** The first frame and the last one. */
  readonly ends: readonly [Rgba, Rgba];
}

export class FilmLab {
  private constructor(private readonly page: Page) {}

  /** On a file of the site that is no page, so that no Content-Security-Policy is in the way. */
  static async open(browser: Browser, address: string): Promise<FilmLab> {
    const page = await browser.newPage();
    await page.goto(`${address}model/manifest.json`);
    const file = path.join(path.dirname(createRequire(import.meta.url).resolve("mediabunny")), "mediabunny.min.cjs");
    await page.addScriptTag({ content: `{ const module = { exports: {} }, exports = module.exports; ${await readFile(file, "utf8")}; globalThis.mediabunny = module.exports; }` });
    return new FilmLab(page);
  }

  /** An MP4 (VP9 in it) or a WebM (VP8), by its name: coloured stripes, and a white square that moves to the right. */
  async make(name: string, shot: Shot): Promise<Upload> {
    const mp4 = name.endsWith(".mp4");
    const bytes = await this.page.evaluate(async ({ width, height, frames, perSecond, sound, mp4 }) => {
      const { AudioBufferSource, BufferTarget, CanvasSource, Mp4OutputFormat, Output, Quality, WebMOutputFormat } = globalThis.mediabunny;
      const quality = new Quality("high");
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no 2D canvas");
      const target = new BufferTarget();
      const output = new Output({ format: mp4 ? new Mp4OutputFormat() : new WebMOutputFormat(), target });
      const pictures = new CanvasSource(canvas, { codec: mp4 ? "vp9" : "vp8", quality });
      const tone = new AudioBufferSource({ codec: sound ?? "opus", quality });
      if (frames > 0) output.addVideoTrack(pictures);
      if (sound !== undefined) output.addAudioTrack(tone);
      await output.start();
      for (let i = 0; i < frames; i++) {
        for (let stripe = 0; stripe < 8; stripe++) {
          context.fillStyle = `hsl(${45 * stripe} 70% 45%)`;
          context.fillRect((stripe * width) / 8, 0, width / 8, height);
        }
        context.fillStyle = "#fff";
        context.fillRect(((width - height / 2) * i) / (frames - 1), height / 4, height / 2, height / 2);
        await pictures.add(i / perSecond, 1 / perSecond);
      }
      if (sound !== undefined) {
        const rate = 48_000;
        const wave = new AudioBuffer({ length: Math.round((rate * Math.max(1, frames)) / perSecond), numberOfChannels: 1, sampleRate: rate });
        wave.getChannelData(0).forEach((_, i, samples) => (samples[i] = 0.2 * Math.sin(i / 20)));
        await tone.add(wave);
      }
      await output.finalize();
      return [...new Uint8Array(target.buffer ?? new ArrayBuffer(0))];
    }, { ...shot, mp4 });
    return { name, mimeType: mp4 ? "video/mp4" : "video/webm", buffer: Buffer.from(bytes) };
  }

  /** What is in a file: played by the browser, and its frames decoded one by one, and shown in `scale` of their size. */
  look(bytes: Buffer, scale = 1): Promise<Look> {
    return this.page.evaluate(async ([base64, part]) => {
      const { ALL_FORMATS, BlobSource, Input, VideoSampleSink } = globalThis.mediabunny;
      const blob = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]);
      const video = document.createElement("video");
      video.muted = true;
      const ended = new Promise<void>((resolve, reject) => {
        video.onended = () => resolve();
        video.onerror = () => reject(new Error(`the file cannot be played: ${video.error?.message}`));
      });
      video.src = URL.createObjectURL(blob);
      await video.play();
      await ended;
      const input = new Input({ source: new BlobSource(blob), formats: ALL_FORMATS });
      const track = await input.getPrimaryVideoTrack();
      if (track === null) throw new Error("no video track");
      const times: number[] = [];
      const ends: Rgba[] = [];
      for await (const sample of new VideoSampleSink(track).samples()) {
        times.push(sample.timestamp);
        const [width, height] = [Math.round(part * sample.displayWidth), Math.round(part * sample.displayHeight)];
        const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        if (!context) throw new Error("no 2D canvas");
        sample.draw(context, 0, 0, width, height);
        sample.close();
        ends.splice(1, 1, { width, height, data: [...context.getImageData(0, 0, width, height).data] });
      }
      const [first, last = first] = ends;
      if (!first || !last) throw new Error("no frames");
      const { videoWidth: width, videoHeight: height, duration } = video;
      const sound = (await (await input.getPrimaryAudioTrack())?.getCodec()) ?? null;
      return { width, height, duration, times, sound, ends: [first, last] as const };
    }, [bytes.toString("base64"), scale] as const);
  }
}
