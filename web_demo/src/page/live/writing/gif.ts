/** Frames as a GIF, which a worker writes. */
import type { GifAnswer, GifRequest } from "../../../shared/gif";
import { exportErrors } from "../../strings";
import { LiveError } from "../source";
import type { Animation } from "./writer";

export class GifFrames {
  private readonly worker = new Worker(new URL("../../../worker/gif.ts", import.meta.url), { type: "module" });
  /** One at a time: a frame is awaited before the next one comes. */
  private asked: { resolve(answer: GifAnswer): void; reject(error: Error): void } | null = null;

  constructor(private readonly animation: Animation) {
    const fail = (): void => this.asked?.reject(new LiveError(exportErrors.noEncoder));
    this.worker.onmessage = ({ data }: MessageEvent<GifAnswer>) => this.asked?.resolve(data);
    this.worker.onerror = fail;
    this.worker.addEventListener("messageerror", fail);
  }

  async add(frame: OffscreenCanvas, ms: number): Promise<void> {
    const context = frame.getContext("2d");
    if (context === null) throw new LiveError(exportErrors.noEncoder);
    const { data: rgba } = context.getImageData(0, 0, frame.width, frame.height);
    await this.ask({ ...this.animation, rgba, ms }, [rgba.buffer]);
  }

  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.ask(null);
    this.end();
    return bytes ?? new Uint8Array(0);
  }

  end(): void {
    this.worker.terminate();
  }

  private ask(request: GifRequest, transfer: Transferable[] = []): Promise<GifAnswer> {
    return new Promise((resolve, reject) => {
      this.asked = { resolve, reject };
      this.worker.postMessage(request, transfer);
    });
  }
}
