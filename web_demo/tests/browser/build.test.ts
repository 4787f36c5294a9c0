/** What the built files must hold to so that every engine runs them; they are read, and no browser is needed. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "vite";
import { expect, it } from "vitest";

const DIST = path.resolve(import.meta.dirname, "../../dist");
const scripts = readdirSync(DIST, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));

interface Script {
  /** Paths below dist of what it imports, at once or later. */
  readonly imports: readonly string[];
  /** What it starts workers from: paths below dist, and null where that is not a file (a blob). */
  readonly workers: readonly (string | null)[];
  readonly statements: readonly string[];
}

function read(name: string): Script {
  const code = readFileSync(path.join(DIST, name), "utf8");
  const beside = (address: string): string => path.posix.join(path.posix.dirname(name), address);
  const program = parseAst(code);
  const imports: string[] = [];
  const workers: (string | null)[] = [];
  walk(program, (node) => {
    const { source } = node;
    if (isNode(source) && /^(Import|Export)/.test(node.type)) {
      if (typeof source["value"] !== "string") throw new Error(`${name} imports what is not a name, at ${source.start}`);
      imports.push(beside(source["value"]));
    }
    if (node.type === "NewExpression" && isNode(node["callee"]) && node["callee"]["name"] === "Worker") {
      const file = /new URL\("([^"]+\.js)"/.exec(code.slice(node.start, node.end))?.[1];
      workers.push(file === undefined ? null : beside(file));
      if (file === undefined) expect(code.slice(node.start, node.end), `${name}: a worker of unknown kind`).not.toContain("module");
    }
  });
  return { imports, workers, statements: program.body.map(({ type }) => type) };
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) value.forEach((item) => walk(item, visit));
  else if (isNode(value)) {
    visit(value);
    Object.values(value).forEach((item) => walk(item, visit));
  }
}

it("no file imports a worker's entry, which WebKit would evaluate a second time", () => {
  const all = new Map(scripts.map((name) => [name, read(name)]));
  const entries = [...all.values()].flatMap(({ workers }) => workers).filter((name) => name !== null);
  // Ours; the other workers are classic scripts from blobs (TensorFlow.js's threads, Mediabunny's), which nothing can import.
  expect(entries.map((name) => name.replace(/-[\w-]+\.js$/, "")).sort()).toEqual(["engine/gif", "engine/reading", "engine/worker"]);
  for (const entry of entries) {
    expect(scripts).toContain(entry);
    expect([...all].filter(([, { imports }]) => imports.includes(entry)).map(([name]) => name)).toEqual([]);
    // Nothing happens in it, so that evaluating it twice would change nothing; or it shares no code that others could import.
    const { imports, statements } = all.get(entry) ?? { imports: [], statements: [] };
    if (imports.length > 0) expect(statements).toEqual(["ImportDeclaration"]);
    else expect(entry).toMatch(/reading|gif/);
  }
});

it("every file that is imported is there", () => {
  const missing = scripts.flatMap((name) => read(name).imports).filter((name) => !scripts.includes(name));
  expect(missing).toEqual([]);
});
