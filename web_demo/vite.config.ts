import { readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig, type Plugin } from "vite";

const port = Number(process.env["PORT"] ?? 4173);

/** With these two the browser gives WebAssembly its threads; without them the page works with one. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const file = (name: string): string => path.resolve(import.meta.dirname, name);

/** All that other pages need besides the model lies in one folder, which this page uses too. */
const engineNames = {
  entryFileNames: "engine/[name]-[hash].js",
  chunkFileNames: "engine/[name]-[hash].js",
  assetFileNames: "engine/[name]-[hash][extname]",
};

const engineTypes: Plugin = {
  name: "impasto:engine-types",
  apply: "build",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "engine/impasto.d.ts", source: readFileSync(file("src/engine/api.ts"), "utf8") });
  },
};

export default defineConfig({
  plugins: [engineTypes],
  // Relative addresses: the built page works in any folder of any server.
  base: "./",
  // A missing file is a 404, not the start page.
  appType: "mpa",
  build: {
    target: "es2022",
    // tf.js's WebAssembly glue is one large function, and is meant to be.
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { index: file("index.html"), impasto: file("src/engine/impasto.ts") },
      // The engine is imported by pages that this build knows nothing of.
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: ({ name }) => (name === "impasto" ? "engine/impasto.js" : "assets/[name]-[hash].js"),
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => id.includes("/src/engine/")) ? engineNames.chunkFileNames : "assets/[name]-[hash].js",
      },
    },
  },
  worker: { format: "es", rollupOptions: { output: engineNames } },
  server: { headers: isolation },
  preview: {
    port,
    headers: { ...isolation, "Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff" },
  },
});
