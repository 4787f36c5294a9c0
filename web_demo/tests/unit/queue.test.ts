import { describe, expect, it } from "vitest";
import { Cancelled, RequestQueue, type Checkpoint } from "../../src/worker/queue";

/** A queue whose requests look three times; what happened is written down. */
function recording() {
  const events: string[] = [];
  let during: (step: number) => void = () => undefined;
  const finished: (() => void)[] = [];
  const handle = async ({ id }: { id: number }, checkpoint: Checkpoint): Promise<void> => {
    try {
      for (let step = 0; step < 3; step++) {
        await checkpoint();
        events.push(`${id}.${step}`);
        during(step);
      }
      events.push(`${id} done`);
    } catch (error) {
      events.push(`${id} ${error instanceof Cancelled ? "cancelled" : String(error)}`);
    }
    finished.shift()?.();
  };
  const queue = new RequestQueue(handle);
  const push = (id: number): Promise<void> =>
    new Promise((resolve) => {
      finished.push(resolve);
      queue.push({ id });
    });
  return { queue, events, push, onStep: (listener: (step: number) => void) => (during = listener) };
}

describe("RequestQueue", () => {
  it("answers one request after the other", async () => {
    const { events, push } = recording();
    await Promise.all([push(1), push(2)]);
    expect(events).toEqual(["1.0", "1.1", "1.2", "1 done", "2.0", "2.1", "2.2", "2 done"]);
  });

  it("goes on after a request that failed where it must not", async () => {
    const answered: number[] = [];
    const finished = new Promise<void>((resolve) => {
      const queue = new RequestQueue(({ id }: { id: number }) => {
        answered.push(id);
        if (id === 2) resolve();
        return id === 1 ? Promise.reject(new Error("no answer")) : Promise.resolve();
      });
      queue.push({ id: 1 });
      queue.push({ id: 2 });
    });
    await finished;
    expect(answered).toEqual([1, 2]);
  });

  it("drops what has not begun", async () => {
    const { queue, events, push } = recording();
    const both = [push(1), push(2)];
    queue.cancel(2);
    await Promise.all(both);
    expect(events).toEqual(["1.0", "1.1", "1.2", "1 done", "2 cancelled"]);
  });

  it("stops what has begun where it looks, on a message that came meanwhile", async () => {
    const { queue, events, push, onStep } = recording();
    onStep((step) => {
      // As a message to the worker would: not before the next turn of the event loop.
      if (step === 1) setTimeout(() => queue.cancel(1));
    });
    const first = push(1);
    await first;
    onStep(() => undefined);
    await push(2);
    expect(events).toEqual(["1.0", "1.1", "1 cancelled", "2.0", "2.1", "2.2", "2 done"]);
  });

  it("forgets a cancellation that comes too late", async () => {
    const { queue, events, push } = recording();
    await push(1);
    queue.cancel(1);
    await push(1);
    expect(events.filter((event) => event === "1 done")).toHaveLength(2);
  });
});
