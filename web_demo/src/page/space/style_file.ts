/** A style as a small file. Pure. */
import * as v from "valibot";
import { ShareError } from "./share_code";

export const STYLE_FILE = ".impasto-style.json";

const schema = v.object({
  format: v.literal("impasto-style"),
  version: v.number(),
  title: v.pipe(v.string(), v.maxLength(200)),
  model: v.string(),
  /** As in a link. */
  code: v.string(),
});

export type StyleFile = v.InferOutput<typeof schema>;

export function writeStyleFile(title: string, model: string, code: string): string {
  const file: StyleFile = { format: "impasto-style", version: 1, title, model, code };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Throws a `ShareError` where `text` is no such file. */
export function parseStyleFile(text: string): StyleFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ShareError("damaged");
  }
  const result = v.safeParse(schema, value);
  if (!result.success) throw new ShareError("damaged");
  if (result.output.version !== 1) throw new ShareError("version");
  return result.output;
}
