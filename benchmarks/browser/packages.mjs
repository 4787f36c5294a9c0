/** The page's packages: those of web_demo, so that both measure the same. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const MODULES = path.join(ROOT, "web_demo", "node_modules");

const require = createRequire(path.join(MODULES, "any.js"));

/** @type {typeof import("vite")} */
export const vite = await import(require.resolve("vite"));
/** @type {typeof import("playwright-core")} */
export const playwright = require("playwright-core");

/**
 * @param {string} name
 * @returns {string}
 */
export function versionOf(name) {
  return JSON.parse(readFileSync(path.join(MODULES, name, "package.json"), "utf8")).version;
}
