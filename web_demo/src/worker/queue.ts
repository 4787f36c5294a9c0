/** One request after the other, each of which can be cancelled before it begins and wherever it looks. */

/** The request was cancelled. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Lets messages in that have arrived meanwhile; throws `Cancelled` where one of them cancels the request. */
export type Checkpoint = () => Promise<void>;

export class RequestQueue<Item extends { readonly id: number }> {
  private tail: Promise<void> = Promise.resolve();
  /** Received and not yet answered. */
  private readonly open = new Set<number>();
  private readonly cancelled = new Set<number>();

  /** @param handle Answers one request. Where it rejects nevertheless, the next one has its turn all the same. */
  constructor(private readonly handle: (item: Item, checkpoint: Checkpoint) => Promise<void>) {}

  push(item: Item): void {
    this.open.add(item.id);
    const run = (): Promise<void> => this.run(item);
    this.tail = this.tail.then(run, run);
  }

  /** Does nothing for a request that has been answered. */
  cancel(id: number): void {
    if (this.open.has(id)) this.cancelled.add(id);
  }

  private async run(item: Item): Promise<void> {
    const checkpoint = async (): Promise<void> => {
      // Messages are delivered between two turns of the event loop only.
      await new Promise((resolve) => setTimeout(resolve));
      if (this.cancelled.has(item.id)) throw new Cancelled();
    };
    try {
      await this.handle(item, checkpoint);
    } finally {
      this.open.delete(item.id);
      this.cancelled.delete(item.id);
    }
  }
}
