/** Files of the visitor's, of any kind and number: photographs, paintings, a film, styles. */
import type { Target } from "./inputs";
import { isVideo } from "./live/film_file";
import { animationOf, canAnimate, mayMove, type AnimationType } from "./live/motion";
import type { OwnPictures } from "./own_pictures";
import { PictureError } from "./pictures";
import { STYLE_FILE } from "./space/style_file";
import { setMessage, type Store } from "./state";
import { filmErrors, many } from "./strings";

/** So many files are read in no time. */
const FEW = 4;
/** Sentences about as many files are read; the others are counted. */
const MOST_PROBLEMS = 3;

export interface Openers {
  openStyle(file: File): Promise<void>;
  openFilm(file: File): Promise<void>;
  openAnimation(file: File, type: AnimationType): Promise<void>;
}

export class Adding {
  constructor(
    private readonly store: Store,
    private readonly own: OwnPictures,
    private readonly openers: Openers,
  ) {}

  /** Adds files one by one, so that a bad one does not keep the others out. The first photograph, or film, is shown. */
  async add(target: Target, files: readonly File[]): Promise<void> {
    const { store, own, openers } = this;
    const before = store.state.photoId;
    const problems = new Set<string>();
    const notes: string[] = [];
    let film = false;
    for (const [index, file] of files.entries()) {
      // Sooner, the line would only flicker.
      if (index >= FEW) this.say("note", many.adding(index, files.length));
      try {
        if (file.name.endsWith(STYLE_FILE)) await openers.openStyle(file);
        else if (target === "photo" && isVideo(file)) {
          if (!film) await openers.openFilm(file);
          film = true;
        } else {
          const animation = target === "photo" && mayMove(file) ? await animationOf(file) : null;
          if (animation !== null && canAnimate() && files.length === 1) await openers.openAnimation(file, animation);
          else {
            await own.add(target, file, !film && store.state.photoId === before);
            if (animation !== null) notes.push((canAnimate() ? filmErrors.oneOfMany : filmErrors.noAnimations)(file.name));
          }
        }
      } catch (error) {
        problems.add(error instanceof PictureError ? error.message : String(error));
      }
    }
    if (problems.size > 0) {
      const some = [...problems].slice(0, MOST_PROBLEMS);
      const others = problems.size - some.length;
      this.say("error", [...some, ...(others > 0 ? [many.moreProblems(others)] : [])].join(" "));
    } else if (notes.length > 0) this.say("note", notes.slice(0, MOST_PROBLEMS).join(" "));
    else if (files.length > FEW) store.update((state) => setMessage(state, null));
  }

  private say(tone: "error" | "note", text: string): void {
    this.store.update((state) => setMessage(state, { tone, text }));
  }
}
