import { describe, expect, it } from "vitest";
import { parseManifest, parseSamples } from "../../src/shared/manifest";

const file = (path: string): object => ({ path, bytes: 10, sha256: "0".repeat(64) });
const good = {
  format: "impasto-tfjs",
  version: 1,
  name: "student",
  precision: "float16",
  value_range: [0, 1],
  size_multiple: 4,
  embedding_size: 100,
  style_size: 256,
  license: "Apache-2.0",
  predictor: { model: "p/model.json", inputs: { style: "style:0" }, output: "o", files: [file("p/model.json"), file("p/1.bin")] },
  transformer: {
    model: "t/model.json",
    inputs: { content: "content:0", embedding: "embedding:0" },
    output: "o",
    files: [file("t/model.json")],
  },
  card: { anything: true },
};

describe("parseManifest", () => {
  it("accepts what export writes", () => {
    expect(parseManifest(good).transformer.inputs.embedding).toBe("embedding:0");
  });
  it.each([
    ["another format", { ...good, format: "onnx" }, /manifest\.json: format: .*"impasto-tfjs".*"onnx"/],
    ["a later version", { ...good, version: 2 }, /version: .*1.*2/],
    ["a missing field", { ...good, size_multiple: undefined }, /size_multiple/],
    ["an empty range", { ...good, value_range: [1, 1] }, /value_range: must be \[low, high\]/],
    ["a short checksum", { ...good, predictor: { ...good.predictor, files: [{ ...file("p/model.json"), sha256: "12" }] } }, /predictor\.files\.0\.sha256: must be 64/],
    ["a path out of its folder", { ...good, predictor: { ...good.predictor, files: [file("../secret")] } }, /predictor\.files\.0\.path: must be a path inside/],
    ["an address of another server", { ...good, predictor: { ...good.predictor, files: [file("https://example.org/x")] } }, /path: must be a path inside/],
    ["a model that is not listed", { ...good, predictor: { ...good.predictor, model: "other.json" } }, /predictor: must list its model/],
    ["no object at all", [], /manifest\.json: /],
  ])("says what is wrong with %s", (_, value, message) => {
    expect(() => parseManifest(value)).toThrow(message);
  });
});

describe("parseSamples", () => {
  const sample = { id: "a", title: "A", file: "photos/a.jpg", thumb: "thumbs/a.jpg", credit: "NASA", license: "public domain" };
  it("accepts a list, and names a missing field", () => {
    expect(parseSamples({ photos: [sample], styles: [] }).photos).toHaveLength(1);
    expect(() => parseSamples({ photos: [{ ...sample, title: undefined }], styles: [] })).toThrow("samples.json: photos.0.title");
  });
});
