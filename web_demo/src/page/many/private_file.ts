/**
 * Files on the disk in a folder that the browser keeps for this page alone: what is too large for memory is written there, and
 * downloaded from there. No event tells when a download is over, so files lie there for a while.
 */

const FOLDER = "downloads";
/** Below it browsers begin to refuse. In bytes. */
const LEAST_ROOM = 500e6;
/** By then any download from this machine's own disk is over. */
const OLD_MS = 3_600_000;

export interface PrivateFile {
  write(stream: ReadableStream<Uint8Array>): Promise<void>;
  /** What has been written; it is read from the disk. */
  file(): Promise<File>;
}

/** A new file; null where the browser has no such folder, cannot write into it from a page, or has no room. */
export async function openPrivateFile(): Promise<PrivateFile | null> {
  try {
    if (!("createWritable" in FileSystemFileHandle.prototype)) return null;
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    if (quota - usage < LEAST_ROOM) return null;
    const handle = await (await folder()).getFileHandle(crypto.getRandomValues(new Uint32Array(2)).join("-"), { create: true });
    return {
      async write(stream) {
        await stream.pipeTo(await handle.createWritable());
      },
      file: () => handle.getFile(),
    };
  } catch {
    // Private windows of some browsers.
    return null;
  }
}

/** Takes away what was downloaded long ago; `all` where the visitor forgets everything. */
export async function dropPrivateFiles(all = false): Promise<void> {
  try {
    const inside = await folder();
    const names: string[] = [];
    for await (const [name, handle] of inside.entries()) {
      if (all || !(handle instanceof FileSystemFileHandle) || Date.now() - (await handle.getFile()).lastModified > OLD_MS) names.push(name);
    }
    for (const name of names) await inside.removeEntry(name);
  } catch {
    // No such folder, or one of the files is being written.
  }
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}
