/** The painters of one style space: the first, which every request can have at once, and further ones, fetched when they are wanted. */
import { fetchPainter, type ModelFiles } from "./model_files";
import type { Stylizer } from "./stylizer";

type Progress = (done: number, total: number) => void;

export class Painters {
  private readonly fetched = new Map<string, Promise<ModelFiles>>();
  private readonly further = new Map<string, Promise<Stylizer>>();

  /** @param tryOut Loads a painter from its files, and proves that the backend can compute it. */
  constructor(
    readonly first: Stylizer,
    private readonly files: ModelFiles,
    private readonly tryOut: (files: ModelFiles) => Promise<Stylizer>,
  ) {}

  /** Fetches the files of a further painter; computes nothing. */
  fetch(name: string, progress: Progress = () => undefined): Promise<ModelFiles> {
    return remembered(this.fetched, name, () => fetchPainter(this.files, name, progress));
  }

  /** The painter of that name, null for the first. */
  get(name: string | null): Promise<Stylizer> {
    if (name === null) return Promise.resolve(this.first);
    return remembered(this.further, name, () => this.fetch(name).then(this.tryOut));
  }

  dispose(): void {
    for (const painter of this.further.values()) void painter.then((stylizer) => stylizer.dispose()).catch(() => undefined);
    this.first.dispose();
  }
}

/** What was made under that name, or what `make` makes; what failed is tried again. */
function remembered<Value>(known: Map<string, Promise<Value>>, name: string, make: () => Promise<Value>): Promise<Value> {
  let value = known.get(name);
  if (value === undefined) {
    value = make();
    known.set(name, value);
    value.catch(() => known.delete(name));
  }
  return value;
}
