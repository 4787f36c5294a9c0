/**
 * A film of the visitor's, a video file or an animation, played without sound and again and again. It is read by this browser,
 * and goes nowhere.
 */
import { clock } from "../languages/formats";
import { isReadable } from "../file_head";
import { filmErrors, pictureErrors } from "../strings";
import type { AnimationType } from "./motion";
import { LiveError, type LiveSource } from "./source";

/** Also of files that no browser plays: their visitor is told so, rather than that they are no pictures. */
const EXTENSIONS = /\.(mp4|m4v|mov|webm|mkv|ogv|avi|mpe?g|3gp|wmv)$/i;

export function isVideo({ name, type }: Pick<File, "name" | "type">): boolean {
  return type.startsWith("video/") || (type === "" && EXTENSIONS.test(name));
}

export class FilmFile implements LiveSource {
  readonly kind = "film";
  readonly facesVisitor = false;
  readonly next = null;
  private readonly url: string;
  private readonly listening = new AbortController();
  private video: HTMLVideoElement | null = null;

  /**
   * @param animation What kind of animation the file is; null where it is a video.
   * @param played What the browser plays: the file itself, or a video that has been made of it.
   */
  constructor(
    readonly file: File,
    readonly animation: AnimationType | null = null,
    played: Blob = file,
  ) {
    this.url = URL.createObjectURL(played);
  }

  /** Makes a video of an animation, which no browser plays as one. */
  static async ofAnimation(file: File, type: AnimationType, signal: AbortSignal): Promise<FilmFile> {
    const { videoOf } = await import("./animation");
    return new FilmFile(file, type, await videoOf(file, type, signal));
  }

  get title(): string {
    return this.file.name;
  }

  async attach(video: HTMLVideoElement): Promise<void> {
    this.video = video;
    const { file, listening } = this;
    const loaded = new Promise<void>((resolve, reject) => {
      const options = { once: true, signal: listening.signal };
      video.addEventListener("loadeddata", () => resolve(), options);
      video.addEventListener("error", () => void this.whyNot().then((sentence) => reject(new LiveError(sentence))), options);
      // Something else was chosen meanwhile.
      listening.signal.addEventListener("abort", () => resolve());
    });
    video.loop = true;
    video.src = this.url;
    // Where a browser does not start it, the visitor can. Some fetch nothing before they are asked to play.
    video.play().catch(() => undefined);
    await loaded;
    // Sound alone, or pictures in a form that this browser does not know.
    if (!listening.signal.aborted && video.videoWidth === 0) throw new LiveError(filmErrors.noPicture(file.name));
  }

  onEnd(listener: (sentence: string) => void): void {
    // A file that is damaged further on, or was taken away.
    this.video?.addEventListener("error", () => void this.whyNot().then(listener), { signal: this.listening.signal });
  }

  private async whyNot(): Promise<string> {
    const { file } = this;
    return (await isReadable(file)) ? filmErrors.unplayable(file.name) : pictureErrors.changed(file.name);
  }

  pictureName(): string {
    return `${this.title.replace(/\.\w+$/, "")} ${clock(this.video?.currentTime ?? 0).replace(":", ".")}.jpg`;
  }

  stop(): void {
    const { video, url } = this;
    this.listening.abort();
    if (video !== null && video.src === url) {
      video.removeAttribute("src");
      // Lets go of the decoder and of the file.
      video.load();
    }
    URL.revokeObjectURL(url);
  }
}
