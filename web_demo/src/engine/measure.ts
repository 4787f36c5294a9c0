/** Timing backends on this machine, each in a worker of its own. */
import { CodedError, BACKENDS, PLAIN, type BackendName, type Pixels } from "../shared/protocol";
import { Link } from "./link";
import { Superseded } from "./superseded";

/** Large enough that a GPU is not judged by what it costs to talk to it, small enough for a slow processor. */
const SIDE = 256;
const RUNS = 3;
/** One run tells enough where it takes that long. */
const SLOW_MS = 1000;

export interface Timing {
  readonly backend: BackendName;
  /** For one picture of 256 × 256 pixels, once everything is compiled. */
  readonly ms: number;
}

/**
 * The time of every one of `backends` that works, in their order. Throws `Superseded` as soon as `signal` aborts.
 *
 * @param software Whether GPUs count that are only imitated by the processor.
 */
export async function measureBackends(
  modelUrl: string,
  backends: readonly BackendName[],
  signal: AbortSignal,
  software = false,
): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const backend of backends) {
    const ms = await timeOf(modelUrl, backend, signal, software);
    if (ms !== null) timings.push({ backend, ms });
  }
  return timings;
}

async function timeOf(modelUrl: string, backend: BackendName, signal: AbortSignal, software: boolean): Promise<number | null> {
  const link = new Link((lost) => lost.end(new CodedError("context-lost", "the graphics processor is gone")));
  const stop = (): void => link.end(new Superseded());
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const without = BACKENDS.filter((name) => name !== backend);
    const model = await link.load({ modelUrl, backend: software ? backend : "auto", largestRun: null, first: null, without });
    const image = pattern();
    // Any style takes as long as any other.
    const embedding = new Float32Array(model.embeddingSize);
    const times: number[] = [];
    const paint = async (): Promise<number> => (await link.request("stylize", { content: image, embedding, regions: [], manner: PLAIN }, "stylized")).ms;
    // What the first run does more is compiling.
    await paint();
    do times.push(await paint());
    while (times.length < RUNS && Math.min(...times) < SLOW_MS);
    return Math.min(...times);
  } catch (error) {
    if (error instanceof Superseded) throw error;
    return null;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function pattern(): Pixels {
  return { width: SIDE, height: SIDE, data: Uint8ClampedArray.from({ length: 4 * SIDE ** 2 }, (_, i) => (i * 37) % 256) };
}
