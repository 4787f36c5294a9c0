/** What Impasto's networks have to reach, and whether they do. */

/**
 * @typedef {import("./measure.mjs").Results} Results
 * @typedef {{ bar: string, model: string, measured: string, met: boolean }} Verdict
 */

/** Least times the peer's speed, at every size; of the larger painter, which is called `fine`, in WebAssembly alone. */
const FASTER = /** @type {const} */ ({ wasm: 10, webgl: 8 });
const FASTER_FINE = /** @type {{ wasm: number, webgl?: number }} */ ({ wasm: 3 });
/** Most times the time of the network's own convolutions. */
const OVER_CONVOLUTIONS = 1.5;
/** Bytes of predictor, conditioning and transformer together. */
const DOWNLOAD = 2.0e6;

/**
 * @param {Results} results
 * @returns {Verdict[]}
 */
export function verdicts(results) {
  /** @type {Verdict[]} */
  const found = [];
  for (const { name, download } of results.models) {
    for (const row of results.rows.filter((row) => row.model === name)) {
      const where = `${row.backend}, ${row.size} px`;
      const least = (name === "fine" ? FASTER_FINE : FASTER)[/** @type {keyof typeof FASTER} */ (row.backend)];
      if (least === undefined) continue;
      const { ratio } = row.peerOverOurs;
      found.push({ bar: `${where}: peer / ours >= ${least}`, model: name, measured: ratio.toFixed(2), met: ratio >= least });
      const over = row.oursOverConvolutions.ratio;
      found.push({
        bar: `${where}: ours / own convolutions <= ${OVER_CONVOLUTIONS}`,
        model: name,
        measured: over.toFixed(2),
        met: over <= OVER_CONVOLUTIONS,
      });
    }
    if (download.style === null) continue;
    const bytes = download.transformer + download.style;
    found.push({
      bar: `download of the three networks <= ${megabytes(DOWNLOAD)} MB`,
      model: name,
      measured: megabytes(bytes),
      met: bytes <= DOWNLOAD,
    });
  }
  return found;
}

/**
 * @param {number} bytes
 * @returns {string}
 */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(2);
}
