/** Names for many files in one folder. Pure. */

/** Returns `name` itself the first time, and `name` with a number before its extension afterwards; case makes no difference. */
export function uniqueNames(): (name: string) => string {
  const used = new Set<string>();
  return (name) => {
    const dot = name.lastIndexOf(".");
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    let unique = name;
    for (let number = 2; used.has(unique.toLowerCase()); number++) unique = `${stem}-${number}${extension}`;
    used.add(unique.toLowerCase());
    return unique;
  };
}
