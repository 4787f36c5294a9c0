/**
 * Pictures that a seeded fuzzer made bad (tests/spoilt.py), one by one: each is painted or named, and the page goes on,
 * within bounded memory. With SLOW=1, the first 40; SPOILT=FIRST:COUNT takes others.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { peakMemory } from "./memory";
import { stripes } from "./pictures";
import { openSite, Studio } from "./studio";

const [first = 0, count = 40] = (process.env["SPOILT"] ?? "0:40").split(":").map(Number);
const MOST_BYTES = 2e9;
/** Of one picture, on a machine that does much else. */
const PATIENCE = { timeout: 60_000 };
const CHECKOUT = new URL("../../../", import.meta.url).pathname;

function spoilt(folder: string): string[] {
  const python = process.env["PYTHON"] ?? path.join(CHECKOUT, ".venv/bin/python");
  execFileSync(python, [path.join(CHECKOUT, "tests/spoilt.py"), folder, String(count), String(first)], { cwd: CHECKOUT });
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}

describe.runIf(process.env["SLOW"] === "1")("bad pictures", { timeout: count * 10_000 + 120_000 }, () => {
  const site = openSite();
  const folder = mkdtempSync(path.join(tmpdir(), "impasto-"));

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(["photo", "painting"])("as a %s are painted or named", async (kind) => {
    const studio = await Studio.painting(site.browser, `${site.address}?debug&backend=wasm&live=128`);
    const chooser = studio.page.getByLabel(kind === "photo" ? "Choose a photo" : "Add paintings");
    const told = { painted: 0, film: 0, named: 0 };
    const unnamed: string[] = [];
    let [slowest, longest] = ["", 0];
    for (const file of spoilt(folder)) {
      const name = path.basename(file);
      const before = performance.now();
      const old = (await studio.state()).message?.text;
      await chooser.setInputFiles(file);
      const what = await studio.page.waitForFunction(
        ([title, last]) => {
          const { photos, styles, message, live } = globalThis.impasto.state();
          if (message?.tone === "error" && message.text !== last) return message.text;
          if (live) return "film";
          return [...photos, ...styles].some((item) => item.title === title) ? "painted" : null;
        },
        [name, old] as const,
        PATIENCE,
      );
      const said = String(await what.jsonValue());
      if (said === "painted") {
        told.painted += 1;
        await studio.painted(PATIENCE.timeout);
      } else if (said === "film") {
        told.film += 1;
        await studio.page.keyboard.press("Escape");
        await studio.page.waitForFunction(() => !globalThis.impasto.state().live, undefined, PATIENCE);
      } else {
        told.named += 1;
        if (!said.includes(name)) unnamed.push(`${name}: ${said}`);
      }
      const took = performance.now() - before;
      if (took > longest) [slowest, longest] = [name, took];
    }
    const peak = await peakMemory(site.browser);
    console.log(`${kind}: ${JSON.stringify(told)} from ${first}; ${slowest} took ${Math.round(longest)} ms; ${Math.round(peak / 1e6)} MB`);
    expect(unnamed).toEqual([]);
    expect(peak).toBeLessThan(MOST_BYTES);
    // And it still paints what is good.
    await studio.choosePhoto(await stripes(studio.page, "good.png", 120, 90, 30));
    await studio.painted();
    expect(studio.complaints.filter((line) => line.startsWith("uncaught"))).toEqual([]);
    await studio.context.close();
  });
});
