import { describe, expect, it } from "vitest";
import { decodeStyle, encodeStyle, ShareError } from "../../src/page/space/share_code";
import { parseStyleFile, writeStyleFile } from "../../src/page/space/style_file";
import { cachedVector, keyOf } from "../../src/page/space/vector_cache";

const MODEL = "0123456789abcdef";
const vector = Float32Array.from({ length: 100 }, (_, i) => 3 * Math.sin(i * i + 1));
const code = encodeStyle({ vector, strength: 1.37 }, MODEL);

/** What `act` throws, as the problem's name. */
function problem(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof ShareError ? error.problem : String(error);
  }
  return "none";
}

describe("a style as text", () => {
  it("comes back within a 65 thousandth of its range, in less than 300 characters", () => {
    const { vector: back, strength } = decodeStyle(code, MODEL, 100);
    const largest = Math.max(...vector.map(Math.abs));
    back.forEach((value, i) => expect(Math.abs(value - (vector[i] ?? NaN))).toBeLessThanOrEqual((0.51 * largest) / 32_767));
    expect(strength).toBe(1.37);
    expect(code.length).toBeLessThan(300);
    expect(code).toMatch(/^[\w-]+$/);
  });
  it("may be all zeros", () => {
    const zeros = encodeStyle({ vector: new Float32Array(3), strength: 0 }, MODEL);
    expect([...decodeStyle(zeros, MODEL, 3).vector]).toEqual([0, 0, 0]);
  });
  it("is refused where it was cut, changed, or is something else", () => {
    for (const bad of ["", "!", "abc", code.slice(0, -4), code.slice(4), `${code}AAAA`, code.replace(code.charAt(90), code.charAt(90) === "A" ? "B" : "A")]) {
      expect(problem(() => decodeStyle(bad, MODEL, 100))).toBe("damaged");
    }
  });
  it("is refused where another model made it, or it has another length", () => {
    expect(problem(() => decodeStyle(code, "fedcba9876543210", 100))).toBe("model");
    expect(problem(() => decodeStyle(code, MODEL, 64))).toBe("damaged");
  });
});

describe("a style as a file", () => {
  it("comes back", () => {
    expect(parseStyleFile(writeStyleFile("Mine", "student", code))).toMatchObject({ title: "Mine", code, model: "student" });
  });
  it("is refused where it is something else, or from a newer page", () => {
    expect(problem(() => parseStyleFile("no JSON"))).toBe("damaged");
    expect(problem(() => parseStyleFile("{}"))).toBe("damaged");
    expect(problem(() => parseStyleFile(writeStyleFile("x", "y", code).replace('"version": 1', '"version": 2')))).toBe("version");
  });
});

describe("remembered vectors", () => {
  const image = (value: number, width = 2) => ({ width, height: 1, data: new Uint8ClampedArray(4 * width).fill(value) });
  it("are told apart by pixels, size and model", async () => {
    const keys = [await keyOf(image(1), "a"), await keyOf(image(2), "a"), await keyOf(image(1), "b"), await keyOf(image(1, 3), "a")];
    expect(new Set(keys).size).toBe(4);
    expect(await keyOf(image(1), "a")).toBe(keys[0]);
  });
  it("are computed where nothing can be kept, as here", async () => {
    expect([...(await cachedVector(image(1), "a", () => Promise.resolve(Float32Array.of(1, 2))))]).toEqual([1, 2]);
  });
});
