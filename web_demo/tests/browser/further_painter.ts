/** A larger painter for the page, whatever the build has: the first one's graphs, with other weights. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { BrowserContext, Route } from "playwright-core";

const MODEL = new URL("../../dist/model/", import.meta.url);

interface Entry {
  readonly model: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}
type Manifest = Readonly<Record<"conditioning" | "transformer" | "predictor", Entry>>;

/** The files of the painter, by their names in the model's folder. */
function filesOf(manifest: Manifest): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const moved = (name: "conditioning" | "transformer"): Entry => ({
    ...manifest[name],
    model: `fine/${manifest[name].model}`,
    files: manifest[name].files.map(({ path }) => {
      let content = readFileSync(new URL(path, MODEL));
      // Every gamma and beta with the other sign: another picture.
      if (name === "conditioning" && path.endsWith(".bin")) content = Buffer.from(content.map((byte, i) => (i % 2 === 1 ? byte ^ 0x80 : byte)));
      found.set(`fine/${path}`, content);
      return { path: `fine/${path}`, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
    }),
  });
  const own = { ...manifest, painters: [], conditioning: moved("conditioning"), transformer: moved("transformer") };
  return found.set("fine/manifest.json", Buffer.from(JSON.stringify(own)));
}

export interface Further {
  /** What was asked for below model/fine/. */
  readonly asked: string[];
  /** Answers are held back until this is called. */
  release(): void;
  /** Whether the server has lost the painter's files. */
  lost: boolean;
}

/** Serves the painter beside the built model; its files are held back until `release`. */
export async function serveFurther(context: BrowserContext): Promise<Further> {
  const manifest = JSON.parse(readFileSync(new URL("manifest.json", MODEL), "utf8")) as Manifest;
  const files = filesOf(manifest);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const further: Further = { asked: [], release, lost: false };
  // A service worker would keep the build's own files, and answer with them.
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
  await context.route("**/model/manifest.json", (route) => route.fulfill({ json: { ...manifest, painters: ["fine"] } }));
  await context.route("**/model/fine/**", async (route: Route) => {
    const name = new URL(route.request().url()).pathname.replace(/^.*\/model\//, "");
    further.asked.push(name);
    const body = files.get(name);
    if (name !== "fine/manifest.json") await released;
    if (body === undefined || further.lost) await route.fulfill({ status: 404, body: "" });
    else await route.fulfill({ body, contentType: name.endsWith(".json") ? "application/json" : "application/octet-stream" });
  });
  return further;
}
