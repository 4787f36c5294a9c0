/** What is painted live: a camera or a video file. */

/** Its message is a sentence for the visitor. */
export class LiveError extends Error {}

export interface LiveSource {
  readonly kind: "camera" | "film";
  /** What files that come from it are called after. */
  readonly title: string;
  /** Whether it faces the visitor, who expects a mirror then. */
  readonly facesVisitor: boolean;
  /** The camera to switch to; null where there is no other. */
  readonly next: string | null;
  /** Shows itself in `video`; rejects with a `LiveError` where there is nothing to show. */
  attach(video: HTMLVideoElement): Promise<void>;
  /** Calls `listener`, with a sentence for the visitor, when it ends by itself. */
  onEnd(listener: (sentence: string) => void): void;
  /** What a frame that is kept as a photograph is called. */
  pictureName(): string;
  /** Lets go of the camera or the file, and of the video that shows it. */
  stop(): void;
}
