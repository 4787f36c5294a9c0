/** Pictures as pixels: read and reduced in a worker of their own, by the filters that Python has too. */
import { styleFit, type Size } from "../shared/geometry";
import type { StyleRules } from "../shared/preprocessing";
import type { Photograph, ReadAnswer, ReadRequest } from "../shared/reading";
import { PHOTOGRAPHS } from "../shared/resample";
import { PictureError } from "./pictures";
import { pictureErrors } from "./strings";

interface Asked {
  resolve(answer: ReadAnswer): void;
  reject(error: Error): void;
}

let worker: Worker | null = null;
let lastId = 0;
const asked = new Map<number, Asked>();

/** `bitmap`, which is taken, in a size that is no larger. `extend`: see `ReadRequest`; else it lies on white. */
export function read(bitmap: ImageBitmap, size: Size, extend: boolean): Promise<Photograph> {
  return ask(bitmap, { cut: { left: 0, top: 0, width: bitmap.width, height: bitmap.height }, size, resampling: PHOTOGRAPHS, extend });
}

/** `bitmap`, which is taken, as the style predictor is shown it. */
export function readStyle(bitmap: ImageBitmap, rules: StyleRules, extend = false): Promise<Photograph> {
  return ask(bitmap, { ...styleFit(bitmap, rules), resampling: rules.resampling, extend });
}

/** Starts the worker, so that it is there when the first picture is. */
export function prepareReading(): void {
  worker ??= started();
}

async function ask(bitmap: ImageBitmap, wish: Omit<ReadRequest, "id" | "bitmap">): Promise<Photograph> {
  prepareReading();
  const id = ++lastId;
  const request: ReadRequest = { id, bitmap, ...wish };
  const { photograph, falsified, error } = await new Promise<ReadAnswer>((resolve, reject) => {
    asked.set(id, { resolve, reject });
    worker?.postMessage(request, [bitmap]);
  });
  if (falsified) throw new PictureError(pictureErrors.falsified);
  if (photograph === null) throw new Error(error);
  return photograph;
}

function started(): Worker {
  const begun = new Worker(new URL("../worker/reading.ts", import.meta.url), { type: "module" });
  begun.onmessage = ({ data }: MessageEvent<ReadAnswer>) => {
    asked.get(data.id)?.resolve(data);
    asked.delete(data.id);
  };
  // What was asked for will not be answered; what is asked for next has a worker of its own.
  const fail = (why: string): void => {
    begun.terminate();
    if (worker === begun) worker = null;
    for (const one of asked.values()) one.reject(new Error(why));
    asked.clear();
  };
  begun.onerror = (event) => fail((event.message || "").replace(/^Uncaught \w*Error: /, "") || "the worker that reads pictures could not be started");
  begun.addEventListener("messageerror", () => fail("a picture on its way to its worker could not be read"));
  return begun;
}
