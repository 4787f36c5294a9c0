/** The choice of a painter, and what has become of the larger one. */
import { make, write } from "../dom";
import type { State } from "../state";
import { painting, text } from "../strings";
import { FINE, fineMs, painterOf, PAINTERS, type PainterChoice } from "./choosing";

export interface PainterControl {
  readonly root: HTMLElement;
  update(state: State): void;
}

export function createPainterControl(onPainter: (choice: PainterChoice) => void, onRetry: () => void): PainterControl {
  const select = make("select", { id: "painter" });
  const label = make("label", { htmlFor: select.id, textContent: text.painter });
  const hint = make("p", { className: "hint", id: "painter-hint" });
  const retry = make("button", { className: "button quiet", type: "button", textContent: text.tryAgain, hidden: true });
  for (const name of ["auto", ...PAINTERS] as const) select.append(new Option(painting.names[name], name));
  select.setAttribute("aria-describedby", hint.id);
  select.addEventListener("change", () => {
    const chosen = (["auto", ...PAINTERS] as const).find((name) => name === select.value);
    if (chosen !== undefined) onPainter(chosen);
  });
  retry.addEventListener("click", () => {
    // The button goes; whoever was on it is not left on nothing.
    select.focus();
    onRetry();
  });
  const root = make("div", { hidden: true }, [make("div", { className: "choice" }, [label, select]), hint, retry]);
  return {
    root,
    update(state) {
      root.hidden = state.fine.status === "absent";
      if (select.value !== state.painter) select.value = state.painter;
      const sentence = sentenceFor(state);
      write(hint, sentence);
      retry.hidden = state.fine.status !== "failed";
    },
  };
}

function sentenceFor(state: State): string {
  const { fine, painter } = state;
  if (fine.status === "failed") return painting.failed;
  if (fine.status === "fetching") return fine.progress === null ? painting.preparing : painting.fetching(fine.progress.done, fine.progress.total);
  const ms = fineMs(state);
  if (painter !== "auto") return painting.chosen[painter];
  if (fine.status !== "ready" || ms === null) return painting.later;
  return painterOf(state) === FINE ? painting.quick(ms) : painting.slow(ms);
}
