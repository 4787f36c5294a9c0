/** Keeps the page, the engine and the model on this machine, and tells when there is a newer version of them. */
import { byId } from "./dom";
import type { Store } from "./state";

/** Begins once the first picture is there: until then, everything that is fetched is waited for. */
export function workOffline(store: Store): void {
  if (!("serviceWorker" in navigator)) return;
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
    notice.hidden = false;
  });
  workbox.addEventListener("controlling", ({ isUpdate }) => {
    if (isUpdate === true) location.reload();
  });
  byId("reload", HTMLButtonElement).addEventListener("click", () => workbox.messageSkipWaiting());
  await workbox.register();
}
