import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { language as german } from "../../src/page/languages/de";
import { english, type Language } from "../../src/page/languages/en";
import { language as spanish } from "../../src/page/languages/es";
import { language as korean } from "../../src/page/languages/ko";
import { choose, LANGUAGES, load } from "../../src/page/languages/languages";
import { language as pseudo } from "../../src/page/languages/pseudo";
import { language as chinese } from "../../src/page/languages/zh";

const translations: readonly (readonly [string, Language])[] = [["de", german], ["es", spanish], ["ko", korean], ["zh-Hans", chinese]];
const PAGE = path.resolve(import.meta.dirname, "../../src/page");

/** What may read the same in every language: names, and what is made of numbers alone. */
const SAME = /^(backendNames\.(webgpu|webgl|wasm)|text\.(pause|chooseVideo|viewPad|zoom|format)|cameraTitle)$/;

/** Every sentence with the path of its keys; the samples' titles are told apart by the samples, and formats are Intl's. */
function sentences(language: Language): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const collect = (value: unknown, keys: string): void => {
    if (typeof value !== "object" || value === null) found.set(keys, value);
    else for (const [key, inner] of Object.entries(value)) collect(inner, keys === "" ? key : `${keys}.${key}`);
  };
  collect({ ...language, formats: null, titles: null, credits: null }, "");
  return found;
}

const reference = sentences(english);

describe.each(translations)("%s", (code, language) => {
  const translated = sentences(language);

  it("has every key of English and no other", () => {
    expect([...translated.keys()].sort()).toEqual([...reference.keys()].sort());
  });

  it("has sentences of its own", () => {
    const copied = [...reference].filter(([key, value]) => typeof value === "string" && value === translated.get(key) && !SAME.test(key));
    expect(copied.map(([key]) => key)).toEqual([]);
  });

  it("says the numbers and the names that English says", () => {
    for (const [key, value] of reference) {
      if (typeof value !== "function") continue;
      const given = argumentsOf(key);
      const [expected, actual] = [value, translated.get(key)].map((say) => (say as (...all: unknown[]) => string)(...given));
      expect(facts(actual ?? ""), key).toEqual(facts(expected ?? ""));
    }
  });

  it("has a title for every sample that another language has one for", () => {
    expect(Object.keys(language.titles).sort()).toEqual(Object.keys(german.titles).sort());
    expect(Object.keys(language.credits).sort()).toEqual(Object.keys(german.credits).sort());
    expect(LANGUAGES).toHaveProperty(code);
  });
});

/** Numbers and names, in any order: a language has its own. */
function facts(sentence: string): string[] {
  return [...sentence.replaceAll(",", ".").matchAll(/\d+(?:\.\d+)?|“?\bName\.x\b|WebGL|WebAssembly/g)].map(([fact]) => fact.replace("“", "")).sort();
}

/** Values of the kinds that the sentence takes; all differ, so that none can stand for another. */
function argumentsOf(key: string): unknown[] {
  switch (key) {
    case "say.painted":
      return ["wasm", 3, 126, 512, 384];
    case "say.unavailable":
      return ["webgl", "wasm"];
    case "say.moved":
      return ["out-of-memory", "webgl", "wasm"];
    case "say.axis":
    case "say.credit":
      return ["Name.x", "Name.x"];
    case "say.list":
      return [["Name.x", "Name.x", "7"]];
    case "say.place":
      return [30, "Name.x"];
    case "film.pictureName":
      return [new Date(2026, 1, 3, 14, 5, 9)];
    case "many.painted":
      return [12, 65, "Name.x", true];
    case "many.notEncoded":
      return ["Name.x", "Name.x"];
    case "film.exported":
      return ["Name.x", 240, 512, 384, true];
  }
  const named = /^(say\.(share|notEncoded|removed?)|(film|picture|export|camera|keep)Errors\.|film\.record(ed|ing)|errors\.)/.test(key);
  return named ? ["Name.x", 65, 512, 384] : [12, 65, 384, 17];
}

describe("the sentences", () => {
  const files = readdirSync(PAGE, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !/^(languages|strings)\b/.test(name));
  const code = files.map((name) => readFileSync(path.join(PAGE, name), "utf8")).join("\n");
  const html = readFileSync(path.resolve(PAGE, "../../index.html"), "utf8");

  it("are all used: none is left over", () => {
    const kinds = /^(backendNames|shareErrors|errors|film\.started)\.|^(formats|titles|credits)$/;
    const unused = [...reference.keys()].filter((key) => {
      const [group = "", name = ""] = key.split(".");
      // The live room calls its own sentences `say`, and those of the page `sentences`.
      const used = new RegExp(`\\b${["say", "film"].includes(group) ? "(?:say|film|sentences)" : group}\\.${name}\\b`);
      return !kinds.test(key) && !used.test(code) && !html.includes(`data-text="${name}"`) && !html.includes(`data-label="${name}"`);
    });
    expect(unused).toEqual([]);
  });

  it("are there for every name in index.html", () => {
    const names = [...html.matchAll(/data-(?:text|label)="([^"]+)"/g)].map(([, name]) => name ?? "");
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !(name in english.text))).toEqual([]);
  });
});

describe("choose", () => {
  it.each([
    [null, null, ["de-AT", "en"], "de"],
    [null, null, ["fr", "ko-KR", "en"], "ko"],
    [null, null, ["zh-TW"], "zh-Hans"],
    [null, null, ["fr-CA"], "en"],
    [null, null, [], "en"],
    [null, "es", ["de"], "es"],
    ["ko", "es", ["de"], "ko"],
    ["xx", "yy", ["de"], "de"],
    ["toString", "constructor", ["es-419"], "es"],
  ])("address %j, remembered %j, browser %j: %s", (asked, remembered, wanted, expected) => {
    expect(choose(asked, remembered, wanted)).toBe(expected);
  });
});

it("load fetches what was chosen", async () => {
  expect((await load(null, null, ["ko"])).language).toBe(korean);
  expect(await load("pseudo", null, ["ko"])).toMatchObject({ direction: "rtl", language: pseudo });
});

describe("numbers and plurals", () => {
  it("are written as the language writes them", () => {
    // Which spaces stand there is the browser's matter.
    const spaced = (sentence: string): string => sentence.replaceAll(/\s/g, " ");
    expect(spaced(german.say.percent(50))).toBe("50 %");
    expect(spaced(german.say.loading(1_250_000, 11_000_000))).toBe("Das Modell wird geladen: 1,3 MB von 11,0 MB");
    expect(chinese.film.exporting(50, 600)).toBe("已绘制 50%，还需 10分钟");
    expect([1, 2].map((count) => english.say.tiles(0, count))).toEqual(["0 of 1 tile painted", "0 of 2 tiles painted"]);
    expect([1, 2].map((count) => german.say.tiles(0, count))).toEqual(["0 von 1 Kachel gemalt", "0 von 2 Kacheln gemalt"]);
    expect(spanish.say.list(["uno", "dos", "tres"])).toBe("uno, dos y tres");
    expect(korean.film.exported("a.webm", 1234, 512, 384, false)).toContain("1,234프레임");
  });
});

it("the pseudo-language marks every sentence", () => {
  const marked = [...sentences(pseudo)].filter(([, value]) => typeof value === "string");
  expect(marked.filter(([, value]) => !/^⟦.*⟧$/.test(value as string))).toEqual([]);
  expect(pseudo.say.percent(50)).toBe("⟦50%·⟧");
});
