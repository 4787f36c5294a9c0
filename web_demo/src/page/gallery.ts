/** A row of pictures to choose from: one of them (radio buttons) or any number (checkboxes), native inputs both. */
import { make } from "./dom";
import type { Item } from "./state";
import { say } from "./strings";

export interface Gallery {
  update(items: readonly Item[], chosen: ReadonlySet<string>): void;
}

export function createGallery(
  list: HTMLElement,
  kind: "radio" | "checkbox",
  onChange: (id: string, on: boolean) => void,
): Gallery {
  const inputs = new Map<string, HTMLInputElement>();
  /** The list begins with the buttons to add more. */
  const buttons = list.children.length;

  const tile = (item: Item): HTMLElement => {
    const input = make("input", { type: kind, name: list.id, value: item.id, className: "tile-input" });
    input.addEventListener("change", () => onChange(item.id, input.checked));
    inputs.set(item.id, input);
    const image = make("img", { src: item.thumb, alt: item.title, width: 96, height: 96, draggable: false });
    const title = item.credit === null ? item.title : say.credit(item.title, item.credit);
    const label = make("label", { className: "tile", title }, [input, image]);
    return make("li", {}, [label]);
  };

  return {
    update(items, chosen) {
      // Samples can arrive after the visitor's own pictures.
      items.forEach((item, index) => {
        if (!inputs.has(item.id)) list.insertBefore(tile(item), list.children[index + buttons] ?? null);
      });
      for (const [id, input] of inputs) input.checked = chosen.has(id);
    },
  };
}
