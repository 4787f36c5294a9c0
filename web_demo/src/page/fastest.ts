/** Which backend was the fastest when it was measured, and for what that holds. Pure. */
import * as v from "valibot";
import type { Timing } from "../engine/measure";
import { BACKENDS, type BackendName, type LoadedModel } from "../shared/protocol";

/** Plain JavaScript is never the fastest. */
const WORTH_MEASURING: readonly BackendName[] = ["webgpu", "webgl", "wasm"];

const schema = v.object({
  /** Another browser, or another version of it, is another matter. */
  agent: v.string(),
  /** Of the model's network. */
  version: v.string(),
  backend: v.picklist(BACKENDS),
  timings: v.array(v.object({ backend: v.picklist(BACKENDS), ms: v.number() })),
});

export type Remembered = v.InferOutput<typeof schema>;

/** What was kept, where it holds for this browser; null for anything else. */
export function recall(kept: string | null, agent: string): Remembered | null {
  try {
    const remembered = v.parse(schema, JSON.parse(kept ?? "null"));
    return remembered.agent === agent ? remembered : null;
  } catch {
    return null;
  }
}

/** The backends between which a measurement decides; fewer than two where there is nothing to decide. */
export function contenders({ rejected }: Pick<LoadedModel, "rejected">): BackendName[] {
  return WORTH_MEASURING.filter((name) => !rejected.some(({ backend }) => backend === name));
}

/** The fastest; null where nothing could be timed. */
export function fastest(timings: readonly Timing[]): BackendName | null {
  return [...timings].sort((a, b) => a.ms - b.ms)[0]?.backend ?? null;
}
