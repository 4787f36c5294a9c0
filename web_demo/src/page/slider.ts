/** A labelled range input with its value written beside it. */
import { make } from "./dom";

export interface SliderOptions {
  readonly id: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly hint?: string;
  /** A value that the track marks. */
  readonly mark?: number;
  /** Small picture before the label. */
  readonly thumb?: string;
  /** The value as it is shown and read aloud. */
  format(value: number): string;
  onInput(value: number): void;
}

export interface Slider {
  readonly root: HTMLElement;
  /** Sets the value, and what is written beside it where that is not the value itself. */
  set(value: number, shown?: string): void;
}

export function createSlider(options: SliderOptions): Slider {
  const input = make("input", { type: "range", id: options.id });
  Object.assign(input, { min: String(options.min), max: String(options.max), step: String(options.step) });
  const output = make("output", { className: "slider-value" });
  output.setAttribute("for", options.id);
  const label = make("label", { className: "slider-label", htmlFor: options.id, textContent: options.label });
  const head = make("div", { className: "slider-head" }, [label, output]);
  const body = make("div", { className: "slider-body" }, [head, input]);
  if (options.hint !== undefined) {
    const hint = make("p", { className: "hint", id: `${options.id}-hint`, textContent: options.hint });
    input.setAttribute("aria-describedby", hint.id);
    body.append(hint);
  }
  const root = make("div", { className: "slider" }, [body]);
  if (options.thumb !== undefined) root.prepend(make("img", { src: options.thumb, alt: "", className: "slider-thumb" }));

  if (options.mark !== undefined) {
    input.classList.add("marked");
    input.style.setProperty("--mark", String((options.mark - options.min) / (options.max - options.min)));
  }

  let last: readonly [value: number, shown: string | undefined] = [NaN, undefined];
  const show = (value: number, words?: string): void => {
    // Every state of the page is shown, and most of them leave this slider where it is.
    if (last[0] === value && last[1] === words) return;
    last = [value, words];
    const shown = words ?? options.format(value);
    const filled = (value - options.min) / (options.max - options.min);
    input.style.setProperty("--filled", String(filled));
    input.setAttribute("aria-valuetext", shown);
    output.textContent = shown;
  };
  const set = (value: number, words?: string): void => {
    if (input.valueAsNumber !== value) input.value = String(value);
    show(value, words);
  };
  set(options.value);
  input.addEventListener("input", () => {
    show(input.valueAsNumber);
    options.onInput(input.valueAsNumber);
  });
  return { root, set };
}
