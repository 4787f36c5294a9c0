/** What lies in this browser's own storage: the visitor's pictures, and masks of regions. Nothing of it is ever sent. */
import { clear, createStore, del, delMany, entries, get, getMany, keys, set, setMany, type UseStore } from "idb-keyval";
import * as v from "valibot";
import type { Mask } from "../../shared/masks";

/** A picture of the visitor's, as its file. */
export interface PictureRecord {
  readonly kind: "photo" | "style";
  readonly title: string;
  readonly file: Blob;
  readonly thumb: Blob;
  /** When it was added, so that galleries keep their order; in milliseconds, ascending. */
  readonly added: number;
}

/** A style that came by link or file: a vector, which means something to one model only. */
export interface VectorRecord {
  readonly kind: "vector";
  readonly title: string;
  readonly vector: Float32Array;
  readonly fingerprint: string;
  readonly added: number;
}

export type Record = PictureRecord | VectorRecord;

const record = v.variant("kind", [
  v.object({
    kind: v.picklist(["photo", "style"]),
    title: v.string(),
    file: v.instance(Blob),
    thumb: v.instance(Blob),
    added: v.number(),
  }),
  v.object({ kind: v.literal("vector"), title: v.string(), vector: v.instance(Float32Array), fingerprint: v.string(), added: v.number() }),
]);

const LONGEST_MASK_SIDE = 1024;
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LONGEST_MASK_SIDE));
const mask = v.pipe(
  v.object({ width: side, height: side, coverage: v.instance(Uint8Array) }),
  v.check(({ width, height, coverage }) => coverage.length === width * height),
);

let pictures: UseStore | null = null;
let masks: UseStore | null = null;
// Opened when they are first needed: where storage is forbidden, opening throws.
const inPictures = (): UseStore => (pictures ??= createStore("impasto-pictures", "pictures"));
const inMasks = (): UseStore => (masks ??= createStore("impasto-masks", "masks"));

/** By id, in the order in which they were added; what this page cannot have written is left out. */
export async function readRecords(): Promise<[string, Record][]> {
  const all = await entries<string, unknown>(inPictures());
  const known = all.flatMap(([id, value]): [string, Record][] => {
    const result = v.safeParse(record, value);
    return result.success ? [[id, result.output]] : [];
  });
  return known.sort(([, a], [, b]) => a.added - b.added);
}

/** Returns what is kept now: its file lies in the storage, and no longer where it came from. */
export async function keepRecord<Kind extends Record>(id: string, kept: Kind): Promise<Kind> {
  await set(id, kept, inPictures());
  return (await get<Kind>(id, inPictures())) ?? kept;
}

export function dropRecord(id: string): Promise<void> {
  return del(id, inPictures());
}

export async function readMasks(ids: readonly string[]): Promise<Map<string, Mask>> {
  const values = await getMany<unknown>([...ids], inMasks());
  const found = new Map<string, Mask>();
  ids.forEach((id, i) => {
    const result = v.safeParse(mask, values[i]);
    if (result.success) found.set(id, result.output);
  });
  return found;
}

export function keepMasks(kept: readonly (readonly [string, Mask])[]): Promise<void> {
  return setMany(kept.map(([id, value]) => [id, value]), inMasks());
}

export function dropMasks(ids: readonly string[]): Promise<void> {
  return delMany([...ids], inMasks());
}

export async function maskIds(): Promise<string[]> {
  return (await keys<string>(inMasks())).map(String);
}

/** All pictures and all masks. */
export async function dropEverything(): Promise<void> {
  await Promise.all([clear(inPictures()), clear(inMasks())]);
}
