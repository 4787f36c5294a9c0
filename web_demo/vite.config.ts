import { readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { english } from "./src/page/languages/en";

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

/**
 * A worker's entry that other chunks import becomes a file of one line, which imports what they share. WebKit evaluates a module
 * worker's entry a second time where a module imports it, and the second copy takes over its messages.
 */
const importedEntries = (): Plugin => ({
  name: "impasto:imported-entries",
  options: (options) => ({ ...options, preserveEntrySignatures: "strict" }),
});

/**
 * The engine's worker is most of what a first visit waits for before the model: its file is asked for while the page is still read, at the
 * lowest priority, and lies in the browser's cache when the worker is started.
 */
const workerAhead: Plugin = {
  name: "impasto:worker-ahead",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler(_html, { bundle = {} }) {
      const workers = Object.values(bundle).flatMap((file) => (file.type === "asset" && /^engine\/worker-[\w-]+\.js$/.test(file.fileName) ? [file] : []));
      // One of two: the entry imports the other.
      const [largest] = workers.sort((a, b) => b.source.length - a.source.length);
      if (largest === undefined) throw new Error("the build has no engine/worker-*.js");
      return [{ tag: "link", attrs: { rel: "prefetch", href: `./${largest.fileName}` }, injectTo: "head" }];
    },
  },
};

/**
 * The built page holds its English sentences, so that there is something to read before the scripts have come; these put the visitor's
 * language in their place.
 */
const sentences: Plugin = {
  name: "impasto:sentences",
  apply: "build",
  transformIndexHtml: (html) =>
    html.replace(/(<(\w+)[^>]*\sdata-text="(\w+)"[^>]*>)\s*(<\/\2>)/g, (_all, open: string, _tag, key: string, close: string) => {
      const sentence: unknown = english.text[key as keyof typeof english.text];
      if (typeof sentence !== "string") throw new Error(`index.html: data-text="${key}" is no sentence of languages/en.ts`);
      return open + sentence.replaceAll("&", "&amp;").replaceAll("<", "&lt;") + close;
    }),
};

/** After the first visit everything is there without a network; the page registers the service worker itself. */
const installable = VitePWA({
  injectRegister: false,
  registerType: "prompt",
  includeManifestIcons: false,
  manifest: {
    name: "Impasto",
    short_name: "Impasto",
    description: "Paint a photograph with the styles of paintings, in your browser.",
    lang: "en",
    display: "standalone",
    background_color: "#f6f3ee",
    theme_color: "#f6f3ee",
    icons: [
      { src: "icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "icons/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "icons/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  },
  workbox: {
    globPatterns: ["index.html", "icon.svg", "{assets,engine,icons,model,samples}/**/*.{js,css,wasm,json,bin,jpg,png,webp,svg}"],
    // A larger painter is for machines that are quick enough: the page fetches it where it is used, and it is kept then.
    globIgnores: ["model/*/manifest.json", "model/*/card.json", "model/*/*/*"],
    runtimeCaching: [{ urlPattern: /\/model\/\w+\/(manifest\.json|\w+\/[^/]+)$/, handler: "NetworkFirst", options: { cacheName: "painters" } }],
    maximumFileSizeToCacheInBytes: 20e6,
    // Names that hold a hash say all about their content.
    dontCacheBustURLsMatching: /(assets|engine)\/.*-[\w-]{8}\.\w+$/,
    // What stands behind the question mark is for the page, and changes no file.
    ignoreURLParametersMatching: [/./],
    navigateFallback: null,
    cleanupOutdatedCaches: true,
    inlineWorkboxRuntime: true,
    sourcemap: false,
  },
});

/** What the page may ask for: the camera, for films, and nothing else that tells something about the visitor. */
const permissions = {
  "Permissions-Policy":
    "camera=(self), microphone=(), geolocation=(), accelerometer=(), gyroscope=(), magnetometer=(), payment=(), usb=(), serial=(), hid=(), midi=()",
};

export default defineConfig({
  plugins: [engineTypes, workerAhead, sentences, installable],
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
        chunkFileNames: ({ moduleIds }) => {
          const holds = (folder: string): boolean => moduleIds.some((id) => id.includes(folder));
          if (holds("/node_modules/mediabunny/")) return "assets/mediabunny-[hash].js";
          return holds("/src/engine/") && !holds("/src/page/") ? engineNames.chunkFileNames : "assets/[name]-[hash].js";
        },
      },
    },
  },
  worker: { format: "es", plugins: () => [importedEntries()], rollupOptions: { output: engineNames } },
  server: { headers: { ...isolation, ...permissions } },
  preview: {
    port,
    headers: { ...isolation, ...permissions, "Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff" },
  },
});
