import { defineConfig } from "vite";

const port = Number(process.env["PORT"] ?? 4173);

/** With these two the browser gives WebAssembly its threads; without them the page works with one. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  // Relative addresses: the built page works in any folder of any server.
  base: "./",
  // A missing file is a 404, not the start page.
  appType: "mpa",
  build: {
    target: "es2022",
    // tf.js's WebAssembly glue is one large function, and is meant to be.
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: "es" },
  server: { headers: isolation },
  preview: {
    port,
    headers: { ...isolation, "Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff" },
  },
});
