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

/** What stands there already is left alone: a new text of the same words would be laid out, and read aloud, once more. */
export function write(element: Element, sentence: string): void {
  if (element.textContent !== sentence) element.textContent = sentence;
}

/** Fills every element with `data-text="key"` or `data-label="key"` from strings.ts, and the title. */
export function fillStrings(): void {
  document.title = text.title;
  const lookUp = (key: string | undefined): string => {
    if (key === undefined || !(key in text)) throw new Error(`strings.ts has no text named ${key}`);
    return text[key as keyof typeof text];
  };
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    // The built page has the English ones already.
    write(element, lookUp(element.dataset["text"]));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.setAttribute("aria-label", lookUp(element.dataset["label"]));
  }
}
