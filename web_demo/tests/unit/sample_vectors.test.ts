import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseVectors } from "../../src/page/sample_vectors";
import { parseManifest, parseSamples } from "../../src/shared/manifest";

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../public/${name}`, import.meta.url), "utf8"));

describe("parseVectors", () => {
  it("reads float32 numbers, little endian", () => {
    // 1, -2 and 0.5.
    expect(parseVectors({ model: "m", styles: { a: "AACAPwAAAMAAAAA/" } })).toEqual({ model: "m", styles: { a: Float32Array.of(1, -2, 0.5) } });
  });
  it("is null for anything else", () => {
    for (const value of [null, [], { model: "m" }, { model: "m", styles: { a: "?" } }]) expect(parseVectors(value)).toBeNull();
  });
  it("knows every sample style of the page, for the model of the page", () => {
    const vectors = parseVectors(read("samples/vectors.json"));
    const manifest = parseManifest(read("model/manifest.json"));
    expect(vectors?.model).toBe(manifest.fingerprint);
    for (const { id } of parseSamples(read("samples/samples.json")).styles) {
      expect(vectors?.styles[id]).toHaveLength(manifest.embedding_size);
      expect(vectors?.styles[id]?.every(Number.isFinite)).toBe(true);
    }
  });
});
