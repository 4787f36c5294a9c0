import { describe, expect, it } from "vitest";
import type { LoadedModel } from "../../src/shared/protocol";
import { RULES } from "./rules";
import { numbered, withModelStyles } from "../../src/page/model_styles";
import * as s from "../../src/page/state";

const item = (id: string): s.Item => ({ id, title: id, thumb: "", credit: null });
const model: LoadedModel = {
  name: "student",
  version: "1",
  backend: "wasm",
  threads: 1,
  verified: true,
  rejected: [],
  embeddingSize: 100,
  earlier: false, painters: [],
  preprocessing: RULES,
  wholePixels: 1048576,
  fingerprint: "0123456789abcdef",
  styles: [],
};
const start = s.withSamples(s.initialState("auto"), [item("p1"), item("p2")], [item("a"), item("b"), item("c")]);
const ready = s.setLoaded(start, model);

describe("samples", () => {
  it("start with the first photograph and two styles of equal weight", () => {
    expect(start.photoId).toBe("p1");
    expect(start.active).toEqual([
      { id: "a", weight: 0.5 },
      { id: "b", weight: 0.5 },
    ]);
  });
  it("that come late stand before the visitor's own, and change no choice", () => {
    const own = s.addStyle(s.addPhoto(s.initialState("auto"), item("mine")), item("my painting"));
    const both = s.withSamples(own, [item("p1")], [item("a"), item("b")]);
    expect(both.photos.map(({ id }) => id)).toEqual(["p1", "mine"]);
    expect(both.photoId).toBe("mine");
    expect(both.active.map(({ id }) => id)).toEqual(["my painting"]);
  });
});

describe("a model of its own styles", () => {
  const few = s.setLoaded(start, { ...model, styles: ["waves", "night"] });
  const settled = withModelStyles(few, (index) => `thumb ${index}`);
  it("has these in the place of all paintings, the first one chosen, at full strength", () => {
    expect(settled.styles.map(({ title, thumb }) => [title, thumb])).toEqual([["waves", "thumb 0"], ["night", "thumb 1"]]);
    expect(settled.active.map(({ id }) => id)).toEqual(["model-style-0"]);
    const recoloured = s.setColours(s.setStrength(few, 0.3), { recolour: true });
    const { strength, colours } = withModelStyles(recoloured, () => "");
    expect([strength, colours.recolour]).toEqual([1, false]);
  });
  it("keeps them whatever comes later, and is left alone where nothing did", () => {
    const chosen = s.toggleStyle(settled, "model-style-1", true);
    expect(withModelStyles(chosen, () => "")).toBe(chosen);
    const late = withModelStyles(s.addStyle(chosen, item("my painting")), () => "");
    expect(late.styles).toEqual(settled.styles);
    expect(late.active.map(({ id }) => id)).toEqual(["model-style-0", "model-style-1"]);
  });
  it("a model of any style keeps the paintings", () => {
    expect(withModelStyles(ready, () => "")).toBe(ready);
    expect(withModelStyles(start, () => "")).toBe(start);
  });
  it("a style's vector is 1 at its place", () => {
    expect([...numbered(1, 3)]).toEqual([0, 1, 0]);
  });
});

describe("toggleStyle", () => {
  it("adds and removes, keeping the weights of the others", () => {
    const more = s.toggleStyle(s.setWeight(ready, "a", 0.9), "c", true);
    expect(more.active.map(({ id, weight }) => [id, weight])).toEqual([["a", 0.9], ["b", 0.5], ["c", 0.5]]);
    expect(s.toggleStyle(more, "b", false).active.map(({ id }) => id)).toEqual(["a", "c"]);
  });
  it("does nothing for a style that is on already", () => {
    expect(s.toggleStyle(ready, "a", true)).toBe(ready);
  });
  it("leaves no picture when the last one goes", () => {
    const painted = s.setPainted(ready, { width: 1, height: 1, ms: 1, painter: "fast" });
    const none = s.toggleStyle(s.toggleStyle(painted, "a", false), "b", false);
    expect(none.painted).toBeNull();
    expect(s.wantedKey(none)).toBeNull();
  });
});

describe("setBlend", () => {
  it("replaces the whole blend by styles of the gallery", () => {
    const blend = [{ id: "c", weight: 0.75 }, { id: "gone", weight: 0.1 }, { id: "a", weight: 7 }];
    expect(s.setBlend(ready, blend).active).toEqual([{ id: "c", weight: 0.75 }, { id: "a", weight: 1 }]);
    expect(s.setBlend(ready, [{ id: "gone", weight: 1 }])).toBe(ready);
  });
});

describe("limits", () => {
  it("hold for strength, weight and size", () => {
    expect(s.setStrength(ready, 1.7).strength).toBe(1.5);
    expect(s.setStrength(ready, -1).strength).toBe(0);
    expect(s.setWeight(ready, "a", -1).active[0]?.weight).toBe(0);
    expect(s.setSize(ready, Infinity).size).toBe(Infinity);
    expect(s.setSize(ready, 1).size).toBe(128);
  });
});

describe("a large picture", () => {
  const large = s.setTiles(s.setPainting(s.setSize(ready, Infinity), true), 3, 20);
  it("tells its tiles until it is painted", () => {
    expect(large.tiles).toEqual({ done: 3, total: 20 });
    expect(s.setPainting(large, false).tiles).toBeNull();
    expect(s.startLoading(large, "wasm").tiles).toBeNull();
    expect(s.setTiles(ready, 1, 2)).toBe(ready);
  });
  it("is given up for one that is painted at once", () => {
    const { size } = s.cancelTiles(large);
    expect(size).toBe(384);
    expect(s.wantedKey(s.cancelTiles(large))).not.toBe(s.wantedKey(large));
  });
});

describe("setPhotoSize", () => {
  it("is for the chosen photograph only, and forgotten with the next", () => {
    const known = s.setPhotoSize(ready, "p1", { width: 30, height: 20 });
    expect(known.photoSize).toEqual({ width: 30, height: 20 });
    expect(s.setPhotoSize(ready, "p2", { width: 30, height: 20 })).toBe(ready);
    expect(s.choosePhoto(known, "p2").photoSize).toBeNull();
  });
});

describe("wantedKey", () => {
  it("is null until there is a model, and while another one loads", () => {
    expect(s.wantedKey(start)).toBeNull();
    expect(s.wantedKey(s.startLoading(ready, "webgl"))).toBeNull();
  });
  it("changes with everything that changes the picture, and with nothing else", () => {
    const key = s.wantedKey(ready);
    for (const other of [
      s.choosePhoto(ready, "p2"),
      s.setWeight(ready, "a", 0.1),
      s.setStrength(ready, 0.5),
      s.setSize(ready, 256),
      s.setSize(ready, Infinity),
      s.setLoaded(ready, { ...model, backend: "webgl" }),
    ]) {
      expect(s.wantedKey(other)).not.toBe(key);
    }
    expect(s.wantedKey(s.setMessage(s.setPainting(ready, true), { tone: "note", text: "x" }))).toBe(key);
  });
});

describe("store", () => {
  it("tells listeners now and on change only", () => {
    const store = s.createStore(ready);
    const seen: number[] = [];
    store.subscribe(({ size }) => seen.push(size));
    store.update((state) => state);
    store.update((state) => s.setSize(state, 512));
    expect(seen).toEqual([384, 512]);
  });
});
