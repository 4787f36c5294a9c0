/**
 * Keeps what the visitor has made in this browser's own storage: pictures once they are added, and of every tab its choices
 * with the steps that can be undone, a moment after the last change.
 */
import type { Mask } from "../../shared/masks";
import { dropPrivateFiles } from "../many/private_file";
import { PictureError } from "../pictures";
import { EMPTY, type History } from "../space/history";
import { forgetVectors } from "../space/vector_cache";
import type { State, Store } from "../state";
import { keepErrors } from "../strings";
import { dropEverything, dropMasks, dropRecord, keepMasks, keepRecord, maskIds, readMasks, readRecords, type PictureRecord, type Record, type VectorRecord } from "./records";
import { historyOf, masksOf, sessionOf } from "./session";
import { Tab } from "./tab";

const SAVE_AFTER_MS = 300;
/** Some browsers have been seen never to answer; the page does not wait for them for ever. */
const PATIENCE_MS = 3000;

export interface Kept {
  readonly records: readonly (readonly [id: string, record: Record])[];
  readonly history: History | null;
}

const NOTHING: Kept = { records: [], history: null };

export class Keeping {
  private tab: Tab | null = null;
  private names = new WeakMap<Mask, string>();
  /** Masks of this tab that are kept. */
  private readonly masks = new Set<string>();
  private lastMask = 0;
  /** Pictures that are in this page only. */
  private readonly unkept = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly others = "BroadcastChannel" in globalThis ? new BroadcastChannel("impasto") : null;

  /**
   * @param history The steps of this moment.
   * @param onForgotten Called where the visitor forgets all pictures in another tab.
   */
  constructor(
    private readonly store: Store,
    private readonly history: () => History,
    onForgotten: () => void,
  ) {
    this.others?.addEventListener("message", onForgotten);
    addEventListener("pagehide", () => this.save());
    document.addEventListener("visibilitychange", () => this.save());
    addEventListener("beforeunload", (event) => {
      if (this.wouldLose()) event.preventDefault();
    });
  }

  /** What is kept from before; from then on this tab is followed. Never rejects: a browser may keep nothing. */
  async open(): Promise<Kept> {
    const late = new Promise<Kept>((resolve) => setTimeout(() => resolve(NOTHING), PATIENCE_MS));
    const kept = await Promise.race([this.read().catch(() => NOTHING), late]);
    this.store.subscribe((state) => this.follow(state));
    return kept;
  }

  /** Keeps a style that came by link or file; it can be opened again, so that nothing is lost without. */
  keepVector(id: string, record: VectorRecord): void {
    keepRecord(id, record).catch(() => undefined);
  }

  /** Keeps a picture, and returns its file as it is kept. Rejects with a `PictureError` where that cannot be; it is there until the visitor leaves. */
  async keep(id: string, record: PictureRecord): Promise<Blob> {
    this.unkept.add(id);
    try {
      const { file } = await keepRecord(id, record);
      this.unkept.delete(id);
      return file;
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      throw new PictureError(full ? keepErrors.full(record.title) : keepErrors.forbidden);
    }
  }

  async remove(id: string): Promise<void> {
    this.unkept.delete(id);
    await dropRecord(id).catch(() => undefined);
  }

  /** Forgets everything that this browser keeps of pictures, of all tabs; false where it may not have. */
  async forget(): Promise<boolean> {
    this.unkept.clear();
    this.masks.clear();
    // Regions of samples stay, and are kept anew.
    this.names = new WeakMap();
    clearTimeout(this.timer);
    this.others?.postMessage("forgotten");
    // Nothing can be kept, so nothing is.
    if (this.tab === null) return true;
    try {
      Tab.forgetAll();
      await Promise.all([dropEverything(), forgetVectors(), dropPrivateFiles(true)]);
      return true;
    } catch {
      return false;
    }
  }

  private async read(): Promise<Kept> {
    const [tab, records] = await Promise.all([Tab.open(), readRecords()]);
    this.tab = tab;
    if (tab.before === null) return { records, history: null };
    const masks = await readMasks([...masksOf(tab.before)]);
    for (const [name, mask] of masks) this.names.set(mask, name);
    void this.sweep(tab).catch(() => undefined);
    return { records, history: historyOf(tab.before, masks) };
  }

  /** Something that cannot be had again by opening the page anew. */
  private wouldLose(): boolean {
    return this.unkept.size > 0 || (this.tab === null && this.store.state.regions.masks.length > 0);
  }

  private follow({ regions }: State): void {
    if (this.tab === null) return;
    const fresh = regions.masks.filter((mask) => !this.names.has(mask));
    // At once, since they take the longest: the text that names them is written as the page goes.
    if (fresh.length > 0) keepMasks(fresh.map((mask) => [this.nameOf(mask), mask])).catch(() => undefined);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  private nameOf(mask: Mask): string {
    let name = this.names.get(mask);
    if (name === undefined) {
      name = `${this.tab?.id ?? ""}/${Date.now().toString(36)}-${++this.lastMask}`;
      this.names.set(mask, name);
      this.masks.add(name);
    }
    return name;
  }

  private save(): void {
    clearTimeout(this.timer);
    const history = this.history();
    if (this.tab === null || history === EMPTY || history.present.photoId === null) return;
    try {
      const session = sessionOf(history, Date.now(), (mask) => this.nameOf(mask));
      this.tab.write(session);
      void this.dropUnused(masksOf(session)).catch(() => undefined);
    } catch {
      // No room for even that: pictures are there all the same.
    }
  }

  /** Masks of steps that are forgotten. */
  private async dropUnused(used: ReadonlySet<string>): Promise<void> {
    const unused = [...this.masks].filter((name) => !used.has(name));
    if (unused.length === 0) return;
    const [here] = [this.tab?.id];
    const elsewhere = new Set([...Tab.all()].flatMap(([id, session]) => (id === here ? [] : [...masksOf(session)])));
    for (const name of unused) this.masks.delete(name);
    await dropMasks(unused.filter((name) => !elsewhere.has(name)));
  }

  /** Masks of tabs that are gone for good. */
  private async sweep(tab: Tab): Promise<void> {
    const living = await Tab.living();
    const used = new Set([...Tab.all().values()].flatMap((session) => [...masksOf(session)]));
    const unused = (name: string): boolean => !used.has(name) && !living.has(name.split("/")[0] ?? "") && !name.startsWith(`${tab.id}/`);
    await dropMasks((await maskIds()).filter(unused));
  }
}
