/** The buttons and keys for undoing and redoing. */
import { make } from "../dom";
import type { State, Store } from "../state";
import { text } from "../strings";
import { isTextField } from "../text_fields";
import { Gestures } from "./gestures";
import { choicesOf, EMPTY, record, redo, undo, withChoices, type History } from "./history";
import { svg } from "./svg";

const UNDO = "M6.5 3.5 3 7l3.5 3.5M3.5 7H10a3 3 0 0 1 0 6H7";
const REDO = "M9.5 3.5 13 7l-3.5 3.5M12.5 7H6a3 3 0 0 0 0 6h3";

export interface HistoryControl {
  /** The steps of this moment. */
  current(): History;
  /** Puts steps of before in the place of what there is, and the last of them on the page. */
  restore(history: History): void;
}

export function createHistory(place: HTMLElement, store: Store): HistoryControl {
  const gestures = new Gestures(document);
  let history: History = EMPTY;
  const put = (next: History): void => {
    history = next;
    store.update((state) => withChoices(state, next.present));
    // A picture that is gone by now: what came instead is the present.
    history = { ...next, present: choicesOf(store.state) };
    show();
  };
  const go = (step: (history: History) => History): void => {
    const next = step(history);
    if (next !== history) put(next);
  };
  const undoButton = iconButton("undo", text.undo, UNDO, () => go(undo));
  const redoButton = iconButton("redo", text.redo, REDO, () => go(redo));
  place.append(undoButton, redoButton);

  const show = (): void => {
    // Not "disabled": a button that loses its last step keeps the focus.
    undoButton.setAttribute("aria-disabled", String(history.past.length === 0));
    redoButton.setAttribute("aria-disabled", String(history.future.length === 0));
  };
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTextField(event.target)) return;
    const key = event.key.toLowerCase();
    const step = key === "z" ? (event.shiftKey ? redo : undo) : key === "y" && event.ctrlKey ? redo : null;
    if (step === null) return;
    event.preventDefault();
    go(step);
  });
  store.subscribe((state: State) => {
    history = record(history, choicesOf(state), gestures.current);
    show();
  });
  return { current: () => history, restore: put };
}

function iconButton(id: string, label: string, path: string, onClick: () => void): HTMLButtonElement {
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" };
  const icon = svg("svg", { viewBox: "0 0 16 16", width: 18, height: 18, "aria-hidden": "true" }, [svg("path", { d: path, ...stroke })]);
  const button = make("button", { type: "button", className: "button quiet icon-button", id, title: label }, [icon]);
  button.setAttribute("aria-label", label);
  button.addEventListener("click", onClick);
  return button;
}
