import { describe, expect, it } from "vitest";
import { isEarlier } from "../../src/shared/earlier";
import { parseManifest, parseSamples } from "../../src/shared/manifest";
import { contentRules, RULES } from "./rules";

const file = (path: string): object => ({ path, bytes: 10, sha256: "0".repeat(64) });
const graph = (name: string, inputs: object, outputs: object): object => ({
  model: `${name}/model.json`,
  inputs,
  outputs,
  files: [file(`${name}/model.json`), file(`${name}/1.bin`)],
  affine_nodes: null,
});
const good = {
  format: "impasto-export",
  version: 3,
  runtime: "tfjs",
  name: "student",
  precision: "float16",
  embedding_size: 100,
  conditioning_size: 12,
  preprocessing: RULES,
  license: "Apache-2.0",
  predictor: graph("p", { style: "style:0" }, { embedding: "Identity:0" }),
  conditioning: graph("c", { embedding: "embedding:0" }, { conditioning: "Identity:0" }),
  transformer: {
    ...graph("t", { content: "content:0", conditioning: "conditioning:0" }, { affine: "Identity:0", stylised: "Identity_1:0" }),
    affine_nodes: [{ node: "stem/mul", size: 6 }, { node: "stem/sub", size: 6 }],
  },
  parity: null,
  card: { path: "card.json", bytes: 10, sha256: "0".repeat(64) },
};
const withRules = (change: object): object => ({ ...good, preprocessing: { ...RULES, ...change } });
const withFile = (entry: object): object => ({ ...good, predictor: { ...good.predictor, files: [entry] } });
const withNodes = (nodes: unknown): object => ({ ...good, transformer: { ...good.transformer, affine_nodes: nodes } });

describe("parseManifest", () => {
  it("accepts what export writes", () => {
    const { conditioning, transformer, preprocessing } = parseManifest(good);
    expect(conditioning.outputs.conditioning).toBe("Identity:0");
    expect(transformer.outputs.stylised).toBe("Identity_1:0");
    expect(preprocessing).toEqual(RULES);
    expect(isEarlier(good)).toBe(false);
  });
  it("names further painters, which are folders beside it", () => {
    expect(parseManifest(good).painters).toEqual([]);
    expect(parseManifest({ ...good, painters: ["fine"] }).painters).toEqual(["fine"]);
    for (const painters of ["fine", ["../fine"], ["a/b"], [""], [1]]) expect(() => parseManifest({ ...good, painters })).toThrow("manifest.json: painters");
  });
  it("reads the names of a model's own styles, and refuses what cannot be some", () => {
    expect(parseManifest(good).styles ?? []).toEqual([]);
    expect(parseManifest({ ...good, styles: ["waves", "night"] }).styles).toEqual(["waves", "night"]);
    expect(() => parseManifest({ ...good, styles: ["waves", "waves"] })).toThrow("manifest.json: styles: must be different names");
    expect(() => parseManifest({ ...good, styles: [""] })).toThrow("manifest.json: styles.0");
    expect(() => parseManifest({ ...good, styles: Array.from({ length: 101 }, (_, i) => `${i}`) })).toThrow("manifest.json: styles: must be at most");
  });
  it("takes a manifest of version 2, with what was usual then", () => {
    const earlier = { ...good, preprocessing: undefined, version: 2, value_range: [0, 1], size_multiple: 4, style_size: 192, overlap: 51, card: {} };
    const { style, content, strokes } = parseManifest(earlier).preprocessing;
    expect(isEarlier(earlier)).toBe(true);
    expect([style.short_side, content.multiple, content.overlap, content.tile]).toEqual([192, 4, 52, 768]);
    expect(strokes).toEqual(RULES.strokes);
  });
  it.each([
    ["another format", { ...good, format: "onnx" }, /manifest\.json: format: .*"impasto-export".*"onnx"/],
    ["an earlier version", { ...good, version: 1 }, /version: .*3.*1/],
    ["another runtime's export", { ...good, runtime: "onnx" }, /runtime: .*"tfjs".*"onnx"/],
    ["a missing field", withRules({ strokes: undefined }), /preprocessing\.strokes/],
    ["another range", withRules({ value_range: [-1, 1] }), /preprocessing\.value_range/],
    ["a tile that is all overlap", withRules({ content: contentRules({ tile: 224 }) }), /preprocessing\.content: must have a tile of more than twice/],
    ["an overlap off the grid", withRules({ content: contentRules({ overlap: 101 }) }), /preprocessing\.content: must have tile, overlap/],
    ["a missing output", { ...good, transformer: { ...good.transformer, outputs: { stylised: "o" } } }, /transformer\.outputs\.affine/],
    ["a short checksum", withFile({ ...file("p/model.json"), sha256: "12" }), /predictor\.files\.0\.sha256: must be 64/],
    ["a path out of its folder", withFile(file("../secret")), /predictor\.files\.0\.path: must be a path inside/],
    ["an address of another server", withFile(file("https://example.org/x")), /path: must be a path inside/],
    ["a model that is not listed", withFile(file("p/1.bin")), /predictor: must list its model/],
    ["nodes that do not add up", withNodes([{ node: "stem/mul", size: 6 }]), /transformer: must list affine_nodes/],
    ["no nodes", withNodes(null), /transformer: must list affine_nodes/],
    ["no object at all", [], /manifest\.json: /],
  ])("says what is wrong with %s", (_, value, message) => {
    expect(() => parseManifest(value)).toThrow(message);
  });
});

describe("parseSamples", () => {
  const sample = { id: "a", title: "A", file: "photos/a.jpg", thumb: "thumbs/a.jpg", width: 640, height: 480, credit: "NASA", license: "public domain" };
  it("accepts a list, and names a missing field", () => {
    expect(parseSamples({ photos: [sample], styles: [] }).photos).toHaveLength(1);
    expect(() => parseSamples({ photos: [{ ...sample, title: undefined }], styles: [] })).toThrow("samples.json: photos.0.title");
  });
});
