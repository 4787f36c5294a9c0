import { describe, expect, it } from "vitest";
import { Latest, Superseded } from "../../src/page/latest";

/** A task that ends when told to. */
function controlled<Value>(value: Value) {
  let finish: () => void = () => undefined;
  let signal: AbortSignal | undefined;
  const gate = new Promise<void>((resolve) => (finish = resolve));
  const task = async (given: AbortSignal): Promise<Value> => {
    signal = given;
    await gate;
    return value;
  };
  return { task, finish: () => finish(), started: () => signal !== undefined, aborted: () => signal?.aborted === true };
}

describe("Latest", () => {
  it("runs the first at once, the newest next, and none of those between", async () => {
    const queue = new Latest();
    const [first, second, third] = [controlled(1), controlled(2), controlled(3)];
    const results = [first, second, third].map(({ task }) => queue.run(task));
    const dropped = expect(results[1]).rejects.toBeInstanceOf(Superseded);
    expect([first.started(), second.started(), third.started()]).toEqual([true, false, false]);
    expect(first.aborted()).toBe(true);
    first.finish();
    expect(await results[0]).toBe(1);
    await dropped;
    third.finish();
    expect(await results[2]).toBe(3);
    expect([second.started(), third.aborted()]).toEqual([false, false]);
  });

  it("goes on after a task has failed", async () => {
    const queue = new Latest();
    await expect(queue.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await queue.run(() => Promise.resolve("fine"))).toBe("fine");
  });
});
