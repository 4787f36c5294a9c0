/** The page's one state object and the pure functions that make the next one. */
import type { Size } from "../shared/geometry";
import type { BackendChoice, LoadedModel } from "../shared/protocol";
import { FORMATS } from "./formats";
import type { ActiveStyle, Item } from "./items";
import { FINE, NO_FINE, painterOf, type Fine, type PainterChoice, type PainterName } from "./painters/choosing";
import { knownOnly, layersOf, NO_REGIONS, numberOf, withKnownStyles, withoutRegions, type Regions } from "./regions/regions";
import { INITIAL_SIZE, SMALLEST_SIZE } from "./sizes";

export type { ActiveStyle, Item };

export interface Painted {
  readonly width: number;
  readonly height: number;
  readonly ms: number;
  readonly painter: PainterName;
}

/** How the photograph's colours are kept; see stage.ts and shared/recolour.ts. */
export interface Colours {
  /** The result's brightness with the photograph's colours. */
  readonly keep: boolean;
  /** How much of them, 0 to 1. */
  readonly amount: number;
  /** The paintings are given the photograph's colours before the network sees them. */
  readonly recolour: boolean;
}

export interface Message {
  readonly tone: "error" | "note";
  readonly text: string;
}

export interface State {
  readonly phase: "loading" | "ready" | "failed";
  /** Bytes of the model, while it is fetched. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly model: LoadedModel | null;
  readonly choice: BackendChoice;
  readonly photos: readonly Item[];
  readonly styles: readonly Item[];
  readonly photoId: string | null;
  /** Of the photograph, once it is known; bounded by what can be painted at all. */
  readonly photoSize: Size | null;
  readonly active: readonly ActiveStyle[];
  /** 0: the photograph's own style, 1: the blend's; beyond, as much further away from the photograph's. */
  readonly strength: number;
  /** Size of the strokes, over that of a picture of the model's reference size; grows and shrinks with the picture. */
  readonly stroke: number;
  /** Upper bound of the result's long side, in pixels; infinite for the photograph's own size. */
  readonly size: number;
  readonly colours: Colours;
  /** Who paints photographs; see painters/choosing.ts. */
  readonly painter: PainterChoice;
  readonly fine: Fine;
  /** Whether opposite borders of the result meet. */
  readonly wrap: boolean;
  /** Media type of the download. */
  readonly format: string;
  /** Parts of the photograph with styles of their own. */
  readonly regions: Regions;
  /** Whether a camera or a film is shown in the photograph's place; then no photograph is painted. */
  readonly live: boolean;
  readonly painting: boolean;
  /** How far a large picture is, while it is painted tile by tile. */
  readonly tiles: { readonly done: number; readonly total: number } | null;
  readonly painted: Painted | null;
  readonly message: Message | null;
}

/** Largest strength: half as far again from the photograph's own style as the blend is. */
export const STRONGEST = 1.5;
/** Finest and coarsest strokes. */
export const STROKES = [0.25, 4] as const;
const NEW_WEIGHT = 0.5;

export function initialState(choice: BackendChoice): State {
  return {
    phase: "loading",
    progress: null,
    model: null,
    choice,
    photos: [],
    styles: [],
    photoId: null,
    photoSize: null,
    active: [],
    strength: 1,
    stroke: 1,
    size: INITIAL_SIZE,
    colours: { keep: false, amount: 1, recolour: false },
    painter: "auto",
    fine: NO_FINE,
    wrap: false,
    format: FORMATS[0].type,
    regions: NO_REGIONS,
    live: false,
    painting: false,
    tiles: null,
    painted: null,
    message: null,
  };
}

export function withSamples(state: State, photos: readonly Item[], styles: readonly Item[]): State {
  const next = { ...state, photos: [...photos, ...state.photos], styles: [...styles, ...state.styles] };
  const first = photos[0];
  const withPhoto = state.photoId === null && first ? choosePhoto(next, first.id) : next;
  if (state.active.length > 0) return withPhoto;
  return styles.slice(0, 2).reduce((current, { id }) => toggleStyle(current, id, true), withPhoto);
}

