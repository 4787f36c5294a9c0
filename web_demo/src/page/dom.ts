/** Finding and making elements. */
import { text } from "./strings";

/** The element `#id`, checked to be of the expected class. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no ${type.name} with the id ${id}`);
  return element;
}

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Fills every element with `data-text="key"` or `data-label="key"` from strings.ts, and the title. */
export function fillStrings(): void {
  document.title = text.title;
  const lookUp = (key: string | undefined): string => {
    if (key === undefined || !(key in text)) throw new Error(`strings.ts has no text named ${key}`);
    return text[key as keyof typeof text];
  };
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const sentence = lookUp(element.dataset["text"]);
    // The built page has the English ones already: what stands there is not drawn again.
    if (element.textContent !== sentence) element.textContent = sentence;
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.setAttribute("aria-label", lookUp(element.dataset["label"]));
  }
}
