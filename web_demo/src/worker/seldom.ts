/** Progress for people to see, however often it is made. */

type Progress = (done: number, total: number) => void;

/** Nobody reads numbers that change more often, in milliseconds. */
const READABLE_MS = 100;

/** Reports at most every tenth of a second; the first and the last report always. */
export function seldom(report: Progress, now: () => number = () => performance.now()): Progress {
  let due = -Infinity;
  return (done, total) => {
    if (done < total && now() < due) return;
    due = now() + READABLE_MS;
    report(done, total);
  };
}
