/** Play, pause and seek, for a film. */
import { byId } from "../dom";
import { film as say, text } from "../strings";

/** What an arrow key moves, at least, in seconds; and as a part of long films. */
const STEP_S = 0.1;
const STEP_PART = 1 / 100;

export class Transport {
  private readonly root = byId("transport", HTMLElement);
  private readonly toggle = byId("live-play", HTMLButtonElement);
  private readonly seek = byId("live-seek", HTMLInputElement);
  private readonly time = byId("live-time", HTMLElement);
  /** Whether the film goes on once it may. */
  private resumes = false;

  /** @param onCut What is shown next does not go on from what was shown last. */
  constructor(
    private readonly video: HTMLVideoElement,
    onCut: () => void,
  ) {
    this.toggle.addEventListener("click", () => (video.paused ? this.play() : video.pause()));
    this.seek.addEventListener("input", () => {
      video.currentTime = this.seek.valueAsNumber;
      this.show();
    });
    // A place just after the start is shown as the start, and a slider that stays where it is tells of no input.
    this.seek.addEventListener("keydown", ({ key }) => {
      if (key === "Home") video.currentTime = 0;
    });
    for (const event of ["play", "pause", "timeupdate", "durationchange"]) video.addEventListener(event, () => this.show());
    video.addEventListener("seeking", onCut);
  }

  set usable(usable: boolean) {
    this.root.hidden = !usable;
    this.resumes = false;
    this.show();
  }

  /** Nobody can see the film, or its frames are needed in order. */
  halt(): void {
    this.resumes ||= !this.video.paused;
    this.video.pause();
  }

  /** Goes on as before `halt`. */
  resume(): void {
    if (this.resumes) this.play();
    this.resumes = false;
  }

  set disabled(disabled: boolean) {
    this.toggle.disabled = disabled;
    this.seek.disabled = disabled;
  }

  private play(): void {
    // Refused where something else is to be shown already.
    this.video.play().catch(() => undefined);
  }

  private show(): void {
    if (this.root.hidden) return;
    const { seek } = this;
    const { paused, currentTime, duration } = this.video;
    const known = Number.isFinite(duration) && duration > 0;
    this.toggle.textContent = paused ? text.play : text.pause;
    // Recordings of some programs do not say how long they are.
    seek.parentElement?.toggleAttribute("hidden", !known);
    if (known) {
      seek.max = String(duration);
      seek.step = String(Math.max(STEP_S, Math.round(10 * duration * STEP_PART) / 10));
      seek.value = String(currentTime);
      seek.style.setProperty("--filled", String(currentTime / duration));
    }
    const shown = say.position(currentTime, known ? duration : null);
    seek.setAttribute("aria-valuetext", shown);
    this.time.textContent = shown;
  }
}
