/** Styles that come and go as links and small files: a vector each, and nothing else. */
import { byId, make } from "../dom";
import { fileName, save } from "../download";
import { isReadable } from "../file_head";
import type { Library } from "../library";
import type { Painter } from "../painter";
import { addSharedStyle, setMessage, setStrength, type Store } from "../state";
import { pictureErrors, say, shareErrors, text } from "../strings";
import { checksum, decodeStyle, encodeStyle, ShareError } from "./share_code";
import { parseStyleFile, STYLE_FILE, writeStyleFile } from "./style_file";
import { vectorThumb } from "./vector_thumb";

/** Keeps a style that was opened; `fingerprint` tells which model it is for. */
export type KeepVector = (id: string, title: string, vector: Float32Array, fingerprint: string) => void;

const FRAGMENT = "#style=";

export class Sharing {
  constructor(
    private readonly store: Store,
    private readonly painter: Painter,
    private readonly library: Library,
    private readonly onVector: KeepVector,
  ) {
    this.build(byId("share-place", HTMLElement));
    addEventListener("hashchange", () => void this.openAddress());
  }

  /** Takes the style in the page's address into the gallery, if there is one. The model must be there. Returns its id. */
  openAddress(): string | null {
    return location.hash.startsWith(FRAGMENT) ? this.open(location.hash.slice(FRAGMENT.length), text.sharedStyle) : null;
  }

  async openFile(file: File): Promise<void> {
    try {
      if (!(await isReadable(file))) throw new Error(pictureErrors.changed(file.name));
      const { code, title } = parseStyleFile(await file.text());
      this.open(code, title);
    } catch (error) {
      this.report(error);
    }
  }

  private open(code: string, title: string): string | null {
    const { model } = this.store.state;
    try {
      if (model === null) throw new Error(text.modelFirst);
      const { vector, strength } = decodeStyle(code, model.fingerprint, model.embeddingSize);
      const id = `shared-${checksum(new TextEncoder().encode(code)).toString(16)}`;
      this.library.addVector(id, vector);
      const item = { id, title, thumb: vectorThumb(vector), credit: null, own: true };
      this.store.update((state) => setStrength(addSharedStyle(state, item), strength));
      this.onVector(id, title, vector, model.fingerprint);
      return id;
    } catch (error) {
      this.report(error);
      return null;
    }
  }

  /** The blend that is chosen, as text. */
  private async code(): Promise<{ readonly code: string; readonly model: string } | null> {
    const { model, strength } = this.store.state;
    const vector = await this.painter.blendVector();
    if (vector === null || model === null) {
      this.say("error", say.pickPainting);
      return null;
    }
    return { code: encodeStyle({ vector, strength }, model.fingerprint), model: `${model.name} ${model.fingerprint}` };
  }

  private async copyLink(): Promise<void> {
    try {
      const made = await this.code();
      if (made === null) return;
      const url = new URL(location.href);
      url.hash = `${FRAGMENT}${made.code}`;
      try {
        await navigator.clipboard.writeText(url.href);
        this.say("note", text.linkCopied);
      } catch {
        // No clipboard without https, or not allowed: the address bar can be copied by hand.
        history.replaceState(null, "", url);
        this.say("note", text.linkInAddress);
      }
    } catch (error) {
      this.report(error);
    }
  }

  private async saveFile(): Promise<void> {
    try {
      const made = await this.code();
      if (made === null) return;
      const { active, styles } = this.store.state;
      const title = active.map(({ id }) => styles.find((style) => style.id === id)?.title ?? id).join(" + ").slice(0, 120);
      const stem = fileName(title.slice(0, 60), 0, 0, "").replace(/-impasto-0x0\.$/, "");
      save(new Blob([writeStyleFile(title, made.model, made.code)], { type: "application/json" }), `${stem}${STYLE_FILE}`);
    } catch (error) {
      this.report(error);
    }
  }

  private build(place: HTMLElement): void {
    const button = (id: string, label: string, onClick: () => void): HTMLButtonElement => {
      const made = make("button", { type: "button", className: "button quiet", id, textContent: label });
      made.addEventListener("click", onClick);
      return made;
    };
    const input = make("input", { type: "file", id: "open-style", accept: ".json,application/json", className: "tile-input" });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file) void this.openFile(file);
      input.value = "";
    });
    const open = make("label", { className: "button quiet file-button" }, [input, text.openStyle]);
    const buttons = [button("copy-link", text.copyLink, () => void this.copyLink()), button("save-style", text.saveStyle, () => void this.saveFile()), open];
    place.append(
      make("details", { className: "share" }, [
        make("summary", { textContent: text.share }),
        make("p", { className: "hint", textContent: text.shareHint }),
        make("div", { className: "share-buttons" }, buttons),
      ]),
    );
  }

  private report(error: unknown): void {
    this.say("error", error instanceof ShareError ? shareErrors[error.problem] : error instanceof Error ? error.message : String(error));
  }

  private say(tone: "error" | "note", sentence: string): void {
    this.store.update((state) => setMessage(state, { tone, text: sentence }));
  }
}