export function addPhoto(state: State, item: Item): State {
  return choosePhoto(joinPhoto(state, item), item.id);
}

/** A photograph among many: it is there, and another one stays chosen. */
export function joinPhoto(state: State, item: Item): State {
  return { ...state, photos: [...state.photos, item] };
}

export function addStyle(state: State, item: Item): State {
  return toggleStyle({ ...state, styles: [...state.styles, item] }, item.id, true);
}

/** The visitor's own pictures of before join the samples; none of them is chosen by that. */
export function withOwn(state: State, photos: readonly Item[], styles: readonly Item[]): State {
  const joined = (there: readonly Item[], own: readonly Item[]): readonly Item[] => {
    const known = new Set(own.map(({ id }) => id));
    const [samples, added] = [there.filter(({ own: mine }) => mine !== true), there.filter(({ id, own: mine }) => mine === true && !known.has(id))];
    return [...samples, ...own, ...added];
  };
  return { ...state, photos: joined(state.photos, photos), styles: joined(state.styles, styles) };
}

/** Takes a picture of the visitor's out of its gallery, and out of the blend; the neighbour of a photograph takes its place. */
export function removeItem(state: State, id: string): State {
  const index = state.photos.findIndex((item) => item.id === id);
  if (index >= 0) {
    const photos = state.photos.filter((item) => item.id !== id);
    const next = photos[index] ?? photos.at(-1);
    const rest = { ...state, photos };
    if (state.photoId !== id) return rest;
    return next === undefined ? { ...withoutRegions(rest), photoId: null, photoSize: null, painted: null } : choosePhoto(rest, next.id);
  }
  const styles = state.styles.filter((item) => item.id !== id);
  if (styles.length === state.styles.length) return state;
  return { ...state, styles, active: knownOnly(state.active, styles), regions: withKnownStyles(state.regions, styles) };
}

export function choosePhoto(state: State, id: string): State {
  const photoSize = state.photos.find((item) => item.id === id)?.size ?? null;
  return { ...withoutRegions(state), photoId: id, photoSize, painted: null, message: null };
}

/** Does nothing where another photograph has been chosen meanwhile. */
export function setPhotoSize(state: State, id: string, photoSize: Size): State {
  return state.photoId === id ? { ...state, photoSize } : state;
}

/** Newly chosen styles join with equal say; those chosen already keep their weights. */
export function toggleStyle(state: State, id: string, on: boolean): State {
  const others = state.active.filter((style) => style.id !== id);
  if (!on) return { ...state, active: others, painted: others.length === 0 ? null : state.painted, message: null };
  if (others.length < state.active.length) return state;
  return { ...state, active: [...others, { id, weight: NEW_WEIGHT }], message: null };
}

export function setWeight(state: State, id: string, weight: number): State {
  const active = state.active.map((style) => (style.id === id ? { id, weight: clamp(weight, 0, 1) } : style));
  return { ...state, active, message: null };
}

/** Another blend as a whole; does nothing where it has no style that is in the gallery. */
export function setBlend(state: State, blend: readonly ActiveStyle[]): State {
  const known = new Set(state.styles.map(({ id }) => id));
  const active = blend.filter(({ id }) => known.has(id)).map(({ id, weight }) => ({ id, weight: clamp(weight, 0, 1) }));
  return active.length === 0 ? state : { ...state, active, message: null };
}

/** A style by its vector joins the gallery, and is the whole blend. */
export function addSharedStyle(state: State, item: Item): State {
  const styles = state.styles.some(({ id }) => id === item.id) ? state.styles : [...state.styles, item];
  return setBlend({ ...state, styles }, [{ id: item.id, weight: 1 }]);
}

export function setStrength(state: State, strength: number): State {
  return { ...state, strength: boundedStrength(strength), message: null };
}

export function boundedStrength(strength: number): number {
  return clamp(strength, 0, STRONGEST);
}

