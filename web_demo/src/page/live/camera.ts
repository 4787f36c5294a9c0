/** The machine's cameras: one of them opened, and every way in which that can fail as one sentence. */
import { cameraErrors } from "../strings";

/** Its message is a sentence for the visitor. */
export class CameraError extends Error {}

/** Enough for a photograph of what is seen; most cameras have it. */
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** How long a camera may take to be free again. */
const RELEASE_MS = 700;

export class Camera {
  private constructor(
    readonly stream: MediaStream,
    private readonly track: MediaStreamTrack,
    /** Every camera's name for itself, in the order in which they are switched. */
    private readonly ids: readonly string[],
  ) {}

  /** Opens the camera called `id`, or the one that faces the visitor. Asks for permission where that is needed. */
  static async open(id: string | null = null): Promise<Camera> {
    // Missing where the page was opened over plain http from another machine.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) throw new CameraError(cameraErrors.insecure);
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
      throw new CameraError(sentenceFor(error));
    }
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new CameraError(cameraErrors.none);
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

  /** Calls `listener` when the camera stops by itself: unplugged, or taken away by the system. */
  onEnd(listener: () => void): void {
    this.track.addEventListener("ended", listener, { once: true });
  }

  /** Its light goes off. */
  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
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
      return cameraErrors.failed(error instanceof Error ? error.message : String(error));
  }
}
