/** A server of the built page behind a slow line: everything compressed as good hosts do, one bandwidth for all answers together. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** @typedef {{ path: string, bytes: number, at: number }} Sent  bytes of the body as it is sent; when its last byte left, in milliseconds since the start */

const TYPES = /** @type {Record<string, string>} */ ({
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".wasm": "application/wasm",
  ".bin": "application/octet-stream",
});
const COMPRESSED_ALREADY = new Set([".png", ".jpg", ".webp"]);
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};
/** Of what is sent at once; what is under way takes turns. */
const PACKET = 1400;

/**
 * @param {string} folder  the built page
 * @param {{ bitsPerSecond: number, roundTripMs: number }} line
 */
export async function slowLine(folder, { bitsPerSecond, roundTripMs }) {
  /** @type {{ body: Buffer, sent: number, response: import("node:http").ServerResponse, path: string }[]} */
  const waiting = [];
  /** @type {Sent[]} */
  const sent = [];
  /** @type {Map<string, Promise<Buffer>>} */
  const bodies = new Map();
  let start = performance.now();
  let free = start;
  let running = false;

  /** Packets leave one after the other, each when the line has carried the one before. */
  const pump = async () => {
    if (running) return;
    running = true;
    // From when the line has something to carry; a timer that comes late takes nothing from it.
    free = Math.max(free, performance.now());
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      // Whoever asked for it has gone: another visitor would wait for what nobody wants.
      if (job.response.destroyed) continue;
      const packet = job.body.subarray(job.sent, job.sent + PACKET);
      free += (8000 * packet.length) / bitsPerSecond;
      // Timers are coarse: several packets go together where they are due.
      const wait = free - performance.now();
      if (wait > 4) await new Promise((resolve) => setTimeout(resolve, wait));
      job.response.write(packet);
      job.sent += packet.length;
      if (job.sent < job.body.length) waiting.push(job);
      else {
        job.response.end();
        sent.push({ path: job.path, bytes: job.body.length, at: performance.now() - start });
      }
    }
    running = false;
  };

  /**
   * @param {string} file
   * @param {boolean} compress
   */
  const bodyOf = (file, compress) => {
    const found = bodies.get(file) ?? readFile(file).then((bytes) => (compress ? promisify(gzip)(bytes, { level: 9 }) : bytes));
    bodies.set(file, found);
    return found;
  };

  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const name = asked.endsWith("/") ? `${asked}index.html` : asked;
    const file = path.join(folder, path.normalize(name));
    const extension = path.extname(file);
    const compress = !COMPRESSED_ALREADY.has(extension);
    bodyOf(file, compress).then(
      (body) =>
        setTimeout(() => {
          response.writeHead(200, {
            ...HEADERS,
            "Content-Type": TYPES[extension] ?? "application/octet-stream",
            "Content-Length": body.length,
            "Cache-Control": "max-age=3600",
            ...(compress ? { "Content-Encoding": "gzip" } : {}),
          });
          waiting.push({ body, sent: 0, response, path: name });
          void pump();
        }, roundTripMs),
      () => setTimeout(() => response.writeHead(404).end(), roundTripMs),
    );
  });
  await new Promise((resolve) => server.listen(0, "localhost", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    address: `http://localhost:${address.port}/`,
    sent,
    /** Forgets what was sent and what is still to be sent, and counts time from now. */
    begin() {
      sent.length = waiting.length = 0;
      start = free = performance.now();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
