/** Stops the browser tests at once, with the command to run, where the built page is missing or has no model in it. */
import { existsSync } from "node:fs";
import path from "node:path";

const NEEDED = [
  ["public/model/manifest.json", "It is part of the repository; `make page-data` writes it anew."],
  ["public/samples/samples.json", "It is part of the repository; `make page-data` writes it anew."],
  ["dist/index.html", "Run `npm run build` in web_demo."],
  ["dist/model/manifest.json", "The page was built before the model was exported. Run `npm run build` in web_demo."],
  ["dist/samples/samples.json", "The page was built before the samples were written. Run `npm run build` in web_demo."],
] as const;

export function missingFile(root: string): string | null {
  for (const [file, advice] of NEEDED) {
    if (!existsSync(path.join(root, file))) return `web_demo/${file} is missing. ${advice}`;
  }
  return null;
}

export default function setup(): void {
  const problem = missingFile(path.resolve(import.meta.dirname, "../.."));
  if (problem !== null) throw new Error(problem);
}
