/** Imports run one way inside of every folder, too: no file needs, in the end, itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const SOURCES = resolve(import.meta.dirname, "../../src");

/** Types and workers count, too. */
function importsOf(file: string): readonly string[] {
  const code = readFileSync(file, "utf8").replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  const named = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"|new URL\("(\.[^"]+)"/g)].map(([, one, other]) => one ?? other ?? "");
  return named.map((name) => resolve(dirname(file), name.endsWith(".ts") ? name : `${name}.ts`)).filter((path) => existsSync(path));
}

/** The first circle that is met, as a list of files. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const search = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const circle = search(next, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = search(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

it("no file of the page imports itself by way of others", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  const graph = new Map(files.map((name) => [join(SOURCES, name), importsOf(join(SOURCES, name))]));
  expect([...graph.values()].flat().length).toBeGreaterThan(300);
  expect(circleIn(graph).map((file) => relative(SOURCES, file))).toEqual([]);
});

it("a circle is found", () => {
  const graph = new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["e"]], ["e", ["b"]]]);
  expect(circleIn(graph)).toEqual(["b", "d", "e", "b"]);
});
