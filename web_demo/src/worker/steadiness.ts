/**
 * Statistics that change slowly from frame to frame. Painted with its own, every frame of a film gets contrasts and
 * colours that jump with all that comes into the picture or leaves it, far from there too. (The noise of a camera hardly
 * shows in them: see noise.ts for that.) Pure.
 *
 * A frame is painted with the smoothed statistics of the frames before it, so what changes in the scene shows in them one
 * frame late, and fades in from there: 63 % of a change after `LAG_MS`, 95 % after three times that. Edges and movement
 * are not touched by it: they come from the frame itself. A change as large as a cut to another scene is not faded: the
 * frame after it starts anew.
 */

export const LAG_MS = 400;
/** Relative distance between a frame's statistics and the smoothed ones, from which on it belongs to another scene. */
const CUT = 0.5;

/** What frames must have in common to share statistics. */
export interface Scene {
  /** Changes wherever the film does not go on from the frame before. */
  readonly stream: number;
  readonly width: number;
  readonly height: number;
  /** The style. Compared by identity. */
  readonly conditioning: Float32Array;
}

export class Steadiness {
  private scene: Scene | null = null;
  private smoothed: Float32Array | null = null;
  private time = 0;

  constructor(private readonly lag = LAG_MS) {}

  /** What to paint the next frame of `scene` with; null where it has to be its own statistics. */
  before(scene: Scene): Float32Array | null {
    if (this.scene === null || !alike(this.scene, scene)) this.smoothed = null;
    this.scene = scene;
    return this.smoothed;
  }

  /** Takes the statistics of the frame in; `time` in milliseconds, in the film. */
  after(own: Float32Array, time: number): void {
    const { smoothed } = this;
    const passed = Math.max(0, time - this.time);
    this.time = time;
    if (smoothed === null) this.smoothed = own.slice();
    else if (distance(own, smoothed) > CUT) this.smoothed = null;
    else this.smoothed = mix(smoothed, own, 1 - Math.exp(-passed / this.lag));
  }
}

function alike(a: Scene, b: Scene): boolean {
  return a.stream === b.stream && a.width === b.width && a.height === b.height && a.conditioning === b.conditioning;
}

function mix(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return from.map((value, i) => value + share * ((to[i] ?? value) - value));
}

/** Length of the difference, in lengths of `smoothed`. */
function distance(own: Float32Array, smoothed: Float32Array): number {
  let [apart, length] = [0, 0];
  smoothed.forEach((value, i) => {
    apart += ((own[i] ?? 0) - value) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(apart / Math.max(length, Number.MIN_VALUE));
}
