/** WebKitGTK's MiniBrowser, by WebDriver: the engine of Safari, though not Safari. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { Builder, By, Capabilities, Key, type WebDriver } from "selenium-webdriver";
import { findCommand, type BrowserKind, type Home, type Visitor } from "./visitor";

const KEYS: Readonly<Record<string, string>> = { ArrowLeft: Key.ARROW_LEFT, ArrowRight: Key.ARROW_RIGHT, " ": Key.SPACE, Escape: Key.ESCAPE };

export const webkit: BrowserKind = {
  name: "WebKitGTK",
  packages: "webkit2gtk-driver xvfb gstreamer1.0-plugins-good",
  find: () => (findCommand("WebKitWebDriver") === null || findCommand("Xvfb") === null ? null : miniBrowser()),
  async visit(executable, home): Promise<Visitor> {
    mkdirSync(home.downloads);
    mkdirSync(path.join(home.folder, ".config"));
    writeFileSync(path.join(home.folder, ".config/user-dirs.dirs"), 'XDG_DOWNLOAD_DIR="$HOME/downloads"\n');
    const processes: ChildProcess[] = [];
    const end = async (): Promise<void> => {
      for (const child of processes.reverse()) await endGroup(child);
    };
    try {
      const display = await startDisplay(processes);
      const driver = await startDriver(executable, display, home, processes);
      return visitor(driver, async () => {
        // The next session cannot begin before this one has ended.
        await driver.quit().finally(end);
      });
    } catch (error) {
      await end();
      throw error;
    }
  },
};

/** Ends a process with all that it started: the browser's own helpers would write to its home after it has gone. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
  try {
    for (let signal: NodeJS.Signals | 0 = "SIGKILL"; ; signal = 0) {
      process.kill(-Number(pid), signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch {
    // There is none of them left.
  }
}

/** It lies in the folder of the architecture's libraries. */
function miniBrowser(): string | null {
  const named = process.env["MINIBROWSER"];
  if (named !== undefined) return named;
  const folders = existsSync("/usr/lib") ? readdirSync("/usr/lib") : [];
  const files = folders.flatMap((folder) => ["4.1", "4.0"].map((version) => path.join("/usr/lib", folder, `webkit2gtk-${version}/MiniBrowser`)));
  return findCommand(...files);
}

/** Xvfb chooses a free display and tells its number. */
async function startDisplay(processes: ChildProcess[]): Promise<string> {
  const xvfb = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], { detached: true, stdio: ["ignore", "ignore", "ignore", "pipe"] });
  processes.push(xvfb);
  const told = xvfb.stdio[3];
  if (!told) throw new Error("Xvfb has no pipe for its display");
  const number = await Promise.race([once(told, "data"), once(xvfb, "exit").then(() => Promise.reject(new Error("Xvfb could not be started")))]);
  return `:${String(number[0]).trim()}`;
}

async function startDriver(binary: string, display: string, home: Home, processes: ChildProcess[]): Promise<WebDriver> {
  const port = await freePort();
  const env = {
    ...process.env,
    DISPLAY: display,
    HOME: home.folder,
    XDG_CONFIG_HOME: path.join(home.folder, ".config"),
    XDG_DATA_HOME: path.join(home.folder, ".local"),
    XDG_CACHE_HOME: path.join(home.folder, ".cache"),
    MESA_SHADER_CACHE_DISABLE: "true",
    LIBGL_ALWAYS_SOFTWARE: "1",
    // The sandbox needs rights that containers lack; the pages are our own.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  };
  const server = spawn("WebKitWebDriver", [`--port=${port}`], { env, detached: true, stdio: "ignore" });
  processes.push(server);
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    if (server.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${server.exitCode}`);
    try {
      await fetch(`${address}/status`);
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const options = { binary, args: ["--automation"] };
  return new Builder().usingServer(address).withCapabilities(new Capabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": options })).build();
}

function visitor(driver: WebDriver, close: () => Promise<void>): Visitor {
  const find = (selector: string) => driver.findElement(By.css(selector));
  return {
    open: (address) => driver.get(address),
    run: (inPage, ...given) => driver.executeScript(inPage, ...given),
    click: (selector) => find(selector).click(),
    async press(selector, keys) {
      await driver.executeScript((which: string) => document.querySelector<HTMLElement>(which)?.focus(), selector);
      const actions = driver.actions();
      for (const key of keys) actions.sendKeys(KEYS[key] ?? key);
      await actions.perform();
    },
    upload: (selector, file) => find(selector).sendKeys(file),
    screenshot: async () => Buffer.from(await driver.takeScreenshot(), "base64"),
    close,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
