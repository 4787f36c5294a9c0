/** "Surprise me", and the seed that says which surprise it was. */
import { make } from "../dom";
import { text } from "../strings";
import { nextSeed, parseSeed, SEEDS } from "./surprise";

export function createSurprise(onSeed: (seed: number) => void): HTMLElement {
  const button = make("button", { type: "button", className: "button quiet", id: "surprise", textContent: text.surprise });
  const seed = make("input", { type: "text", inputMode: "numeric", maxLength: 6, id: "seed", className: "seed", autocomplete: "off" });
  seed.setAttribute("aria-describedby", "seed-hint");
  const label = make("label", { htmlFor: seed.id, textContent: text.seed });
  const hint = make("p", { className: "hint", id: "seed-hint", textContent: text.seedHint });
  let last: number | null = null;
  const use = (value: number): void => {
    last = value;
    seed.value = String(value);
    onSeed(value);
  };
  button.addEventListener("click", () => {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    use(last === null ? random % SEEDS : nextSeed(last));
  });
  seed.addEventListener("change", () => {
    const typed = parseSeed(seed.value);
    if (typed !== null) use(typed);
    else seed.value = last === null ? "" : String(last);
  });
  return make("div", { className: "surprise" }, [button, label, seed, hint]);
}
