/** The order in which to try backends. Pure. */
import { BACKENDS, type BackendChoice, type BackendName } from "../shared/protocol";

/** The chosen one, then `first`, then the usual order; never those in `without`. */
export function candidates(choice: BackendChoice, first: BackendName | null, without: readonly BackendName[]): BackendName[] {
  const preferred = [choice, first].filter((name): name is BackendName => name !== null && name !== "auto");
  return [...new Set([...preferred, ...BACKENDS])].filter((name) => !without.includes(name));
}
