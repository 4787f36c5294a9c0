/** What the page has in `globalThis` under ?debug, as far as it is read here, and what the benchmark leaves there. */
declare global {
  var impasto: {
    state(): { phase: string; painting: boolean; painted: { width: number; height: number; ms: number } | null };
  };
  var seen: { first: number; loaded: number };
  var visit: { photograph: number; painted: number };
}
export {};
