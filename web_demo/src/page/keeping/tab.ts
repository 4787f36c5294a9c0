/**
 * Which of the kept sessions is this tab's. A tab keeps its name over reloads, "Back" and most crashes; a second tab, also
 * a duplicate, gets a name of its own, so that neither writes over the other's.
 */
import { parseSession, type Session } from "./session";

const TAB = "impasto.tab";
const PREFIX = "impasto.session.";
/** Of tabs that were closed, too. */
const MOST_SESSIONS = 8;

export class Tab {
  private constructor(
    readonly id: string,
    /** What was done before, here or in the tab whose place this one takes. */
    readonly before: Session | null,
  ) {}

  /** Throws where the browser keeps nothing for this page. */
  static async open(): Promise<Tab> {
    const known = sessionStorage.getItem(TAB);
    if (known !== null && (await claim(known))) return new Tab(known, read(known));
    // A duplicate of a tab that lives goes on from what that one did; a new one from the last, unless somebody is at it.
    const last = known ?? (await lastAbandoned());
    const id = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
    await claim(id);
    sessionStorage.setItem(TAB, id);
    dropOldest();
    return new Tab(id, last === null ? null : read(last));
  }

  write(session: Session): void {
    try {
      localStorage.setItem(PREFIX + this.id, JSON.stringify(session));
    } catch {
      // No room for a hundred steps: the choices themselves are small.
      localStorage.setItem(PREFIX + this.id, JSON.stringify({ ...session, past: [], future: [] }));
    }
  }

  /** The sessions of all tabs. */
  static all(): Map<string, Session> {
    const sessions = new Map<string, Session>();
    for (const key of Object.keys(localStorage)) {
      const session = key.startsWith(PREFIX) ? parseSession(localStorage.getItem(key)) : null;
      if (session !== null) sessions.set(key.slice(PREFIX.length), session);
    }
    return sessions;
  }

  /** The names of tabs that are open now, as far as the browser tells. */
  static async living(): Promise<Set<string>> {
    const { locks } = navigator as { locks?: LockManager };
    const held = (await locks?.query())?.held ?? [];
    return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) === true ? [name.slice(PREFIX.length)] : [])));
  }

  static forgetAll(): void {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  }
}

function read(id: string): Session | null {
  return parseSession(localStorage.getItem(PREFIX + id));
}

/** Holds the name for as long as this page lives; false where another page holds it. Without locks (plain http) nobody can tell. */
function claim(id: string): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    void locks.request(PREFIX + id, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    });
  });
}

/** The newest session, where its tab is gone. */
async function lastAbandoned(): Promise<string | null> {
  const [newest] = [...Tab.all()].sort(([, a], [, b]) => b.updated - a.updated);
  return newest === undefined || (await Tab.living()).has(newest[0]) ? null : newest[0];
}

function dropOldest(): void {
  const oldest = [...Tab.all()].sort(([, a], [, b]) => b.updated - a.updated).slice(MOST_SESSIONS);
  for (const [id] of oldest) localStorage.removeItem(PREFIX + id);
}
