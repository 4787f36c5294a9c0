/** A map with a bound on what its values weigh: what was not used for longest goes first. Pure. */
export class Bounded<Value> {
  /** In the order of use, the latest last. */
  private readonly entries = new Map<string, { readonly value: Value; readonly weight: number }>();
  private total = 0;

  /** @param onDrop Called with every value that is dropped or taken out. */
  constructor(
    private readonly capacity: number,
    private readonly onDrop: (value: Value) => void = () => undefined,
  ) {}

  /** What all values weigh together. */
  get weight(): number {
    return this.total;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** Keeps `value`, whatever it weighs, and drops others until all fit. */
  set(key: string, value: Value, weight: number): void {
    this.delete(key);
    this.entries.set(key, { value, weight });
    this.total += weight;
    for (const other of this.entries.keys()) {
      if (this.total <= this.capacity || other === key) break;
      this.delete(other);
    }
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.total -= entry.weight;
    this.onDrop(entry.value);
  }
}
