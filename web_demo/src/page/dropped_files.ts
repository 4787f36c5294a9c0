/** The files of a drop, those in dropped folders too. */

/** Reads what was dropped; what it was is only known until the event is over, so entries are taken at once. */
export async function filesOf(dropped: DataTransfer): Promise<File[]> {
  const entries = [...dropped.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  if (!entries.some((entry) => entry?.isDirectory)) return [...dropped.files];
  const files: File[] = [];
  for (const entry of entries) if (entry !== null) await collect(entry, files);
  return files;
}

/** Adds the files of a folder, and of those in it, in the order of their names. Hidden ones are no pictures of the visitor's. */
async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (entry.name.startsWith(".")) return;
  if (entry instanceof FileSystemFileEntry) {
    // One that may not be read is left out.
    const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    if (file !== null) files.push(file);
    return;
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return;
  const inside: FileSystemEntry[] = [];
  const reader = entry.createReader();
  for (;;) {
    // A reader gives a hundred or so at a time, and none once it is through.
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) break;
    inside.push(...some);
  }
  inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  for (const child of inside) await collect(child, files);
}