export function setStroke(state: State, stroke: number): State {
  return { ...state, stroke: boundedStroke(stroke), message: null };
}

export function boundedStroke(stroke: number): number {
  const [finest, coarsest] = STROKES;
  return clamp(stroke, finest, coarsest);
}

export function setSize(state: State, size: number): State {
  return { ...state, size: boundedSize(size), message: null };
}

export function boundedSize(size: number): number {
  return clamp(Math.round(size), SMALLEST_SIZE, Infinity);
}

export function setColours(state: State, change: Partial<Colours>): State {
  const colours = { ...state.colours, ...change };
  return { ...state, colours: { ...colours, amount: clamp(colours.amount, 0, 1) }, message: null };
}

export function setPainter(state: State, painter: PainterChoice): State {
  return { ...state, painter, message: null };
}

/** What becomes of the larger painter. */
export function setFine(state: State, change: Partial<Fine>): State {
  return { ...state, fine: { ...state.fine, ...change } };
}

export function setWrap(state: State, wrap: boolean): State {
  return { ...state, wrap, message: null };
}

export function setFormat(state: State, format: string): State {
  return { ...state, format };
}

/** Gives a large picture up, for one that is painted at once. */
export function cancelTiles(state: State): State {
  return setSize(state, INITIAL_SIZE);
}

export function startLoading(state: State, choice: BackendChoice): State {
  return { ...state, choice, phase: "loading", progress: null, model: null, fine: NO_FINE, painting: false, tiles: null, message: null };
}

export function setProgress(state: State, done: number, total: number): State {
  return state.phase === "loading" ? { ...state, progress: { done, total } } : state;
}

export function setLoaded(state: State, model: LoadedModel): State {
  // A new worker has only the first painter, and another pace.
  const fine: Fine = { ...NO_FINE, status: model.painters.includes(FINE) ? "waiting" : "absent" };
  return { ...state, phase: "ready", progress: null, model, fine };
}

/** Begins or ends showing a camera or a film. */
export function setLive(state: State, live: boolean): State {
  return { ...state, live, message: null };
}

export function setPainting(state: State, painting: boolean): State {
  return { ...state, painting, tiles: null };
}

export function setTiles(state: State, done: number, total: number): State {
  return state.painting ? { ...state, tiles: { done, total } } : state;
}

export function setPainted(state: State, painted: Painted | null): State {
  return { ...state, painted };
}

export function setMessage(state: State, message: Message | null): State {
  return { ...state, message };
}

/** Nothing can be painted any more with this model; the visitor may choose another backend. */
export function setFailed(state: State, sentence: string): State {
  return { ...state, phase: "failed", progress: null, painting: false, tiles: null, message: { tone: "error", text: sentence } };
}

/**
 * What decides the picture that is painted: two states with equal keys have the same one. (Keeping colours is done to it
 * afterwards.) Null while nothing can be painted.
 */
export function wantedKey(state: State): string | null {
  const motif = motifKey(state);
  return motif === null ? null : JSON.stringify([motif, state.model?.backend, painterOf(state)]);
}

/** The same, whoever paints it. */
export function motifKey(state: State): string | null {
  const { phase, live, photoId, active, strength, stroke, size, wrap, colours, regions } = state;
  if (phase !== "ready" || live || photoId === null || active.length === 0) return null;
  return JSON.stringify([photoId, layersOf(state), numberOf(regions.masks), strength, stroke, size, wrap, colours.recolour]);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export interface Store {
  readonly state: State;
  update(change: (state: State) => State): void;
  /** Calls `listener` now and after every change. */
  subscribe(listener: (state: State) => void): void;
}

export function createStore(initial: State): Store {
  let state = initial;
  const listeners: ((state: State) => void)[] = [];
  return {
    get state() {
      return state;
    },
    update(change) {
      const next = change(state);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener(state);
    },
    subscribe(listener) {
      listeners.push(listener);
      listener(state);
    },
  };
}
