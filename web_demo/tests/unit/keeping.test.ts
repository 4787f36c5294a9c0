import { describe, expect, it } from "vitest";
import { blankMask, type Mask } from "../../src/shared/masks";
import { Bounded } from "../../src/page/keeping/bounded";
import { historyOf, masksOf, parseSession, sessionOf } from "../../src/page/keeping/session";
import { numberOf, setMasks } from "../../src/page/regions/regions";
import { addRegion } from "../../src/page/regions/regions";
import { choicesOf, EMPTY, record } from "../../src/page/space/history";
import * as s from "../../src/page/state";
import { RULES } from "./rules";

const item = (id: string, own = false): s.Item => ({ id, title: id, thumb: "", credit: null, ...(own && { own }) });
const start = s.withSamples(s.initialState("auto"), [item("p1"), item("mine", true), item("p2")], [item("a"), item("b"), item("c")]);

describe("a bounded map", () => {
  it("drops what was not used for longest, and keeps what is too heavy alone", () => {
    const dropped: string[] = [];
    const map = new Bounded<string>(10, (value) => dropped.push(value));
    map.set("a", "A", 4);
    map.set("b", "B", 4);
    expect(map.get("a")).toBe("A");
    map.set("c", "C", 4);
    expect([dropped, map.get("a"), map.get("b"), map.weight]).toEqual([["B"], "A", undefined, 8]);
    map.set("d", "D", 99);
    expect([dropped, map.get("d"), map.weight]).toEqual([["B", "C", "A"], "D", 99]);
    map.set("e", "E", 1);
    expect([map.get("d"), map.weight]).toEqual([undefined, 1]);
  });
  it("counts a value once that is put in again", () => {
    const map = new Bounded<number>(10);
    map.set("a", 1, 4);
    map.set("a", 2, 5);
    map.delete("none");
    expect([map.get("a"), map.weight]).toEqual([2, 5]);
  });
});

describe("a session", () => {
  const region = addRegion(start, { width: 400, height: 300 });
  const painted = setMasks(region, region.regions.masks.map((mask) => ({ ...mask, coverage: mask.coverage.map(() => 7) })));
  const strong = s.setSize(s.setStrength(painted, 0.3), Infinity);
  const history = [start, region, painted, strong].reduce((steps, state, i) => record(steps, choicesOf(state), i), EMPTY);
  const names = new Map<Mask, string>();
  const idOf = (mask: Mask): string => {
    const name = names.get(mask) ?? `m${names.size}`;
    names.set(mask, name);
    return name;
  };
  const session = sessionOf(history, 5, idOf);
  const read = parseSession(JSON.stringify(session));
  const masks = new Map([...names].map(([mask, name]) => [name, mask]));

  it("comes back with every step, masks and sizes beyond numbers too", () => {
    expect(read).not.toBeNull();
    const back = historyOf(read ?? session, masks);
    expect(back.past.map(({ strength }) => strength)).toEqual([1, 1, 1]);
    expect(back.present).toMatchObject({ strength: 0.3, size: Infinity, active: strong.active });
    expect(back.present.regions.masks).toEqual(strong.regions.masks);
    expect(back.past[1]?.regions.masks[0]?.coverage.every((value) => value === 0)).toBe(true);
    // Steps that share their masks still do, so that going between them is no new picture.
    expect(back.present.regions.masks).toBe(back.past[2]?.regions.masks);
    expect(masksOf(session)).toEqual(new Set(["m0", "m1"]));
  });
  it("leaves out steps whose masks are gone, and the present's regions", () => {
    const back = historyOf(session, new Map([...masks].filter(([name]) => name === "m0")));
    expect(back.past.map(({ regions }) => regions.masks.length)).toEqual([0, 1]);
    expect([back.present.regions.masks, back.present.strength]).toEqual([[], 0.3]);
  });
  it("is nothing where something else was stored", () => {
    const broken = { ...session, present: { ...session.present, selected: 9 } };
    for (const text of [null, "", "[]", JSON.stringify({ ...session, version: 2 }), JSON.stringify(broken)]) expect(parseSession(text)).toBeNull();
  });
});

describe("a picture that is taken away", () => {
  it("gives its place to the next photograph", () => {
    const chosen = s.choosePhoto(start, "mine");
    expect(s.removeItem(chosen, "mine")).toMatchObject({ photoId: "p2", photos: [item("p1"), item("p2")] });
    expect(s.removeItem(s.choosePhoto(start, "p1"), "mine").photoId).toBe("p1");
    expect(s.removeItem(s.removeItem(s.removeItem(start, "p1"), "p2"), "mine").photoId).toBeNull();
  });
  it("leaves the blend, and no region without a style", () => {
    const region = addRegion(start, { width: 4, height: 3 });
    expect(region.active).toEqual([{ id: "c", weight: 0.5 }]);
    expect(s.removeItem(region, "c")).toMatchObject({ active: [{ id: "a", weight: 0.5 }], styles: [item("a"), item("b")] });
    expect(s.removeItem(start, "a").active).toEqual([{ id: "b", weight: 0.5 }]);
    expect(s.removeItem(start, "none")).toBe(start);
  });
});

describe("pictures of before", () => {
  it("stand behind the samples, and before what was added meanwhile", () => {
    const added = s.addPhoto(s.initialState("auto"), item("new", true));
    const own = s.withOwn(added, [item("old", true)], [item("style", true)]);
    expect([own.photos.map(({ id }) => id), own.photoId]).toEqual([["old", "new"], "new"]);
    expect(s.withSamples(own, [item("p1")], [item("a")]).photos.map(({ id }) => id)).toEqual(["p1", "old", "new"]);
  });
});

describe("the number of a set of masks", () => {
  it("is never that of another, also after an undone stroke", () => {
    const [one, other] = [[blankMask({ width: 2, height: 2 })], [blankMask({ width: 2, height: 2 })]];
    expect(numberOf(one)).toBe(numberOf(one));
    expect(numberOf(other)).not.toBe(numberOf(one));
    expect([numberOf([]), numberOf([])]).toEqual([0, 0]);
  });
  it("tells a picture from that of a stroke that took an undone one's place", () => {
    const ready = s.setLoaded(addRegion(start, { width: 40, height: 30 }), { name: "", version: "", backend: "wasm", threads: 1, verified: true, rejected: [], embeddingSize: 1, earlier: false, painters: [], preprocessing: RULES, wholePixels: 1, fingerprint: "", styles: [] });
    const stroke = (): s.State => setMasks(ready, ready.regions.masks.map((mask) => ({ ...mask })));
    expect(s.wantedKey(stroke())).not.toBe(s.wantedKey(stroke()));
    expect(s.wantedKey(ready)).toBe(s.wantedKey({ ...ready }));
  });
});
