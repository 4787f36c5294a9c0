/** Which regions there are, whose styles are being chosen, and what the brush is like. */
import { blankMask } from "../../shared/masks";
import { createCheck } from "../check";
import { byId, make } from "../dom";
import { createSlider } from "../slider";
import type { State, Store } from "../state";
import { say, text } from "../strings";
import { createBrush } from "./brush";
import { addRegion, MOST_REGIONS, removeRegion, selectLayer, setBrush, setBrushing, setMasks } from "./regions";

/** Builds everything that regions need; it follows the store by itself. */
export function createRegions(store: Store): void {
  const showBrush = createBrush((masks) => store.update((state) => setMasks(state, masks)));
  const showChoice = createChoice(store);
  const brushing = createCheck({
    id: "brushing",
    label: text.brushing,
    onChange: (on) => store.update((state) => setBrushing(state, on)),
  });
  const erase = createCheck({
    id: "erase",
    label: text.erase,
    onChange: (on) => store.update((state) => setBrush(state, { erase: on })),
  });
  const slider = (id: string, label: string, min: number, max: number, onInput: (value: number) => void) =>
    createSlider({ id, label, min, max, step: 1, value: min, format: say.percent, onInput });
  const size = slider("brush-size", text.brushSize, 2, 50, (value) => store.update((state) => setBrush(state, { radius: value / 200 })));
  const feather = slider("brush-feather", text.brushFeather, 0, 100, (value) =>
    store.update((state) => setBrush(state, { feather: value / 100 })),
  );
  const clear = button("clear-region", text.clearRegion, () => store.update(clearSelected));
  const remove = button("remove-region", text.removeRegion, () => {
    store.update(removeRegion);
    byId("add-region", HTMLButtonElement).focus();
  });
  const buttons = make("div", { className: "row" }, [clear, remove]);
  const tools = make("div", { className: "sliders" }, [brushing.root, size.root, feather.root, erase.root, buttons]);
  byId("regions", HTMLElement).append(tools);

  store.subscribe((state) => {
    const { regions } = state;
    showBrush(state);
    showChoice(state);
    tools.hidden = regions.masks.length === 0;
    brushing.set(regions.brushing);
    erase.set(regions.brush.erase);
    erase.root.hidden = regions.selected === 0;
    size.set(Math.round(200 * regions.brush.radius));
    feather.set(Math.round(100 * regions.brush.feather));
    buttons.hidden = regions.selected === 0;
  });
}

/** One radio button for the background and for each region, and the button that adds one. */
function createChoice(store: Store): (state: State) => void {
  const group = make("div", { className: "row" });
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", text.regionChoice);
  const add = button("add-region", text.addRegion, () => {
    const { photoSize } = store.state;
    if (photoSize !== null) store.update((state) => addRegion(state, photoSize));
  });
  byId("regions", HTMLElement).append(make("div", { className: "row" }, [group, add]));
  const inputs: HTMLInputElement[] = [];

  return ({ regions, photoSize, styles }) => {
    group.hidden = regions.masks.length === 0;
    while (inputs.length < regions.layers.length) {
      const index = inputs.length;
      const input = make("input", { type: "radio", name: "region", value: String(index) });
      input.addEventListener("change", () => store.update((state) => selectLayer(state, index)));
      inputs.push(input);
      group.append(make("label", { className: "pill" }, [input, index === 0 ? text.background : say.region(index)]));
    }
    while (inputs.length > regions.layers.length) inputs.pop()?.parentElement?.remove();
    inputs.forEach((input, index) => (input.checked = index === regions.selected));
    add.disabled = photoSize === null || styles.length === 0 || regions.masks.length >= MOST_REGIONS;
  };
}

function clearSelected(state: State): State {
  const { masks, selected } = state.regions;
  return setMasks(state, masks.map((mask, index) => (index === selected - 1 ? blankMask(mask) : mask)));
}

function button(id: string, label: string, onClick: () => void): HTMLButtonElement {
  const element = make("button", { id, type: "button", className: "button quiet", textContent: label });
  element.addEventListener("click", onClick);
  return element;
}
