/** Firefox, by WebDriver BiDi, which it speaks itself. */
import { mkdirSync } from "node:fs";
import puppeteer, { type KeyInput } from "puppeteer-core";
import { findCommand, type BrowserKind, type Visitor } from "./visitor";

export const firefox: BrowserKind = {
  name: "Firefox",
  packages: "firefox-esr",
  find: () => process.env["FIREFOX"] ?? findCommand("firefox-esr", "firefox"),
  async visit(executablePath, home): Promise<Visitor> {
    mkdirSync(home.downloads);
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath,
      headless: true,
      env: { ...process.env, HOME: home.folder },
      // A document that the service worker keeps is to be had without the network's own cache.
      extraPrefsFirefox: { "browser.download.folderList": 2, "browser.download.dir": home.downloads, "intl.accept_languages": "en" },
    });
    const [page = await browser.newPage()] = await browser.pages();
    await page.setViewport({ width: 1200, height: 800 });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    return {
      async open(address) {
        await page.goto(address);
      },
      run: async (inPage, ...given) => {
        if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join("; ")}`);
        return (await page.evaluate(inPage as (...all: unknown[]) => unknown, ...given)) as Awaited<ReturnType<typeof inPage>>;
      },
      click: (selector) => page.locator(selector).click(),
      async press(selector, keys) {
        await page.focus(selector);
        for (const key of keys) await page.keyboard.press(key as KeyInput);
      },
      async upload(selector, file) {
        const input = await page.$(selector);
        await (input as unknown as { uploadFile(...files: string[]): Promise<void> }).uploadFile(file);
      },
      screenshot: () => page.screenshot(),
      close: () => browser.close(),
    };
  },
};
