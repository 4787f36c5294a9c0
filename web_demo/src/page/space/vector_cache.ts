/** Style vectors that this browser has computed before, by what was looked at and by which model. */
import { clear, createStore, get, set, type UseStore } from "idb-keyval";
import type { Pixels } from "../../shared/protocol";

let store: UseStore | null = null;

/** The vector of `image`: remembered, or computed and then remembered. Does without where the browser keeps nothing. */
export async function cachedVector(image: Pixels, model: string, compute: () => Promise<Float32Array>): Promise<Float32Array> {
  const key = await keyOf(image, model);
  const known = key === null ? null : await recall(key);
  if (known !== null) return known;
  const vector = await compute();
  if (key !== null) void keep(key, vector);
  return vector;
}

/** Model, size and the SHA-256 of the pixels; null where the page has no crypto.subtle (plain http from another machine). */
export async function keyOf({ width, height, data }: Pixels, model: string): Promise<string | null> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (subtle === undefined) return null;
  const digest = new Uint8Array(await subtle.digest("SHA-256", data));
  return `${model} ${width}x${height} ${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

async function recall(key: string): Promise<Float32Array | null> {
  try {
    const value = await get<unknown>(key, opened());
    return value instanceof Float32Array && value.length > 0 && value.every(Number.isFinite) ? value : null;
  } catch {
    return null;
  }
}

async function keep(key: string, vector: Float32Array): Promise<void> {
  try {
    await set(key, vector, opened());
  } catch {
    // Private windows and full disks: it is computed again some day.
  }
}

function opened(): UseStore {
  return (store ??= createStore("impasto", "vectors"));
}

/** Vectors tell which pictures were looked at. */
export async function forgetVectors(): Promise<void> {
  await clear(opened());
}
