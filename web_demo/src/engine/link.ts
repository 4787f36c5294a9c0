/** One worker, with the model in it: matches its answers to requests. */
import { CodedError, type BackendName, type LoadedModel, type Request, type Response } from "../shared/protocol";
import { Superseded } from "./superseded";

export type Answer<Kind extends Response["kind"]> = Extract<Response, { kind: Kind }>;
/** Requests that are answered. */
export type Asked = Exclude<Request["kind"], "cancel">;
export type Body<Kind extends Request["kind"]> = Omit<Extract<Request, { kind: Kind }>, "kind" | "id">;

export interface RequestOptions {
  /** Takes the request back where it has not begun, or between two tiles. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly smallerTiles?: ((side: number) => void) | undefined;
  /** What the worker takes rather than copies. */
  readonly transfer?: Transferable[] | undefined;
}

interface Pending extends RequestOptions {
  resolve(response: Response): void;
  reject(error: Error): void;
}

/** Of a message that did not arrive whole nothing is known, not even whose it was: whatever waits for an answer may wait for this one. */
function unreadable(): CodedError {
  return new CodedError("failed", "a message between the page and its worker could not be read");
}

export class Link {
  private readonly pending = new Map<number, Pending>();
  private readonly worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  private lastId = 0;
  private ended: Error | null = null;

  /** @param onLost Called where the graphics processor is lost; requests may never be answered then. */
  constructor(private readonly onLost: (link: Link, backend: BackendName) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<Response>) => this.receive(data);
    this.worker.onerror = (event) => this.fail(new CodedError("failed", event.message || "the worker could not be started"));
    // Chromium's workers have this event, but no `onmessageerror`.
    this.worker.addEventListener("messageerror", () => this.fail(unreadable()));
  }

  /** Loads the model; the first thing to ask for. */
  async load(body: Body<"load">, progress?: RequestOptions["progress"]): Promise<LoadedModel> {
    return (await this.request("load", body, "loaded", { progress })).model;
  }

  async request<Kind extends Asked, Reply extends Response["kind"]>(
    kind: Kind,
    body: Body<Kind>,
    expected: Reply,
    options: RequestOptions = {},
  ): Promise<Answer<Reply>> {
    if (this.ended !== null) throw this.ended;
    if (options.signal?.aborted === true) throw new Superseded();
    const id = ++this.lastId;
    const cancel = (): void => this.post({ kind: "cancel", id: ++this.lastId, target: id });
    options.signal?.addEventListener("abort", cancel, { once: true });
    try {
      const response = await new Promise<Response>((resolve, reject) => {
        this.pending.set(id, { ...options, resolve, reject });
        this.post({ kind, id, ...body } as unknown as Request, options.transfer);
      });
      if (response.kind !== expected) throw new CodedError("failed", `expected the answer ${expected}, received ${response.kind}`);
      return response as Answer<Reply>;
    } finally {
      // Still there where the request could not even be sent.
      this.pending.delete(id);
      options.signal?.removeEventListener("abort", cancel);
    }
  }

  /** Ends the worker at once; whatever was asked for, or will be, is rejected with `error`. */
  end(error: Error): void {
    this.ended = error;
    this.worker.terminate();
    this.fail(error);
  }

  private post(request: Request, transfer: Transferable[] = []): void {
    this.worker.postMessage(request, transfer);
  }

  private receive(response: Response): void {
    if (response.kind === "lost") {
      this.onLost(this, response.backend);
      return;
    }
    if (response.kind === "unreadable") {
      this.fail(unreadable());
      return;
    }
    const pending = this.pending.get(response.id);
    if (pending === undefined) return;
    if (response.kind === "progress") {
      pending.progress?.(response.done, response.total);
      return;
    }
    if (response.kind === "smaller-tiles") {
      pending.smallerTiles?.(response.side);
      return;
    }
    this.pending.delete(response.id);
    if (response.kind === "error") pending.reject(new CodedError(response.code, response.detail));
    else if (response.kind === "cancelled") pending.reject(new Superseded());
    else pending.resolve(response);
  }

  private fail(error: Error): void {
    for (const pending of this.pending.values()) pending.reject(error);
    this.pending.clear();
  }
}
