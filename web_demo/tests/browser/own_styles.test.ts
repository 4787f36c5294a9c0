/** A model that was made for a few styles by number, as `python -m train style` makes them, on the page. */
import { afterEach, expect, it } from "vitest";
import { altered } from "./altered";
import { stripes } from "./pictures";
import { difference, openSite, Studio } from "./studio";

const site = openSite();
let studio: Studio;

/** The shipped networks with a manifest that names styles: any network paints with 1 at one place. */
const open = (styles: readonly string[]): Promise<Studio> =>
  Studio.painting(site.browser, `${site.address}?debug&backend=wasm`, (context) =>
    context.route(
      "**/model/manifest.json",
      altered(async (answer) => ({ json: { ...((await answer.json()) as Record<string, unknown>), styles } })),
    ),
  );

afterEach(async () => {
  await studio.context.close();
});

it("one style is painted at once; no painting and no strength is asked for", async () => {
  studio = await open(["waves"]);
  const { page } = studio;
  await page.getByRole("alert").filter({ hasText: "This model paints in styles of its own: waves." }).waitFor();
  await expect.poll(async () => (await studio.state()).styles.map(({ title }) => title)).toEqual(["waves"]);
  await studio.painted();
  expect((await studio.state()).strength).toBe(1);
  expect(await page.locator("#strength-place").isVisible()).toBe(false);
  expect(await page.locator("#choose-styles").isVisible()).toBe(false);
  // Of the engine; the service worker keeps every file for a visit without a network.
  const engine = page.workers().find((worker) => !worker.url().includes("/reading-"));
  const fetched = await engine?.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect(fetched?.some((url) => url.includes("/model/transformer/"))).toBe(true);
  expect(fetched?.filter((url) => url.includes("/model/predictor/"))).toEqual([]);
  expect(studio.complaints).toEqual([]);
  // A painting that is dropped all the same stays out, and the sentence comes again.
  const { buffer } = await stripes(page, "painting.png", 40, 30, 0);
  await studio.drop("style", [{ name: "painting.png", mimeType: "image/png", buffer }]);
  await expect.poll(async () => (await studio.state()).styles.length).toBe(1);
});

it("several are chosen and blended by number", async () => {
  studio = await open(["waves", "night"]);
  await expect.poll(async () => (await studio.state()).styles.map(({ title }) => title)).toEqual(["waves", "night"]);
  await studio.tick("model-style-0", true);
  await studio.tick("model-style-1", false);
  await studio.painted();
  const first = await studio.result();
  await studio.tick("model-style-1", true);
  await studio.tick("model-style-0", false);
  await expect.poll(async () => (await studio.state()).active.map(({ id }) => id)).toEqual(["model-style-1"]);
  await studio.painted();
  expect(difference(first, await studio.result())).toBeGreaterThan(1);
});
