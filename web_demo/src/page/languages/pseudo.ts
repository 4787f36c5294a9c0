/**
 * English made strange, for tests: every sentence stands in brackets, has accents, and is a third longer. What the page shows
 * without brackets is written into it outside the languages' files; what does not fit will not fit in German either.
 */
import { english, type Language } from "./en";

const ACCENTED: Readonly<Record<string, string>> = { a: "á", e: "ë", i: "ï", o: "ö", u: "ü", A: "Å", E: "É", I: "Î", O: "Ø", U: "Û", c: "ç", n: "ñ" };

export const language: Language = { ...(strange(english) as Language), formats: english.formats };

function strange(value: unknown): unknown {
  if (typeof value === "string") return sentence(value);
  if (typeof value === "function") return (...given: unknown[]): unknown => strange((value as (...all: unknown[]) => unknown)(...given));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strange(inner)]));
}

function sentence(plain: string): string {
  // Sentences within sentences are marked already, and numbers have no accents.
  const accented = plain.replaceAll(/[a-zA-Z]/g, (letter) => ACCENTED[letter] ?? letter);
  // In words that can be broken as others can.
  const longer = "·".repeat(Math.ceil(plain.length / 3)).replaceAll(/·{8}(?=·)/g, "$& ");
  return `⟦${accented}${longer}⟧`;
}
