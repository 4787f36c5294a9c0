/** The visitor's own pictures: taken in, brought back from before, taken away. */
import type { Keeping } from "./keeping/keeping";
import type { Record } from "./keeping/records";
import type { Library } from "./library";
import { decode, makeThumb } from "./pictures";
import { vectorThumb } from "./space/vector_thumb";
import { addPhoto, addStyle, joinPhoto, removeItem, setMessage, withOwn, type Item, type Store } from "./state";
import { say } from "./strings";

export class OwnPictures {
  constructor(
    private readonly store: Store,
    private readonly library: Library,
    private readonly keeping: Keeping,
  ) {}

  /**
   * Takes a file in. Rejects with a `PictureError` where it is no picture, or is there but cannot be kept.
   *
   * @param choose Whether it is what is painted (or painted with) from now on.
   */
  async add(kind: "photo" | "style", file: File, choose = true): Promise<void> {
    const { store, library, keeping } = this;
    const bitmap = await decode(file, file.name);
    const thumb = await makeThumb(bitmap);
    const id = `own-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    const item: Item = { id, title: file.name, thumb: URL.createObjectURL(thumb), credit: null, own: true };
    let source: Blob = file;
    library.add(id, () => decode(source, file.name), () => source);
    if (kind === "photo") await library.keepPhotograph(id, bitmap);
    else await library.keepStyle(id, bitmap, store.state.model?.preprocessing.style);
    store.update((state) => (kind === "style" ? addStyle(state, item) : choose ? addPhoto(state, item) : joinPhoto(state, item)));
    // From here on the file on the disk may change, or go.
    source = await keeping.keep(id, { kind, title: file.name, file, thumb, added: Date.now() });
  }

  /** Takes what was kept before into library and galleries; nothing is decoded until it is needed. */
  restore(records: readonly (readonly [string, Record])[]): void {
    const photos: Item[] = [];
    const styles: Item[] = [];
    for (const [id, record] of records) {
      const { title } = record;
      if (record.kind === "vector") this.library.addVector(id, record.vector);
      else this.library.add(id, () => decode(record.file, title), () => record.file);
      const thumb = record.kind === "vector" ? vectorThumb(record.vector) : URL.createObjectURL(record.thumb);
      (record.kind === "photo" ? photos : styles).push({ id, title, thumb, credit: null, own: true });
    }
    this.store.update((state) => withOwn(state, photos, styles));
    this.checkVectors(records);
  }

  async remove(id: string): Promise<void> {
    const { photos, styles } = this.store.state;
    const item = [...photos, ...styles].find((one) => one.id === id);
    if (item?.own !== true) return;
    this.drop(item);
    // Said once it is true: who leaves right after it finds the picture gone.
    await this.keeping.remove(id);
    this.store.update((state) => setMessage(state, { tone: "note", text: say.removed(item.title) }));
  }

  /** Takes all of them out of this page. */
  dropAll(): void {
    const { photos, styles } = this.store.state;
    for (const item of [...photos, ...styles]) if (item.own === true) this.drop(item);
  }

  private drop(item: Item): void {
    this.store.update((state) => removeItem(state, item.id));
    this.library.remove(item.id);
    if (item.thumb.startsWith("blob:")) URL.revokeObjectURL(item.thumb);
  }

  /** Vectors of another model mean nothing to this one; which one it is, is known once it is there. */
  private checkVectors(records: readonly (readonly [string, Record])[]): void {
    const vectors = records.flatMap(([id, record]) => (record.kind === "vector" ? [{ id, fingerprint: record.fingerprint }] : []));
    if (vectors.length === 0) return;
    this.store.subscribe(({ model, styles }) => {
      if (model === null) return;
      for (const { id, fingerprint } of vectors.splice(0)) {
        const item = styles.find((style) => style.id === id);
        if (item !== undefined && fingerprint !== model.fingerprint) {
          this.drop(item);
          void this.keeping.remove(id);
        }
      }
    });
  }
}
