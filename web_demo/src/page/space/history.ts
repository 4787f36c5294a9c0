/** Undo and redo over whatever decides the picture. Pure. */
import { layersOf, withKnownStyles, type Regions } from "../regions/regions";
import { initialState, type ActiveStyle, type Colours, type State } from "../state";

/** What is undone: neither pictures nor the model, only choices. */
export interface Choices {
  readonly photoId: string | null;
  readonly active: readonly ActiveStyle[];
  readonly strength: number;
  readonly stroke: number;
  readonly size: number;
  readonly wrap: boolean;
  readonly colours: Colours;
  /** With their masks, so that strokes of the brush are undone too; its own settings stay. */
  readonly regions: Regions;
}

export interface History {
  readonly past: readonly Choices[];
  readonly present: Choices;
  readonly future: readonly Choices[];
  /** The gesture that made the present, as long as it may go on. */
  readonly gesture: number | null;
}

const LONGEST = 100;

export const EMPTY: History = {
  past: [],
  present: choicesOf(initialState("auto")),
  future: [],
  gesture: null,
};

export function choicesOf({ photoId, active, strength, stroke, size, wrap, colours, regions }: State): Choices {
  return { photoId, active, strength, stroke, size, wrap, colours, regions };
}

/**
 * What has become of the choices: a new step, unless the same gesture (a drag, a key held down) goes on. What happens
 * before the first gesture, or before there is a photograph, is the page's own doing, and is where undoing ends.
 */
export function record(history: History, choices: Choices, gesture: number): History {
  const { past, present } = history;
  if (same(present, choices)) return history;
  if (gesture === 0 || present.photoId === null) return { ...history, present: choices, future: [], gesture: null };
  if (gesture === history.gesture) return { ...history, present: choices, future: [] };
  return { past: [...past, present].slice(-LONGEST), present: choices, future: [], gesture };
}

export function undo(history: History): History {
  const { past, present, future } = history;
  const previous = past.at(-1);
  if (previous === undefined) return history;
  return { past: past.slice(0, -1), present: previous, future: [present, ...future], gesture: null };
}

export function redo(history: History): History {
  const { past, present, future } = history;
  const [next, ...rest] = future;
  if (next === undefined) return history;
  return { past: [...past, present], present: next, future: rest, gesture: null };
}

/** The state with other choices; pictures that are not in the galleries any more are left out. */
export function withChoices(state: State, { photoId, active, strength, stroke, size, wrap, colours, regions }: Choices): State {
  const known = new Set(state.styles.map(({ id }) => id));
  const kept = active.filter(({ id }) => known.has(id));
  const photo = state.photos.some(({ id }) => id === photoId) ? photoId : state.photoId;
  const samePhoto = photo === state.photoId;
  return {
    ...state,
    photoId: photo,
    photoSize: samePhoto ? state.photoSize : null,
    painted: samePhoto && kept.length > 0 ? state.painted : null,
    active: kept,
    strength,
    stroke,
    size,
    wrap,
    colours,
    regions: { ...withKnownStyles(regions, state.styles), brush: state.regions.brush, brushing: state.regions.brushing && regions.masks.length > 0 },
    message: null,
  };
}

function same(a: Choices, b: Choices): boolean {
  // Of all regions: a style that is taken away leaves those too that are not selected.
  const blend = (choices: Choices): string => JSON.stringify(layersOf(choices).map((layer) => layer.map(({ id, weight }) => [id, weight])));
  const { keep, amount, recolour } = a.colours;
  return (
    a.photoId === b.photoId &&
    a.strength === b.strength &&
    a.stroke === b.stroke &&
    a.size === b.size &&
    a.wrap === b.wrap &&
    keep === b.colours.keep &&
    amount === b.colours.amount &&
    recolour === b.colours.recolour &&
    a.regions.masks === b.regions.masks &&
    a.regions.selected === b.regions.selected &&
    blend(a) === blend(b)
  );
}
