/** What the smoke run does in any browser, whatever drives it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Runs in the page; knows nothing of the test but what it is given. */
export type InPage<Given extends unknown[], Result> = (...given: Given) => Result;

export interface Visitor {
  open(address: string): Promise<void>;
  run<Given extends unknown[], Result>(inPage: InPage<Given, Result>, ...given: Given): Promise<Result>;
  /** Clicks it as a person would. */
  click(selector: string): Promise<void>;
  /** Keys by their names in KeyboardEvent.key, where the focus is. */
  press(selector: string, keys: readonly string[]): Promise<void>;
  /** Gives a file to an input. */
  upload(selector: string, file: string): Promise<void>;
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface BrowserKind {
  readonly name: string;
  /** The packages of Debian that have all it needs. */
  readonly packages: string;
  /** Null where it is not installed. */
  find(): string | null;
  /** @param home For everything that it keeps; downloads go to `downloads` in it. */
  visit(executable: string, home: Home): Promise<Visitor>;
}

/** A folder for a browser that begins with nothing and leaves nothing. */
export class Home {
  readonly folder = mkdtempSync(path.join(tmpdir(), "impasto-"));
  readonly downloads = path.join(this.folder, "downloads");

  /** Complete files that were downloaded, by name. */
  downloaded(): ReadonlyMap<string, Buffer> {
    if (!existsSync(this.downloads)) return new Map();
    const names = readdirSync(this.downloads).filter((name) => name.includes("-impasto-") && !/\.(part|wkdownload)$/.test(name));
    return new Map(names.map((name) => [name, readFileSync(path.join(this.downloads, name))]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The first of the commands that is installed. */
export function findCommand(...names: readonly string[]): string | null {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const all = names.flatMap((name) => (path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name))));
  return all.find((file) => existsSync(file)) ?? null;
}
