/** What the page remembers of one visit for the next, whichever tab comes first; see keeping/ for pictures and for each tab's own. */
import * as v from "valibot";
import { BACKENDS, type BackendChoice } from "../../shared/protocol";
import { formatOf } from "../formats";
import { PAINTER_CHOICES, type PainterChoice } from "../painters/choosing";
import { choosePhoto, setBlend, setColours, setFormat, setPainter, setSize, setStrength, setStroke, setWrap, type State } from "../state";

const KEY = "impasto.settings";
const SAVE_AFTER_MS = 300;

const schema = v.object({
  version: v.literal(1),
  backend: v.picklist(["auto", ...BACKENDS]),
  strength: v.number(),
  /** Absent where an earlier version of the page wrote it. */
  stroke: v.optional(v.number(), 1),
  /** Null for the photograph's own. */
  size: v.nullable(v.number()),
  photoId: v.nullable(v.string()),
  active: v.array(v.object({ id: v.string(), weight: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) })),
  // Not remembered by earlier versions of this page.
  colours: v.optional(v.object({ keep: v.boolean(), amount: v.number(), recolour: v.boolean() })),
  format: v.optional(v.string()),
  painter: v.optional(v.picklist(PAINTER_CHOICES), "auto"),
  wrap: v.optional(v.boolean(), false),
});

export type Settings = v.InferOutput<typeof schema>;

/** Null where there is nothing, or nothing that this page could have written. */
export function parseSettings(text: string | null): Settings | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text ?? "null"));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

export function settingsOf(state: State, backend: BackendChoice): Settings {
  const { strength, stroke, size, photoId, colours, format, painter, wrap } = state;
  const active = state.active.map(({ id, weight }) => ({ id, weight }));
  return { version: 1, backend, strength, stroke, size: Number.isFinite(size) ? size : null, photoId, active, colours, format, painter, wrap };
}

/** For a state that has no pictures yet. */
export function withSettings(state: State, settings: Settings | null): State {
  if (settings === null) return state;
  const { strength, stroke, size, colours, format, painter, wrap } = settings;
  const sized = setSize(setStroke(setStrength(state, strength), stroke), size ?? Infinity);
  return setFormat(setColours(setWrap(setPainter(sized, painter), wrap), colours ?? {}), formatOf(format ?? "").type);
}

/** For the state that has just got its samples; what the visitor chose while they were fetched stays. */
export function withChosenSamples(state: State, before: State, settings: Settings | null): State {
  if (settings === null) return state;
  const known = before.photoId === null && settings.photoId !== state.photoId && state.photos.some(({ id }) => id === settings.photoId);
  const next = known && settings.photoId !== null ? choosePhoto(state, settings.photoId) : state;
  return before.active.length === 0 ? setBlend(next, settings.active) : next;
}

export function readSettings(): Settings | null {
  try {
    return parseSettings(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

/** What the address asks for: for this visit only. */
interface Asked {
  readonly backend: BackendChoice | null;
  readonly painter: PainterChoice | null;
}

/** Returns the function that remembers a state, a moment after the last change. */
export function createKeeper(asked: Asked, stored: Settings | null): (state: State) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: Settings | null = null;
  const save = (): void => {
    clearTimeout(timer);
    if (pending === null) return;
    try {
      localStorage.setItem(KEY, JSON.stringify(pending));
    } catch {
      // A browser that keeps nothing: the next visit begins anew.
    }
    pending = null;
  };
  addEventListener("pagehide", save);
  let last = "";
  return (state) => {
    if (state.photoId === null) return;
    const settings = {
      ...settingsOf(state, state.choice === asked.backend ? (stored?.backend ?? "auto") : state.choice),
      painter: state.painter === asked.painter ? (stored?.painter ?? "auto") : state.painter,
    };
    const text = JSON.stringify(settings);
    if (text === last) return;
    last = text;
    pending = settings;
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
}
