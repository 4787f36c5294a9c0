import { describe, expect, it } from "vitest";
import { Recent } from "../../src/worker/recent";

describe("Recent", () => {
  const counting = (capacity: number) => {
    const computed: number[] = [];
    const recent = new Recent<number>(capacity);
    const get = (first: number): Promise<number> =>
      recent.get(Float32Array.of(first, 1), () => {
        computed.push(first);
        return Promise.resolve(10 * first);
      });
    return { computed, get };
  };

  it("computes a vector once", async () => {
    const { computed, get } = counting(2);
    expect([await get(1), await get(1), await get(2), await get(1)]).toEqual([10, 10, 20, 10]);
    expect(computed).toEqual([1, 2]);
  });

  it("forgets the one that was used longest ago", async () => {
    const { computed, get } = counting(2);
    for (const first of [1, 2, 1, 3, 1, 2]) await get(first);
    expect(computed).toEqual([1, 2, 3, 2]);
  });

  it("keeps no failure, and no reference to the caller's vector", async () => {
    const recent = new Recent<number>(2);
    const vector = Float32Array.of(1);
    await expect(recent.get(vector, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await recent.get(vector, () => Promise.resolve(1))).toBe(1);
    vector[0] = 2;
    expect(await recent.get(vector, () => Promise.resolve(2))).toBe(2);
  });
});
