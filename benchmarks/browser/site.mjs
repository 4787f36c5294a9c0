/** The page, built and served with the models beside it. */
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MODULES, vite } from "./packages.mjs";

/** As the project's own server answers: with these, WebAssembly gets its threads. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * Builds the page into a temporary folder and serves it on any free port.
 *
 * @param {ReadonlyMap<string, string>} folders  what is served at /NAME/, by name ("models/ours")
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function site(folders) {
  const outDir = mkdtempSync(path.join(tmpdir(), "impasto-benchmark-"));
  // However this process ends, Ctrl-C included, the folder goes.
  process.once("exit", () => rmSync(outDir, { recursive: true, force: true }));
  const root = path.join(import.meta.dirname, "page");
  /** @type {import("vite").InlineConfig} */
  const common = { root, configFile: false, base: "./", logLevel: "error" };
  await vite.build({
    ...common,
    resolve: { alias: [{ find: /^(@tensorflow\/.*)$/, replacement: `${MODULES}/$1` }] },
    build: { outDir, emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 2000 },
  });
  const server = await vite.preview({
    ...common,
    appType: "mpa",
    build: { outDir },
    preview: { port: 0, open: false, headers: HEADERS },
    plugins: [models(folders)],
  });
  const [address] = server.resolvedUrls?.local ?? [];
  if (address === undefined) throw new Error("the server has no address");
  return { address, close: () => server.close() };
}

/**
 * @param {ReadonlyMap<string, string>} folders
 * @returns {import("vite").Plugin}
 */
function models(folders) {
  return {
    name: "models",
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const asked = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname).slice(1);
        const [prefix, folder] = [...folders].find(([name]) => asked.startsWith(`${name}/`)) ?? [];
        if (prefix === undefined || folder === undefined || asked.includes("..")) return next();
        const file = path.join(folder, asked.slice(prefix.length + 1));
        const found = statSync(file, { throwIfNoEntry: false });
        if (!found?.isFile()) return next();
        response.writeHead(200, { ...HEADERS, "Content-Length": found.size, "Content-Type": typeOf(file) });
        createReadStream(file).pipe(response);
      });
    },
  };
}

/**
 * @param {string} file
 * @returns {string}
 */
function typeOf(file) {
  if (file.endsWith(".json")) return "application/json";
  return file.endsWith(".jpg") ? "image/jpeg" : "application/octet-stream";
}
