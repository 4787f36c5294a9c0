/** A queue of one: while a task runs at most one more waits, and the newest always takes its place. */

import { Superseded } from "../engine/superseded";

export { Superseded };

interface Waiting {
  start(): void;
  drop(): void;
}

export class Latest {
  private running: AbortController | null = null;
  private waiting: Waiting | null = null;

  /**
   * Runs `task` once the running one has ended, unless a newer call comes first: then the promise rejects with
   * `Superseded`. The signal tells a running task that a newer one waits; it may stop (throw) or finish.
   */
  run<Result>(task: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting?.drop();
      this.waiting = {
        start: () => {
          const controller = new AbortController();
          this.running = controller;
          task(controller.signal)
            .then(resolve, reject)
            .finally(() => {
              this.running = null;
              this.next();
            });
        },
        drop: () => reject(new Superseded()),
      };
      if (this.running) this.running.abort();
      else this.next();
    });
  }

  private next(): void {
    const next = this.waiting;
    this.waiting = null;
    next?.start();
  }
}
