import { describe, expect, it } from "vitest";
import { parseSettings, settingsOf, withChosenSamples, withSettings } from "../../src/page/space/settings";
import * as s from "../../src/page/state";

const item = (id: string): s.Item => ({ id, title: id, thumb: "", credit: null });
const photos = [item("p1"), item("p2")];
const styles = [item("a"), item("b"), item("c")];
const empty = s.initialState("auto");
const used = s.setWrap(s.setPainter(s.setSize(s.setStroke(s.setStrength(s.setBlend(s.choosePhoto(s.withSamples(empty, photos, styles), "p2"), [{ id: "c", weight: 0.25 }, { id: "a", weight: 0.75 }]), 1.2), 2), Infinity), "fine"), true);
const kept = parseSettings(JSON.stringify(settingsOf(used, "wasm")));

describe("settings", () => {
  it("bring the same choices back", () => {
    const begun = withSettings(empty, kept);
    const opened = withChosenSamples(s.withSamples(begun, photos, styles), begun, kept);
    expect(opened).toMatchObject({ photoId: "p2", active: used.active, strength: 1.2, stroke: 2, size: Infinity, painter: "fine", wrap: true });
    expect(kept?.backend).toBe("wasm");
  });
  it("leave alone what was chosen while samples were fetched, and do without samples that are gone", () => {
    const own = s.addStyle(s.addPhoto(empty, item("mine")), item("my painting"));
    const opened = withChosenSamples(s.withSamples(own, photos, styles), own, kept);
    expect([opened.photoId, opened.active.map(({ id }) => id)]).toEqual(["mine", ["my painting"]]);
    const fewer = s.withSamples(empty, photos.slice(0, 1), styles.slice(0, 2));
    expect(withChosenSamples(fewer, empty, kept)).toMatchObject({ photoId: "p1", active: [{ id: "a", weight: 0.75 }] });
  });
  it("are nothing where nothing, or something else, was stored", () => {
    for (const text of [null, "", "{", "[]", '{"version":2}', JSON.stringify({ ...kept, strength: "much" }), JSON.stringify({ ...kept, backend: "abacus" })]) {
      expect(parseSettings(text)).toBeNull();
    }
    expect(withSettings(empty, null)).toBe(empty);
  });
  it("of before there were two painters, and pictures that wrap, are read", () => {
    const before = { ...settingsOf(used, "wasm"), painter: undefined, wrap: undefined };
    expect(withSettings(empty, parseSettings(JSON.stringify(before)))).toMatchObject({ strength: 1.2, painter: "auto", wrap: false });
  });
  it("are bounded as if the visitor had chosen them", () => {
    expect(withSettings(empty, kept && { ...kept, strength: 99, size: 1 })).toMatchObject({ strength: 1.5, size: 128 });
  });
});
