import { expect, it } from "vitest";
import { seldom } from "../../src/worker/seldom";

it("reports the first and the last, and in between no more than a reader sees", () => {
  const reports: number[] = [];
  let time = 0;
  const report = seldom((done) => reports.push(done), () => time);
  // A piece every 10 ms for 0.35 s.
  for (let done = 0; done <= 35; done++, time += 10) report(done, 35);
  expect(reports).toEqual([0, 10, 20, 30, 35]);
});
