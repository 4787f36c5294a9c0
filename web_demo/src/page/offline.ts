/** Keeps the page, the engine and the model on this machine, and tells when there is a newer version of them. */
import { byId } from "./dom";
import type { Store } from "./state";

/**
 * The new version takes over after about a second. If the old one was answering anything when it was told to go, Chromium
 * lets it stay until it has been idle for long, measured as 48 s; it goes at once when the page does.
 */
const TAKEOVER_MS = 2000;
/** Whether the page before this one was left to make the old version go: this one may still have come from it. */
const LEFT = "impasto.left-for-new-version";

/**
 * Follows a new version from the start. Keeping files begins once the first picture is there: until then, everything that is
 * fetched is waited for.
 */
export function workOffline(store: Store): void {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  // Where nothing is kept, there may be no sessionStorage to ask either.
  if (serviceWorker.controller !== null) {
    if (sessionStorage.getItem(LEFT) !== null) {
      sessionStorage.removeItem(LEFT);
      location.reload();
      return;
    }
    // Listened for from the start: another page may call the new version.
    serviceWorker.addEventListener("controllerchange", () => {
      location.reload();
    });
  }
  let begun = false;
  store.subscribe(({ painted }) => {
    if (begun || painted === null) return;
    begun = true;
    // Where it cannot be kept (no room, a private window, Vite's own server), the page works all the same.
    register().catch(() => undefined);
  });
}

async function register(): Promise<void> {
  const { Workbox } = await import("workbox-window");
  const workbox = new Workbox(new URL("sw.js", document.baseURI).href);
  const notice = byId("update", HTMLElement);
  // A new version waits, since a page that runs must not find files of another one; it comes now, or with the next visit.
  workbox.addEventListener("waiting", () => {
    void navigator.serviceWorker.getRegistration().then((registration) => {
      // The first version of all waits a moment, too, on a busy machine: there is no older one then.
      if (registration?.active) notice.hidden = false;
    });
  });
  byId("reload", HTMLButtonElement).addEventListener("click", () => {
    workbox.messageSkipWaiting();
    setTimeout(() => {
      sessionStorage.setItem(LEFT, "yes");
      location.reload();
    }, TAKEOVER_MS);
  });
  await workbox.register();
}
