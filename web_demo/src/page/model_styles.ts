/**
 * A model that was made for one style, or for a few by number: its own styles take the place of all paintings, which mean
 * nothing to it, and nothing is mixed with a photograph's own style, which it does not know.
 */
import { byId } from "./dom";
import type { Item } from "./items";
import type { Library } from "./library";
import { knownOnly, withKnownStyles } from "./regions/regions";
import { vectorThumb } from "./space/vector_thumb";
import { setMessage, setStrength, type State, type Store } from "./state";
import { say } from "./strings";

const ID = "model-style-";
/** Names that a sentence lists. */
const FEW = 5;

/** The state with the model's own styles and no others; the same state where there are none, or it is so already. */
export function withModelStyles(state: State, thumb: (index: number) => string): State {
  const names = state.model?.styles ?? [];
  if (names.length === 0) return state;
  const there = state.styles.map(({ id }) => id);
  const wanted = names.map((_, index) => `${ID}${index}`);
  if (there.join() === wanted.join() && state.strength === 1 && !state.colours.recolour) return state;
  const known = new Map(state.styles.map((item) => [item.id, item]));
  const styles = names.map((title, index): Item => known.get(`${ID}${index}`) ?? { id: `${ID}${index}`, title, thumb: thumb(index), credit: null });
  const kept = knownOnly(state.active, styles);
  const active = kept.length > 0 ? kept : [{ id: `${ID}0`, weight: 1 }];
  const colours = { ...state.colours, recolour: false };
  return setStrength({ ...state, styles, active, colours, regions: withKnownStyles(state.regions, styles) }, 1);
}

/** 1 at a style's place, 0 elsewhere. */
export function numbered(index: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (i === index ? 1 : 0));
}

/** Keeps the styles those of the model that is loaded, where it has some of its own, and says so. */
export function showModelStyles(store: Store, library: Library): void {
  const strength = byId("strength-place", HTMLElement);
  const add = byId("choose-styles", HTMLInputElement).closest("li");
  store.subscribe(({ model }) => {
    const own = (model?.styles.length ?? 0) > 0;
    strength.hidden = own;
    if (add !== null) add.hidden = own;
    // Not at once: who listens behind us would be told an older state after a newer one.
    if (own) queueMicrotask(settle);
  });

  function settle(): void {
    const { state } = store;
    const { model } = state;
    if (model === null) return;
    const next = withModelStyles(state, (index) => vectorThumb(numbered(index, model.styles.length)));
    if (next === state) return;
    model.styles.forEach((_, index) => {
      library.addVector(`${ID}${index}`, numbered(index, model.embeddingSize));
    });
    store.update(() => setMessage(next, { tone: "note", text: say.ownStyles(named(model.styles)) }));
  }
}

/** The first few names, and a sign that there are more. */
function named(names: readonly string[]): string {
  return [...names.slice(0, FEW), ...(names.length > FEW ? ["…"] : [])].join(", ");
}
