/** Tells screen readers what sighted visitors see: results politely and not on every step of a slider, errors at once. */
import { byId } from "./dom";

const QUIET_MS = 800;

export class Announcer {
  private readonly region = byId("announcements", HTMLElement);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Announces `sentence` once nothing newer has come for a moment. */
  later(sentence: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.region.textContent = sentence;
    }, QUIET_MS);
  }
}
