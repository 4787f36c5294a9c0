/** What the state knows of regions, and the pure functions that make the next one. */
import type { Size } from "../../shared/geometry";
import { type Brush } from "../../shared/brush";
import { blankMask, type Mask } from "../../shared/masks";
import type { ActiveStyle, Item } from "../items";

export const MOST_REGIONS = 3;

export interface Regions {
  /** Styles of the background and of every region. Those of the selected one are `State.active`, as long as it is. */
  readonly layers: readonly (readonly ActiveStyle[])[];
  /** Of every region; one fewer than there are layers. */
  readonly masks: readonly Mask[];
  /** Of the layers; 0 is the background. */
  readonly selected: number;
  /** Whether the brush is on the picture. */
  readonly brushing: boolean;
  readonly brush: Brush;
}

export const NO_REGIONS: Regions = {
  layers: [[]],
  masks: [],
  selected: 0,
  brushing: false,
  brush: { radius: 0.06, feather: 0.4, erase: false },
};

/** Of the page's state, what regions are about. */
interface Styled {
  readonly active: readonly ActiveStyle[];
  readonly regions: Regions;
}

/** Whatever was said is out of date with the next change. */
interface Saying {
  readonly message: unknown;
}

const numbers = new WeakMap<readonly Mask[], number>();
let lastNumber = 0;

/** Tells one set of masks from every other that there ever was, so that no result is taken for that of another; 0 for none. */
export function numberOf(masks: readonly Mask[]): number {
  if (masks.length === 0) return 0;
  const number = numbers.get(masks) ?? ++lastNumber;
  numbers.set(masks, number);
  return number;
}

/** The styles of all layers. */
export function layersOf({ active, regions }: Styled): readonly (readonly ActiveStyle[])[] {
  return regions.layers.map((layer, index) => (index === regions.selected ? active : layer));
}

/** Selects a layer: what is chosen in the gallery and blended is its style from now on. One without any style keeps its former one. */
export function selectLayer<Some extends Styled>(state: Some, selected: number): Some {
  const kept = state.active.length > 0 ? layersOf(state) : state.regions.layers;
  const active = kept[selected];
  if (active === undefined || selected === state.regions.selected) return state;
  return { ...state, active, regions: { ...state.regions, layers: kept, selected } };
}

/** A further region, selected and empty, in the first style that no layer has yet. */
export function addRegion<Some extends Styled & Saying & { readonly styles: readonly Item[] }>(state: Some, photo: Size): Some {
  const { regions } = state;
  if (regions.masks.length >= MOST_REGIONS) return state;
  const layers = layersOf(state);
  const used = new Set(layers.flat().map(({ id }) => id));
  const style = state.styles.find(({ id }) => !used.has(id)) ?? state.styles[0];
  if (style === undefined) return state;
  const next = {
    ...regions,
    layers: [...regions.layers, [{ id: style.id, weight: 0.5 }]],
    masks: [...regions.masks, blankMask(photo)],
    brushing: true,
    brush: { ...regions.brush, erase: false },
  };
  return { ...selectLayer({ ...state, regions: next }, layers.length), message: null };
}

/** Takes the selected region away, and its style with it; the background stays. */
export function removeRegion<Some extends Styled & Saying>(state: Some): Some {
  const gone = state.regions.selected;
  if (gone === 0) return state;
  const background = selectLayer(state, 0);
  const { regions } = background;
  const masks = regions.masks.filter((_, index) => index !== gone - 1);
  const layers = regions.layers.filter((_, index) => index !== gone);
  const brushing = regions.brushing && masks.length > 0;
  return { ...background, regions: { ...regions, masks, layers, brushing }, message: null };
}

export function setMasks<Some extends Styled & Saying>(state: Some, masks: readonly Mask[]): Some {
  const { regions } = state;
  if (masks.length !== regions.masks.length) return state;
  return { ...state, regions: { ...regions, masks }, message: null };
}

export function setBrush<Some extends Styled>(state: Some, change: Partial<Brush>): Some {
  return { ...state, regions: { ...state.regions, brush: { ...state.regions.brush, ...change } } };
}

export function setBrushing<Some extends Styled>(state: Some, brushing: boolean): Some {
  return { ...state, regions: { ...state.regions, brushing } };
}

/** Regions belong to one photograph; the background's style stays for the next. */
export function withoutRegions<Some extends Styled>(state: Some): Some {
  const { active, regions } = selectLayer(state, 0);
  return { ...state, active, regions: { ...NO_REGIONS, brush: regions.brush } };
}

/** Without styles that are gone from the gallery. A region that had no other takes the first one there is. */
export function withKnownStyles(regions: Regions, styles: readonly Item[]): Regions {
  const known = new Set(styles.map(({ id }) => id));
  if (regions.layers.every((layer) => layer.every(({ id }) => known.has(id)))) return regions;
  return { ...regions, layers: regions.layers.map((layer) => knownOnly(layer, styles)) };
}

/** The styles of `layer` that are in the gallery; where none is left of some, the first one there. */
export function knownOnly(layer: readonly ActiveStyle[], styles: readonly Item[]): readonly ActiveStyle[] {
  const kept = layer.filter(({ id }) => styles.some((style) => style.id === id));
  const [first] = styles;
  if (kept.length === layer.length) return layer;
  return kept.length > 0 || first === undefined ? kept : [{ id: first.id, weight: 0.5 }];
}
