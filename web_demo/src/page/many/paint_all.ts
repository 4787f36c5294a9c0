/** "Paint all": every photograph of the visitor's in the present style, at the chosen size, into one zip. */
import { byId, write } from "../dom";
import { fileName } from "../download";
import { fileOf } from "../finishing";
import { formatOf } from "../formats";
import { Superseded } from "../latest";
import type { Library } from "../library";
import { secondsLeft } from "../live/remaining";
import { sentenceFor, type Painter } from "../painter";
import { PictureError } from "../pictures";
import { ProgressCard } from "../progress_card";
import { compose } from "../stage";
import { setMessage, type Item, type State, type Store } from "../state";
import { many } from "../strings";
import { openArchive, type Entry } from "./archive";
import { uniqueNames } from "./names";
import { dropPrivateFiles } from "./private_file";

/** While another backend starts. */
const RETRY_MS = 200;

/** Sentences about as many photographs are read; the others are counted. */
const MOST_PROBLEMS = 3;

/** What has become of the photographs so far. */
interface Tally {
  painted: number;
  readonly problems: string[];
}

export class PaintAll {
  private readonly button = byId("paint-all", HTMLButtonElement);
  private readonly card = new ProgressCard("many", () => this.running?.abort());
  private running: AbortController | null = null;

  constructor(
    private readonly store: Store,
    private readonly painter: Painter,
    private readonly library: Library,
    private readonly announce: (sentence: string) => void,
  ) {
    this.button.addEventListener("click", () => void this.run());
    store.subscribe((state) => this.follow(state));
    void dropPrivateFiles();
    addEventListener("beforeunload", (event) => {
      if (this.running !== null) event.preventDefault();
    });
  }

  private follow(state: State): void {
    const count = photographs(state).length;
    this.button.hidden = count < 2;
    this.button.disabled = this.running !== null || state.phase !== "ready" || state.active.length === 0 || state.live;
    write(this.button, many.paintAll(count));
  }

  private async run(): Promise<void> {
    const wish = this.store.state;
    const items = photographs(wish);
    if (this.running !== null || items.length === 0) return;
    const running = (this.running = new AbortController());
    const tally: Tally = { painted: 0, problems: [] };
    try {
      const archive = await openArchive(many.archive, many.archivePart);
      if (archive === null) return;
      this.begin(items.length);
      const files = await archive.write(this.entries(items, wish, running.signal, tally));
      this.end(this.sentence(items.length, archive.name, files, running.signal.aborted, tally), tally);
    } catch (error) {
      this.card.hide(() => this.button);
      const text = error instanceof Superseded ? many.nonePainted : sentenceFor(error);
      this.store.update((state) => setMessage(state, { tone: error instanceof Superseded ? "note" : "error", text }));
    } finally {
      this.running = null;
      this.follow(this.store.state);
    }
  }

  /** One painted photograph after the other; ends early where the visitor has had enough, with what is painted by then. */
  private async *entries(items: readonly Item[], wish: State, signal: AbortSignal, tally: Tally): AsyncGenerator<Entry> {
    const unique = uniqueNames();
    const start = performance.now();
    for (const [index, item] of items.entries()) {
      const show = (part: number): void => {
        const whole = (index + part) / items.length;
        this.card.show(whole, many.painting(index, items.length, secondsLeft(performance.now() - start, whole)));
      };
      show(0);
      try {
        const { blob, name } = await this.paint(item, wish, signal, show);
        yield { name: unique(name), input: blob };
        tally.painted++;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof PictureError)) throw error;
        tally.problems.push(error.message);
      }
    }
    if (tally.painted > 0) return;
    // Nothing to save: a zip without files helps nobody.
    throw signal.aborted ? new Superseded() : new PictureError(tally.problems.join(" "));
  }

  private async paint(item: Item, wish: State, signal: AbortSignal, onPart: (part: number) => void): Promise<{ blob: Blob; name: string }> {
    const { colours } = wish;
    const format = formatOf(wish.format);
    const { photograph, image } = await this.persist(() => this.painter.still(item.id, wish, signal, (done, total) => onPart(done / total)), signal);
    const canvas = document.createElement("canvas");
    compose(canvas, photograph, image, colours.keep ? colours.amount : 0, wish.model?.preprocessing.colors ?? null);
    const blob = await fileOf(canvas, format, this.library, item.id);
    canvas.width = canvas.height = 0;
    if (blob?.type !== format.type) throw new PictureError(many.notEncoded(item.title, format.name));
    return { blob, name: fileName(item.title, image.width, image.height, format.extension) };
  }

  /** Asks again where the backend was lost, or another one was chosen, meanwhile. */
  private async persist<Value>(ask: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
    for (;;) {
      const { phase, message } = this.store.state;
      if (phase === "failed") throw new Error(message?.text);
      try {
        if (phase === "ready") return await ask();
      } catch (error) {
        if (!(error instanceof Superseded) || signal.aborted) throw error;
      }
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  private begin(count: number): void {
    this.follow(this.store.state);
    this.card.show(0, many.painting(0, count, null));
    this.card.focus();
    this.announce(many.begins(count));
  }

  private sentence(total: number, name: string, files: number, stopped: boolean, { painted }: Tally): string {
    const said = many.painted(painted, total, name, stopped);
    return files > 1 ? `${said} ${many.furtherParts(files - 1)}` : said;
  }

  private end(sentence: string, { problems }: Tally): void {
    this.card.hide(() => this.button);
    const others = problems.length - MOST_PROBLEMS;
    const text = [sentence, ...problems.slice(0, MOST_PROBLEMS), ...(others > 0 ? [many.moreProblems(others)] : [])].join(" ");
    this.store.update((state) => setMessage(state, { tone: problems.length > 0 ? "error" : "note", text }));
  }
}

function photographs({ photos }: State): readonly Item[] {
  return photos.filter(({ own }) => own);
}
