/** The machine's cameras: one of them opened, and every way in which that can fail as one sentence. */
import { cameraErrors, film as say } from "../strings";
import { LiveError, type LiveSource } from "./source";

/** Enough for a photograph of what is seen; most cameras have it. */
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** How long a camera may take to be free again. */
const RELEASE_MS = 700;

export class Camera implements LiveSource {
  readonly kind = "camera";
  readonly title = say.cameraTitle;
  private video: HTMLVideoElement | null = null;

  private constructor(
    private readonly stream: MediaStream,
    private readonly track: MediaStreamTrack,
    /** Every camera's name for itself, in the order in which they are switched. */
    private readonly ids: readonly string[],
  ) {}

  /** Opens the camera called `id`, or the one that faces the visitor. Asks for permission where that is needed. */
  static async open(id: string | null = null): Promise<Camera> {
    // Missing where the page was opened over plain http from another machine.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) throw new LiveError(cameraErrors.insecure);
    const which = id === null ? { facingMode: "user" } : { deviceId: { exact: id } };
    const ask = (): Promise<MediaStream> => devices.getUserMedia({ audio: false, video: { ...WANTED, ...which } });
    let stream: MediaStream;
    try {
      stream = await ask().catch((error: unknown) => {
        if (!isBusy(error)) throw error;
        // A camera that was let go of a moment ago, by this page too, may need another to be free.
        return new Promise((resolve) => setTimeout(resolve, RELEASE_MS)).then(ask);
      });
    } catch (error) {
      throw new LiveError(sentenceFor(error));
    }
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new LiveError(cameraErrors.none);
    const all = await devices.enumerateDevices().catch(() => []);
    const ids = all.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "").map(({ deviceId }) => deviceId);
    return new Camera(stream, track, ids);
  }

  /** The camera after this one; null where there is no other. */
  get next(): string | null {
    const here = this.ids.indexOf(this.track.getSettings().deviceId ?? "");
    return this.ids.length > 1 ? (this.ids[(here + 1) % this.ids.length] ?? null) : null;
  }

  /** Whether it faces the visitor, who expects a mirror then. Cameras of desks do not say; they do. */
  get facesVisitor(): boolean {
    return this.track.getSettings().facingMode !== "environment";
  }

  attach(video: HTMLVideoElement): Promise<void> {
    this.video = video;
    video.srcObject = this.stream;
    return Promise.resolve();
  }

  /** Calls `listener` when the camera stops by itself: unplugged, or taken away by the system. */
  onEnd(listener: (sentence: string) => void): void {
    this.track.addEventListener("ended", () => listener(say.ended), { once: true });
  }

  pictureName(): string {
    return say.pictureName(new Date());
  }

  /** Its light goes off. */
  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
    if (this.video?.srcObject === this.stream) this.video.srcObject = null;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof DOMException && ["NotReadableError", "AbortError"].includes(error.name);
}

function sentenceFor(error: unknown): string {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return cameraErrors.denied;
    case "NotFoundError":
    case "OverconstrainedError":
      return cameraErrors.none;
    case "NotReadableError":
    case "AbortError":
      return cameraErrors.busy;
    default:
      return cameraErrors.failed((error instanceof Error ? error.message : String(error)).replace(/\.$/, ""));
  }
}
