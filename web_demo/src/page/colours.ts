/** Whose colours the result has. */
import { createCheck } from "./check";
import { byId } from "./dom";
import { createSlider } from "./slider";
import type { Colours, State } from "./state";
import { say, text } from "./strings";

/** Builds the controls; returns the function that shows a state. */
export function createColours(onChange: (change: Partial<Colours>) => void): (state: State) => void {
  const keep = createCheck({ id: "keep-colours", label: text.keepColours, onChange: (on) => onChange({ keep: on }) });
  const amount = createSlider({
    id: "keep-amount",
    label: text.keepAmount,
    min: 0,
    max: 100,
    step: 1,
    value: 100,
    format: say.percent,
    onInput: (value) => onChange({ amount: value / 100 }),
  });
  const recolour = createCheck({
    id: "recolour",
    label: text.recolour,
    hint: text.recolourHint,
    onChange: (on) => onChange({ recolour: on }),
  });
  byId("colours", HTMLElement).append(keep.root, amount.root, recolour.root);

  return ({ colours }) => {
    keep.set(colours.keep);
    amount.set(Math.round(100 * colours.amount));
    amount.root.hidden = !colours.keep;
    recolour.set(colours.recolour);
  };
}
