/** "Forget my pictures": shown as long as there are any. */
import { byId } from "./dom";
import type { State } from "./state";
import { text } from "./strings";

/** Returns the function that shows a state. */
export function createForgetting(onForget: () => void): (state: State) => void {
  const button = byId("forget", HTMLButtonElement);
  button.addEventListener("click", () => {
    if (confirm(text.forgetAsk)) onForget();
  });
  return ({ photos, styles }) => {
    const own = [...photos, ...styles].some((item) => item.own);
    if (!own && document.activeElement === button) byId("choose-photo", HTMLInputElement).focus();
    button.hidden = !own;
  };
}
