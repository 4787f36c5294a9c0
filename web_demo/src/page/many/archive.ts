/**
 * Many files as one zip, written to the disk as it grows: to the place that the visitor chooses where the browser can ask, else
 * to a file of the page's own, which is then downloaded. Where there is neither, it is put together in memory, in bounded parts.
 */
import { makeZip } from "client-zip";
import { save } from "../download";
import { PictureError } from "../pictures";
import { many } from "../strings";
import { dropPrivateFiles, openPrivateFile, type PrivateFile } from "./private_file";

export interface Entry {
  readonly name: string;
  readonly input: Blob;
}

/** Part of the File System Access API, which not every browser has. */
type SavePicker = (options: {
  readonly suggestedName: string;
  readonly types: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
}) => Promise<FileSystemFileHandle>;

const TYPE = "application/zip";
/** Of a zip in memory; a larger one becomes several. */
const LARGEST_PART = 400e6;

export interface Archive {
  /** What the visitor will find. */
  readonly name: string;
  /** Writes all entries; each is asked for once the one before has been written. Returns how many files there are then. */
  write(entries: AsyncGenerator<Entry>): Promise<number>;
}

/**
 * Has to be called from a click: the visitor says where the file is to be. Null where the visitor thinks better of it.
 *
 * @param part The name of a further file, for zips that do not fit into one.
 */
export async function openArchive(name: string, part: (number: number) => string): Promise<Archive | null> {
  const { showSaveFilePicker } = globalThis as { showSaveFilePicker?: SavePicker };
  if (showSaveFilePicker === undefined) return withoutPicker(name, part);
  try {
    const handle = await showSaveFilePicker({ suggestedName: name, types: [{ accept: { [TYPE]: [".zip"] } }] });
    return onDisk(handle);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    // A frame of another site, or a browser that has the function but not the right to use it.
    return withoutPicker(name, part);
  }
}

function onDisk(handle: FileSystemFileHandle): Archive {
  return {
    name: handle.name,
    async write(entries) {
      // Closed where all went well, and given up where not: then no half of a file is left.
      await makeZip(entries).pipeTo(await handle.createWritable());
      return 1;
    },
  };
}

function withoutPicker(name: string, part: (number: number) => string): Archive {
  return {
    name,
    async write(entries) {
      await dropPrivateFiles();
      const file = await openPrivateFile();
      return file === null ? inParts(name, part).write(entries) : throughPrivateFile(file, name, entries);
    },
  };
}

async function throughPrivateFile(file: PrivateFile, name: string, entries: AsyncGenerator<Entry>): Promise<number> {
  try {
    await file.write(makeZip(entries));
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    throw full ? new PictureError(many.noRoom) : error;
  }
  save(new Blob([await file.file()], { type: TYPE }), name);
  return 1;
}

function inParts(name: string, part: (number: number) => string, largest = LARGEST_PART): Archive {
  return {
    name,
    async write(entries) {
      let number = 0;
      let next = await entries.next();
      while (next.done !== true || number === 0) {
        let size = 0;
        const some = async function* (): AsyncGenerator<Entry> {
          while (next.done !== true && (size === 0 || size + next.value.input.size <= largest)) {
            size += next.value.input.size;
            yield next.value;
            next = await entries.next();
          }
        };
        const blob = await new Response(makeZip(some())).blob();
        number++;
        save(new Blob([blob], { type: TYPE }), number === 1 ? name : part(number));
      }
      return number;
    },
  };
}
