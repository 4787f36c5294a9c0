/** A labelled checkbox. */
import { make } from "./dom";

export interface CheckOptions {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  onChange(on: boolean): void;
}

export interface Check {
  readonly root: HTMLElement;
  set(on: boolean): void;
}

export function createCheck(options: CheckOptions): Check {
  const input = make("input", { type: "checkbox", id: options.id });
  input.addEventListener("change", () => options.onChange(input.checked));
  const root = make("div", {}, [make("label", { className: "check" }, [input, options.label])]);
  if (options.hint !== undefined) {
    const hint = make("p", { className: "hint", id: `${options.id}-hint`, textContent: options.hint });
    input.setAttribute("aria-describedby", hint.id);
    root.append(hint);
  }
  return {
    root,
    set(on) {
      input.checked = on;
    },
  };
}
