/** Learns the vectors of all styles in the gallery, one by one, while nothing is painted and no camera is on. */
import { Superseded } from "../latest";
import type { State } from "../state";

/** The page has to be at rest for that long before a vector that nobody waits for is computed. */
const REST_MS = 700;

export class Survey {
  readonly vectors = new Map<string, Float32Array>();
  private readonly failed = new Set<string>();
  private state: State | null = null;
  private busy = false;
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly embed: (id: string) => Promise<Float32Array>,
    private readonly onChange: () => void,
  ) {}

  /** Somebody looks at the map: no waiting between two vectors any more, except for pictures. */
  hurry(): void {
    this.wanted = true;
    this.schedule();
  }

  update(state: State): void {
    const calm = this.state?.painting === state.painting && this.state.phase === state.phase && this.state.styles === state.styles;
    this.state = state;
    if (!calm) this.schedule();
  }

  private missing(): string | undefined {
    return this.state?.styles.find(({ id }) => !this.vectors.has(id) && !this.failed.has(id))?.id;
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.busy || this.missing() === undefined) return;
    if (!this.wanted && savesData()) return;
    this.timer = setTimeout(() => whenIdle(() => void this.next()), this.wanted ? 0 : REST_MS);
  }

  private async next(): Promise<void> {
    const id = this.missing();
    if (id === undefined || this.busy || this.state?.phase !== "ready" || this.state.painting || this.state.live) return;
    this.busy = true;
    try {
      this.vectors.set(id, await this.embed(id));
    } catch (error) {
      // A worker that was replaced says nothing about the picture.
      if (!(error instanceof Superseded)) this.failed.add(id);
    }
    this.busy = false;
    this.onChange();
    this.schedule();
  }
}

function whenIdle(task: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(task, { timeout: 2000 });
  else task();
}

/** Visitors who ask their browser to save data fetch the whole gallery only for a map that they look at. */
function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
