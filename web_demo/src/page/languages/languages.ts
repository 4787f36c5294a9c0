/** The languages of the page, and which of them a visitor gets. Each but English is a file of its own, fetched where it is chosen. */
import { english, type Language } from "./en";

/** By their codes (BCP 47), each named in itself. */
export const LANGUAGES = { en: "English", "zh-Hans": "简体中文", ko: "한국어", de: "Deutsch", es: "Español" } as const;
export type LanguageCode = keyof typeof LANGUAGES;

/** For tests: English that is longer, marked, and read from right to left. Asked for in the address alone. */
const PSEUDO = "pseudo";

const loaders: Record<LanguageCode | typeof PSEUDO, () => Promise<Language>> = {
  en: () => Promise.resolve(english),
  "zh-Hans": async () => (await import("./zh")).language,
  ko: async () => (await import("./ko")).language,
  de: async () => (await import("./de")).language,
  es: async () => (await import("./es")).language,
  pseudo: async () => (await import("./pseudo")).language,
};

export interface Chosen {
  readonly code: LanguageCode;
  /** For the page's `lang`. */
  readonly tag: string;
  readonly direction: "ltr" | "rtl";
  readonly language: Language;
}

/**
 * What the address asks for, else what was chosen before, else the first of the browser's languages that the page has; any
 * Chinese is answered in this one. Pure.
 */
export function choose(asked: string | null, remembered: string | null, wanted: readonly string[]): LanguageCode {
  for (const code of [asked, remembered]) if (isLanguage(code)) return code;
  const codes = Object.keys(LANGUAGES).filter(isLanguage);
  const known = wanted.map((tag) => codes.find((code) => primary(code) === primary(tag)));
  return known.find((code) => code !== undefined) ?? "en";
}

/** Fetches the language; English where it cannot be fetched. */
export async function load(asked: string | null, remembered: string | null, wanted: readonly string[]): Promise<Chosen> {
  const code = choose(asked, remembered, wanted);
  try {
    if (asked === PSEUDO) return { code, tag: "en-XA", direction: "rtl", language: await loaders[PSEUDO]() };
    return { code, tag: code, direction: "ltr", language: await loaders[code]() };
  } catch {
    return { code: "en", tag: "en", direction: "ltr", language: english };
  }
}

export function isLanguage(code: string | null): code is LanguageCode {
  return code !== null && Object.hasOwn(LANGUAGES, code);
}

function primary(tag: string): string {
  return (tag.split("-")[0] ?? "").toLowerCase();
}
