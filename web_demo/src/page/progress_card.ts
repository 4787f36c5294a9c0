/** How far something long is, on a card over the picture, and the way out of it. */
import { byId } from "./dom";

export class ProgressCard {
  private readonly card: HTMLElement;
  private readonly bar: HTMLProgressElement;
  private readonly label: HTMLElement;
  private readonly cancel: HTMLButtonElement;

  /** @param name Of the card; its parts are called after it. */
  constructor(name: "tiles" | "exporting" | "many", onCancel: () => void) {
    this.card = byId(name, HTMLElement);
    this.bar = byId(`${name}-bar`, HTMLProgressElement);
    this.label = byId(`${name}-text`, HTMLElement);
    this.cancel = byId(`${name}-cancel`, HTMLButtonElement);
    this.cancel.addEventListener("click", onCancel);
  }

  /** @param part Of the whole, 0 to 1. */
  show(part: number, sentence: string): void {
    this.card.hidden = false;
    this.bar.value = part;
    this.label.textContent = sentence;
  }

  focus(): void {
    this.cancel.focus();
  }

  /** @param next Gets the focus from the button, which would lose it to the page's start. */
  hide(next: () => HTMLElement): void {
    if (document.activeElement === this.cancel) next().focus();
    this.card.hidden = true;
  }
}
