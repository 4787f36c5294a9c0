/** What the runner (run.mjs) and the page say to each other. */

export type BackendName = "wasm" | "wasm-threads" | "webgl" | "webgpu";

/** One graph model and its tensors' names. */
export interface Graph {
  readonly url: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Absent: the graph's only output. */
  readonly output?: string;
}

/** A transformer: `content` [1, H, W, 3] in [0, 1] and `vector` (the style) to a picture. */
export interface Contestant {
  readonly name: string;
  readonly transformer: Graph;
  readonly vectorShape: readonly number[];
  /** Style picture to `vector`, for an export; a bare graph is given random numbers. */
  readonly style?: { readonly predictor: Graph; readonly conditioning: Graph; readonly size: number };
}

export interface Pictures {
  /** Addresses; null: random pixels. */
  readonly content: string | null;
  readonly style: string | null;
}

/** Milliseconds of every run, by who ran. */
export type Times = Record<string, number[]>;

export interface KernelTime {
  readonly kernel: string;
  readonly detail: string;
  readonly calls: number;
  readonly milliseconds: number;
}

export interface ColdStart {
  /** Fetching and parsing the transformer, and its first picture. */
  readonly load: number;
  readonly firstRun: number;
  /** Loading predictor and conditioning, and the style's vector from the first style picture. */
  readonly style: number | null;
}

export interface Bench {
  activate(backend: BackendName): Promise<string>;
  load(contestants: readonly Contestant[], pictures: Pictures): Promise<void>;
  /** Interleaved runs, until `rounds` or, past three rounds, `seconds` are over. Convolutions of `bare` are run alone too. */
  measure(size: number, rounds: number, seconds: number, bare: readonly string[]): Promise<Times>;
  /** Predictor and conditioning. */
  measureStyle(name: string, rounds: number): Promise<number[]>;
  profile(name: string, size: number): Promise<KernelTime[]>;
  coldStart(contestant: Contestant, pictures: Pictures, size: number): Promise<ColdStart>;
}
