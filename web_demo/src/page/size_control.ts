/** The choice of the result's size, up to the photograph's own. */
import { make } from "./dom";
import { chosenSize, FULL_SIZE, sizeChoices, type SizeChoice } from "./sizes";
import type { State } from "./state";
import { say, text } from "./strings";

export interface SizeControl {
  readonly root: HTMLElement;
  update(state: State): void;
}

export function createSizeControl(onSize: (bound: number) => void): SizeControl {
  const select = make("select", { id: "size" });
  const label = make("label", { htmlFor: select.id, textContent: text.size });
  const hint = make("p", { className: "hint", id: "size-hint", textContent: text.sizeHint });
  select.setAttribute("aria-describedby", hint.id);
  select.addEventListener("change", () => onSize(Number(select.value)));
  const root = make("div", {}, [make("div", { className: "choice" }, [label, select]), hint]);

  let shown: State["photoSize"] | undefined;
  let choices: SizeChoice[] = [];
  return {
    root,
    update({ photoSize, size }) {
      if (photoSize !== shown) {
        shown = photoSize;
        choices = sizeChoices(photoSize);
        select.replaceChildren(...choices.map(optionFor));
      }
      const value = String(chosenSize(choices, size)?.bound ?? "");
      if (select.value !== value) select.value = value;
    },
  };
}

function optionFor({ bound, size }: SizeChoice): HTMLOptionElement {
  const full = bound === FULL_SIZE;
  if (size === null) return new Option(full ? text.fullSize : say.pixels(bound), String(bound));
  return new Option(full ? say.fullSize(size.width, size.height) : say.dimensions(size.width, size.height), String(bound));
}
