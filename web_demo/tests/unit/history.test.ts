import { describe, expect, it } from "vitest";
import * as r from "../../src/page/regions/regions";
import { choicesOf, EMPTY, record, redo, undo, withChoices, type History } from "../../src/page/space/history";
import * as s from "../../src/page/state";
import { stroke } from "../../src/shared/brush";
import { isBlank } from "../../src/shared/masks";

const item = (id: string): s.Item => ({ id, title: id, thumb: "", credit: null });
const start = s.withSamples(s.initialState("auto"), [item("p1"), item("p2")], [item("a"), item("b"), item("c")]);
const opened = record(EMPTY, choicesOf(start), 0);
const after = (history: History, state: s.State, gesture: number): History => record(history, choicesOf(state), gesture);

describe("record", () => {
  it("does not count what the page does by itself", () => {
    expect(opened.past).toEqual([]);
    expect(after(opened, s.setStrength(start, 0.5), 0).past).toEqual([]);
    expect(record(EMPTY, choicesOf(start), 3).past).toEqual([]);
  });
  it("makes one step of a drag, and another of the next", () => {
    let history = opened;
    for (const strength of [0.9, 0.8, 0.7]) history = after(history, s.setStrength(start, strength), 1);
    expect(history.past).toEqual([choicesOf(start)]);
    history = after(history, s.setStrength(start, 0.2), 2);
    expect(history.past.map(({ strength }) => strength)).toEqual([1, 0.7]);
  });
  it("ignores what changes no choice", () => {
    expect(after(opened, s.setPainting(start, true), 5)).toBe(opened);
  });
  it("forgets the oldest of very many steps", () => {
    let history = opened;
    for (let i = 1; i <= 300; i++) history = after(history, s.setStrength(start, i / 300), i);
    expect(history.past).toHaveLength(100);
  });
});

describe("undo and redo", () => {
  const two = after(after(opened, s.setStrength(start, 0.5), 1), s.choosePhoto(s.setStrength(start, 0.5), "p2"), 2);
  it("go back and forth over everything that decides the picture", () => {
    expect(undo(two).present).toEqual({ ...choicesOf(start), strength: 0.5 });
    expect(undo(undo(two)).present).toEqual(choicesOf(start));
    expect(redo(undo(two)).present).toEqual(two.present);
    expect(redo(redo(undo(undo(two)))).past).toEqual(two.past);
  });
  it("go over colours too", () => {
    const kept = after(opened, s.setColours(start, { keep: true }), 1);
    expect(undo(kept).present.colours.keep).toBe(false);
    expect(withChoices(start, kept.present).colours.keep).toBe(true);
  });
  it("do nothing where there is nothing more", () => {
    expect(undo(opened)).toBe(opened);
    expect(redo(two)).toBe(two);
  });
  it("a new step ends what could be redone, and is one of its own", () => {
    const other = after(undo(two), s.setStrength(start, 0.1), 2);
    expect(other.future).toEqual([]);
    expect(undo(other).present.strength).toBe(0.5);
  });
});

describe("withChoices", () => {
  const ready = s.setPainted(s.setPhotoSize(start, "p1", { width: 3, height: 2 }), { width: 3, height: 2, ms: 1, painter: "fast" });
  it("keeps the shown picture for the same photograph only", () => {
    expect(withChoices(ready, { ...choicesOf(ready), strength: 0.3 })).toMatchObject({ strength: 0.3, painted: ready.painted });
    expect(withChoices(ready, { ...choicesOf(ready), photoId: "p2" })).toMatchObject({ photoId: "p2", painted: null, photoSize: null });
    expect(withChoices(ready, { ...choicesOf(ready), active: [] }).painted).toBeNull();
  });
  it("leaves out what is not in the galleries", () => {
    const gone = withChoices(ready, { ...choicesOf(ready), photoId: "gone", active: [{ id: "gone", weight: 1 }, { id: "c", weight: 1 }] });
    expect(gone.photoId).toBe("p1");
    expect(gone.active).toEqual([{ id: "c", weight: 1 }]);
  });
});

describe("masks that are undone", () => {
  it("never pass for others: what is painted next in their place has a number of its own, and redo finds the former one", () => {
    const photo = { width: 40, height: 20 };
    const bare = r.addRegion(start, photo);
    const brush = { radius: 0.2, feather: 0.5, erase: false };
    const painted = (x: number): s.State => r.setMasks(bare, stroke(bare.regions.masks, 0, { x, y: 0.5 }, { x, y: 0.5 }, brush));
    const number = (history: History): number => r.numberOf(history.present.regions.masks);
    const begun = record(EMPTY, choicesOf(bare), 0);
    const left = record(begun, choicesOf(painted(0.2)), 1);
    const right = record(undo(left), choicesOf(painted(0.8)), 2);
    const again = record(undo(right), choicesOf(painted(0.2)), 3);
    const numbers = [begun, left, right, again].map(number);
    expect(new Set(numbers).size).toBe(4);
    expect([undo(left), undo(right), undo(again)].map(number)).toEqual([numbers[0], numbers[0], numbers[0]]);
    expect([redo(undo(left)), redo(undo(right))].map(number)).toEqual([numbers[1], numbers[2]]);
    expect(withChoices(start, undo(right).present).regions.masks.every(isBlank)).toBe(true);
  });
});
