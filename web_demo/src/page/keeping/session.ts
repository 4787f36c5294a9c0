/** What one tab is about, as text: its choices, and the steps that can be undone and redone. Pictures and masks by id. Pure. */
import * as v from "valibot";
import type { Mask } from "../../shared/masks";
import { NO_REGIONS } from "../regions/regions";
import type { Choices, History } from "../space/history";
import { boundedSize, boundedStrength, boundedStroke } from "../state";

const amount = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const blend = v.array(v.object({ id: v.string(), weight: amount }));
const choices = v.pipe(
  v.object({
    photoId: v.nullable(v.string()),
    active: blend,
    strength: v.number(),
    stroke: v.number(),
    /** Null for the photograph's own. */
    size: v.nullable(v.number()),
    /** Absent where an earlier version of the page wrote it. */
    wrap: v.optional(v.boolean(), false),
    colours: v.object({ keep: v.boolean(), amount, recolour: v.boolean() }),
    layers: v.pipe(v.array(blend), v.minLength(1)),
    masks: v.array(v.string()),
    selected: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  v.check(({ layers, masks, selected }) => layers.length === masks.length + 1 && selected < layers.length),
);
const schema = v.object({ version: v.literal(1), updated: v.number(), past: v.array(choices), present: choices, future: v.array(choices) });

type KeptChoices = v.InferOutput<typeof choices>;
export type Session = v.InferOutput<typeof schema>;

/** Null where there is nothing, or nothing that this page could have written. */
export function parseSession(text: string | null): Session | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text ?? "null"));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** @param idOf The name under which a mask is kept. */
export function sessionOf({ past, present, future }: History, updated: number, idOf: (mask: Mask) => string): Session {
  const kept = ({ photoId, active, strength, stroke, size, wrap, colours, regions }: Choices): KeptChoices => ({
    photoId,
    active: [...active],
    strength,
    stroke,
    size: Number.isFinite(size) ? size : null,
    wrap,
    colours,
    layers: regions.layers.map((layer) => [...layer]),
    masks: regions.masks.map(idOf),
    selected: regions.selected,
  });
  return { version: 1, updated, past: past.map(kept), present: kept(present), future: future.map(kept) };
}

/** The history as it was. A step whose masks are gone is left out; the present then has no regions. */
export function historyOf(session: Session, masks: ReadonlyMap<string, Mask>): History {
  // One array for one set of masks: steps that do not differ in them are told by that.
  const sets = new Map<string, readonly Mask[]>();
  const setOf = (ids: readonly string[]): readonly Mask[] | null => {
    const key = ids.join(" ");
    const found = sets.get(key) ?? ids.flatMap((id) => masks.get(id) ?? []);
    if (found.length !== ids.length) return null;
    sets.set(key, found);
    return found;
  };
  const choice = ({ layers, masks: ids, selected, strength, stroke, size, ...rest }: KeptChoices): Choices | null => {
    const set = setOf(ids);
    const bounded = { ...rest, strength: boundedStrength(strength), stroke: boundedStroke(stroke), size: boundedSize(size ?? Infinity) };
    return set === null ? null : { ...bounded, regions: { ...NO_REGIONS, layers, masks: set, selected } };
  };
  const present = choice(session.present) ?? { ...choice({ ...session.present, layers: [[]], masks: [], selected: 0 }) as Choices };
  const steps = (kept: readonly KeptChoices[]): Choices[] => kept.flatMap((one) => choice(one) ?? []);
  return { past: steps(session.past), present, future: steps(session.future), gesture: null };
}

/** The masks of all steps. */
export function masksOf({ past, present, future }: Session): Set<string> {
  return new Set([...past, present, ...future].flatMap(({ masks }) => masks));
}
