/** Where to go on after a backend has failed. Pure. */
import { BACKENDS, type BackendName } from "../shared/protocol";

/** A graphics processor that is lost twice within this time is not used again. */
const SOON_MS = 10 * 60_000;

export interface Loss {
  readonly backend: BackendName;
  readonly reason: "context-lost" | "out-of-memory";
  /** In milliseconds, of any clock. */
  readonly at: number;
}

export interface Plan {
  /** The backend to begin with. */
  readonly first: BackendName;
  /** Those that are not to be used again. */
  readonly without: readonly BackendName[];
}

/**
 * What to do after the last of `losses`. A lost graphics processor is mostly there again a moment later (the driver was
 * updated, the machine slept), so its backend gets a second chance; what does not fit in its memory will not fit later.
 * Null where nothing is left to try: plain JavaScript has no more memory than WebAssembly.
 */
export function planAfter(losses: readonly Loss[]): Plan | null {
  const last = losses.at(-1);
  if (last === undefined) return null;
  const given = new Set(losses.filter((loss, i) => isFinal(loss, losses.slice(0, i))).map(({ backend }) => backend));
  if (!given.has(last.backend)) return { first: last.backend, without: [...given] };
  const later = BACKENDS.slice(BACKENDS.indexOf(last.backend) + 1);
  const first = later.find((backend) => !given.has(backend) && (last.reason === "context-lost" || backend !== "cpu"));
  return first === undefined ? null : { first, without: [...given] };
}

function isFinal({ backend, reason, at }: Loss, earlier: readonly Loss[]): boolean {
  return reason === "out-of-memory" || earlier.some((loss) => loss.backend === backend && at - loss.at < SOON_MS);
}
