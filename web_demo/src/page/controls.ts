/** The sliders, the choice of a size and that of a backend. */
import { percentages } from "../shared/blend";
import { isBackendChoice, type BackendChoice } from "../shared/protocol";
import { byId, make } from "./dom";
import { createCheck } from "./check";
import type { PainterChoice } from "./painters/choosing";
import { createPainterControl } from "./painters/control";
import { createSizeControl } from "./size_control";
import { createSlider, type Slider } from "./slider";
import { STRONGEST, STROKES, type State } from "./state";
import { backendNames, say, text } from "./strings";

export interface ControlHandlers {
  onWeight(id: string, weight: number): void;
  onStrength(strength: number): void;
  onStroke(stroke: number): void;
  onSize: (bound: number) => void;
  onWrap(on: boolean): void;
  onPainter(choice: PainterChoice): void;
  onFetchPainter(): void;
  onBackend(choice: BackendChoice): void;
}

/** Builds the controls into index.html's places; returns the function that shows a state. */
export function createControls(handlers: ControlHandlers, initial: State): (state: State) => void {
  const showBlend = createBlend(byId("blend", HTMLElement), handlers);

  const strength = createSlider({
    id: "strength",
    label: text.strength,
    hint: text.strengthHint,
    min: 0,
    max: 100 * STRONGEST,
    step: 1,
    value: 100 * initial.strength,
    mark: 100,
    format: say.percent,
    onInput: (value) => handlers.onStrength(value / 100),
  });
  const [finest, coarsest] = STROKES;
  // Half as large and twice as large are equally far from the middle.
  const stroke = createSlider({
    id: "stroke",
    label: text.stroke,
    hint: text.strokeHint,
    min: 100 * Math.log2(finest),
    max: 100 * Math.log2(coarsest),
    step: 1,
    value: 100 * Math.log2(initial.stroke),
    mark: 0,
    format: (value) => say.percent(Math.round(100 * 2 ** (value / 100))),
    onInput: (value) => handlers.onStroke(2 ** (value / 100)),
  });
  const size = createSizeControl(handlers.onSize);
  byId("strength-place", HTMLElement).append(strength.root);
  const wrap = createCheck({ id: "wrap", label: text.wrap, hint: text.wrapHint, onChange: (on) => handlers.onWrap(on) });
  const painter = createPainterControl((choice) => handlers.onPainter(choice), () => handlers.onFetchPainter());
  byId("settings", HTMLElement).prepend(size.root, stroke.root, painter.root, wrap.root);

  const backend = byId("backend", HTMLSelectElement);
  for (const [value, name] of Object.entries(backendNames)) backend.append(new Option(name, value));
  backend.addEventListener("change", () => {
    if (isBackendChoice(backend.value)) handlers.onBackend(backend.value);
  });

  return (state) => {
    showBlend(state);
    strength.set(Math.round(100 * state.strength));
    stroke.set(Math.round(100 * Math.log2(state.stroke)));
    size.update(state);
    painter.update(state);
    wrap.set(state.wrap);
    backend.value = state.choice;
  };
}

/** One slider for each active style; kept while the style stays active, so that focus is not lost. */
function createBlend(list: HTMLElement, handlers: ControlHandlers): (state: State) => void {
  const sliders = new Map<string, Slider>();
  const empty = make("p", { className: "hint", textContent: text.blendEmpty });

  return ({ active, styles }) => {
    for (const [id, { root }] of sliders) {
      if (active.some((style) => style.id === id)) continue;
      root.remove();
      sliders.delete(id);
    }
    const shares = percentages(active.map(({ weight }) => weight));
    active.forEach(({ id, weight }, index) => {
      let slider = sliders.get(id);
      if (slider === undefined) {
        const item = styles.find((style) => style.id === id);
        slider = createSlider({
          id: `weight-${id}`,
          label: item?.title ?? id,
          ...(item && { thumb: item.thumb }),
          min: 0,
          max: 100,
          step: 1,
          value: 100 * weight,
          format: say.percent,
          onInput: (value) => handlers.onWeight(id, value / 100),
        });
        sliders.set(id, slider);
        list.append(slider.root);
      }
      slider.set(Math.round(100 * weight), say.percent(shares[index] ?? 0));
    });
    if (active.length === 0) list.append(empty);
    else empty.remove();
  };
}
