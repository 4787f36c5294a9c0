/** The ways to blend, one at a time: a row of radio buttons and the part of the panel that belongs to each. */
import { make } from "../dom";

export interface View {
  readonly value: string;
  readonly label: string;
  readonly root: HTMLElement;
}

/** Shows the first view; tells whenever another one is shown. */
export function createViews(place: HTMLElement, name: string, views: readonly View[], onShow: (value: string) => void): void {
  const show = (value: string): void => {
    for (const view of views) view.root.hidden = view.value !== value;
    onShow(value);
  };
  views.forEach(({ value, label }, index) => {
    const input = make("input", { type: "radio", name, value, checked: index === 0 });
    input.addEventListener("change", () => {
      if (input.checked) show(value);
    });
    place.append(make("label", { className: "view" }, [input, make("span", { textContent: label })]));
  });
  const [first] = views;
  if (first) show(first.value);
}
