import { describe, expect, it } from "vitest";
import { planAfter, type Loss } from "../../src/engine/recovery";
import type { BackendName } from "../../src/shared/protocol";
import { candidates } from "../../src/worker/candidates";

const lost = (backend: BackendName, minutes: number): Loss => ({ backend, reason: "context-lost", at: minutes * 60_000 });
const short = (backend: BackendName): Loss => ({ backend, reason: "out-of-memory", at: 0 });

describe("planAfter", () => {
  it("starts a lost backend again once, then goes on with the next", () => {
    expect(planAfter([lost("webgl", 0)])).toEqual({ first: "webgl", without: [] });
    expect(planAfter([lost("webgl", 0), lost("webgl", 9)])).toEqual({ first: "wasm", without: ["webgl"] });
  });
  it("forgives a loss that was long ago", () => {
    expect(planAfter([lost("webgpu", 0), lost("webgpu", 11)])).toEqual({ first: "webgpu", without: [] });
    expect(planAfter([lost("webgpu", 0), lost("webgpu", 11), lost("webgpu", 12)])).toEqual({ first: "webgl", without: ["webgpu"] });
  });
  it("gives every backend its own second chance, and comes back to none that was left", () => {
    const losses = [lost("webgpu", 0), lost("webgpu", 1), lost("webgl", 2)];
    expect(planAfter(losses)).toEqual({ first: "webgl", without: ["webgpu"] });
    expect(planAfter([...losses, lost("webgl", 3)])).toEqual({ first: "wasm", without: ["webgpu", "webgl"] });
  });
  it("leaves a backend without memory at once, and stops where no other has more", () => {
    expect(planAfter([short("webgl")])).toEqual({ first: "wasm", without: ["webgl"] });
    expect(planAfter([short("wasm")])).toBeNull();
    expect(planAfter([])).toBeNull();
  });
});

describe("candidates", () => {
  it("come in the usual order unless something is preferred", () => {
    expect(candidates("auto", null, [])).toEqual(["webgpu", "webgl", "wasm", "cpu"]);
    expect(candidates("auto", "wasm", [])).toEqual(["wasm", "webgpu", "webgl", "cpu"]);
    expect(candidates("cpu", "wasm", [])).toEqual(["cpu", "wasm", "webgpu", "webgl"]);
  });
  it("never hold what is left out", () => {
    expect(candidates("auto", "wasm", ["webgl"])).toEqual(["wasm", "webgpu", "cpu"]);
    expect(candidates("webgl", null, ["webgl"])).toEqual(["webgpu", "wasm", "cpu"]);
  });
});
