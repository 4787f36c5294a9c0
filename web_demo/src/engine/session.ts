/** The engine's life: one worker at a time, replaced where its backend fails, and what was asked of it asked again. */
import { CodedError, type BackendChoice, type BackendName, type LoadedModel, type Response } from "../shared/protocol";
import type { Move } from "./api";
import { Link, type Answer, type Asked, type Body, type RequestOptions } from "./link";
import { planAfter, type Loss } from "./recovery";
import { Superseded } from "./superseded";

export interface SessionOptions {
  /** Ends in a slash. */
  readonly modelUrl: string;
  readonly backend: BackendChoice;
  /** With `backend` "auto": the one to begin with. */
  readonly first?: BackendName | null;
  readonly largestRun: number | null;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly onMove?: ((move: Move) => void) | undefined;
}

interface Start {
  readonly backend: BackendChoice;
  readonly first: BackendName | null;
  readonly without: readonly BackendName[];
}

export class Session {
  private readonly losses: Loss[] = [];
  private current: Link | null = null;
  private link: Promise<Link>;
  private loaded: LoadedModel | null = null;
  private closed = false;
  /** Requests that are not answered yet, and since when there is none. */
  private asked = 0;
  private restsSince = performance.now();

  constructor(private readonly options: SessionOptions) {
    const { backend, first = null, onProgress } = options;
    this.link = this.open({ backend, first, without: [] }, onProgress);
  }

  /** What is loaded; throws before `ready`. */
  get model(): LoadedModel {
    if (this.loaded === null) throw new Error("the model has not been loaded");
    return this.loaded;
  }

  async ready(): Promise<LoadedModel> {
    await this.latest();
    return this.model;
  }

  /** The answer to a request, from the worker of today or from the one that takes its place. */
  async request<Kind extends Asked, Reply extends Response["kind"]>(
    kind: Kind,
    body: Body<Kind>,
    expected: Reply,
    options: RequestOptions = {},
  ): Promise<Answer<Reply>> {
    this.asked++;
    try {
      for (;;) {
        const link = await this.latest();
        try {
          return await link.request(kind, body, expected, options);
        } catch (error) {
          const code = error instanceof CodedError ? error.code : null;
          if (code !== "context-lost" && code !== "out-of-memory") throw error;
          if (!this.replace(link, this.model.backend, code)) throw error;
        }
      }
    } finally {
      this.asked--;
      this.restsSince = performance.now();
    }
  }

  /** For how long nothing has been asked for, in milliseconds. */
  restedMs(): number {
    return this.asked > 0 ? 0 : performance.now() - this.restsSince;
  }

  /** Goes on with another backend once that is ready; until then the present one paints. */
  async prefer(backend: BackendName): Promise<void> {
    const old = this.current;
    const from = this.model.backend;
    // A backend that was given up stays so.
    if (old === null || backend === from || this.losses.length > 0) return;
    const { link, loading } = this.launch({ backend, first: null, without: [] });
    const model = await loading;
    if (old !== this.current || model.backend !== backend) {
      link.end(new Superseded());
      return;
    }
    this.current = link;
    this.link = Promise.resolve(link);
    this.loaded = model;
    old.end(new CodedError("context-lost", "its worker was replaced"));
    this.options.onMove?.({ from, model, reason: "faster" });
  }

  /** Ends the worker at once; whatever was asked for is rejected as superseded. */
  close(): void {
    this.closed = true;
    this.current?.end(new Superseded());
    this.current = null;
  }

  /** The newest worker, once it is ready. */
  private async latest(): Promise<Link> {
    for (;;) {
      const link = this.link;
      try {
        return await link;
      } catch (error) {
        // A worker that was lost while it loaded has been replaced.
        if (link === this.link) throw error;
      }
    }
  }

  private open(start: Start, progress?: RequestOptions["progress"]): Promise<Link> {
    const { link, loading } = this.launch(start, progress);
    this.current = link;
    const opened = loading.then((model) => {
      this.loaded = model;
      return link;
    });
    // Told to whoever asks for the next answer.
    opened.catch(() => undefined);
    return opened;
  }

  private launch(start: Start, progress?: RequestOptions["progress"]): { link: Link; loading: Promise<LoadedModel> } {
    const link = new Link((lost, name) => {
      const goesOn = lost === this.current && this.replace(lost, name, "context-lost");
      // Who still waits for its answers would wait for ever.
      if (!goesOn) lost.end(new CodedError("context-lost", "the graphics processor is gone"));
    });
    const { modelUrl, largestRun } = this.options;
    const loading = link.load({ modelUrl, largestRun, ...start }, progress).catch((error: unknown) => {
      // A worker without a model would answer nothing, and hold its memory.
      link.end(error instanceof Error ? error : new Error(String(error)));
      throw error;
    });
    return { link, loading };
  }

  /** Goes on in another worker where `lost` is still the one in use; false where there is nothing to go on with. */
  private replace(lost: Link, from: BackendName, reason: Loss["reason"]): boolean {
    if (this.closed) return false;
    if (lost !== this.current) return true;
    this.losses.push({ backend: from, reason, at: performance.now() });
    const plan = planAfter(this.losses);
    if (plan === null) return false;
    // The visitor's choice stays one only where it is tried again: a software renderer is used by choice alone.
    const backend = plan.first === this.options.backend ? plan.first : "auto";
    lost.end(new CodedError("context-lost", "its worker was replaced"));
    const link = (this.link = this.open({ backend, ...plan }));
    void this.tell(link, from, reason);
    return true;
  }

  private async tell(link: Promise<Link>, from: BackendName, reason: Loss["reason"]): Promise<void> {
    try {
      await link;
    } catch {
      return;
    }
    if (!this.closed && link === this.link) this.options.onMove?.({ from, model: this.model, reason });
  }
}
