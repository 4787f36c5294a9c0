import { describe, expect, it } from "vitest";
import { contenders, fastest, recall, type Remembered } from "../../src/page/fastest";

const found: Remembered = { agent: "this browser", version: "1", backend: "webgl", timings: [{ backend: "webgl", ms: 12 }] };

describe("recall", () => {
  it("holds for the browser that measured", () => {
    expect(recall(JSON.stringify(found), "this browser")).toEqual(found);
    expect(recall(JSON.stringify(found), "its next version")).toBeNull();
  });
  it("takes nothing for what is not a measurement", () => {
    for (const kept of [null, "", "{", "7", JSON.stringify({ ...found, backend: "auto" }), JSON.stringify({ ...found, timings: 1 })]) {
      expect(recall(kept, "this browser")).toBeNull();
    }
  });
});

describe("contenders", () => {
  it("are those that were not rejected, and never plain JavaScript", () => {
    expect(contenders({ rejected: [] })).toEqual(["webgpu", "webgl", "wasm"]);
    expect(contenders({ rejected: [{ backend: "webgpu", reason: "" }, { backend: "webgl", reason: "" }] })).toEqual(["wasm"]);
  });
});

describe("fastest", () => {
  it("is the one of the shortest time, where there is any", () => {
    const timings = [{ backend: "webgpu", ms: 30 }, { backend: "webgl", ms: 8 }, { backend: "wasm", ms: 20 }] as const;
    expect(fastest(timings)).toBe("webgl");
    expect(fastest([])).toBeNull();
  });
});
