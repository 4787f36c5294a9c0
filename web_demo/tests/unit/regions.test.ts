import { describe, expect, it } from "vitest";
import * as r from "../../src/page/regions/regions";
import * as s from "../../src/page/state";
import { RULES } from "./rules";

const item = (id: string): s.Item => ({ id, title: id, thumb: "", credit: null });
const start = s.withSamples(s.initialState("auto"), [item("p1"), item("p2")], [item("a"), item("b"), item("c")]);
const photo = { width: 300, height: 200 };
const one = r.addRegion(start, photo);

describe("regions", () => {
  it("begin selected, in a style that no other layer has", () => {
    expect(one.regions).toMatchObject({ selected: 1, brushing: true });
    expect(one.active).toEqual([{ id: "c", weight: 0.5 }]);
    expect(r.layersOf(one)).toEqual([start.active, one.active]);
  });
  it("keep their styles while others are selected", () => {
    const changed = s.setWeight(r.selectLayer(s.toggleStyle(one, "a", true), 0), "b", 0.2);
    expect(r.layersOf(changed).map((layer) => layer.map(({ id, weight }) => [id, weight]))).toEqual([
      [["a", 0.5], ["b", 0.2]],
      [["c", 0.5], ["a", 0.5]],
    ]);
    expect(r.selectLayer(changed, 1).active.map(({ id }) => id)).toEqual(["c", "a"]);
  });
  it("that lost all their styles get the former ones back when another is selected", () => {
    const emptied = s.toggleStyle(one, "c", false);
    expect(emptied.active).toEqual([]);
    expect(r.layersOf(r.selectLayer(emptied, 0))[1]).toEqual([{ id: "c", weight: 0.5 }]);
  });
  it("are three at most, and can be removed", () => {
    const four = [1, 2, 3].reduce((state) => r.addRegion(state, photo), one);
    expect([four.regions.masks.length, four.regions.layers.length]).toEqual([3, 4]);
    const two = r.removeRegion(r.selectLayer(four, 2));
    expect([two.regions.masks.length, two.regions.layers.length, two.regions.selected]).toEqual([2, 3, 0]);
    expect(two.active).toEqual(start.active);
    expect(r.removeRegion(two)).toBe(two);
  });
  it("decide the picture with their styles and masks, not by which is selected", () => {
    const ready = s.setLoaded(one, { name: "", version: "", backend: "wasm", threads: 1, verified: true, rejected: [], embeddingSize: 1, earlier: false, painters: [], preprocessing: RULES, wholePixels: 1, fingerprint: "0123456789abcdef", styles: [] });
    expect(s.wantedKey(r.selectLayer(ready, 0))).toBe(s.wantedKey(ready));
    expect(s.wantedKey(r.setMasks(ready, [...ready.regions.masks]))).not.toBe(s.wantedKey(ready));
    expect(s.wantedKey(s.toggleStyle(ready, "a", true))).not.toBe(s.wantedKey(ready));
    expect(s.wantedKey(r.setBrush(ready, { radius: 0.2 }))).toBe(s.wantedKey(ready));
  });
  it("go with their photograph", () => {
    const other = s.choosePhoto(one, "p2");
    expect(other.regions.masks).toEqual([]);
    expect(other.active).toEqual(start.active);
  });
});
