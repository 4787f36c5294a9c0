/** The last few values that were computed from a vector. */
export class Recent<Value> {
  private readonly entries: { readonly vector: Float32Array; readonly value: Value }[] = [];

  constructor(private readonly capacity: number) {}

  /** The value of `vector`, from `compute` where it is not one of the last few. A failure is not kept. */
  async get(vector: Float32Array, compute: () => Promise<Value>): Promise<Value> {
    const index = this.entries.findIndex((entry) => equal(entry.vector, vector));
    const [found] = index < 0 ? [] : this.entries.splice(index, 1);
    const entry = found ?? { vector: vector.slice(), value: await compute() };
    this.entries.unshift(entry);
    this.entries.length = Math.min(this.entries.length, this.capacity);
    return entry.value;
  }
}

function equal(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
