/** The choice of the page's language: kept in this browser, and taken up by opening the page again. */
import { byId } from "./dom";
import { LANGUAGES, load, type Chosen } from "./languages/languages";
import { speak } from "./strings";

const KEY = "impasto.language";
const PARAMETER = "language";

/** Makes the page speak the visitor's language; to be done before anything is shown. */
export async function speakTheirLanguage(): Promise<Chosen> {
  const asked = new URLSearchParams(location.search).get(PARAMETER);
  const chosen = await load(asked, remembered(), navigator.languages);
  speak(chosen.language);
  document.documentElement.lang = chosen.tag;
  document.documentElement.dir = chosen.direction;
  return chosen;
}

export function createLanguageControl({ code }: Chosen): void {
  const select = byId("language", HTMLSelectElement);
  for (const [value, name] of Object.entries(LANGUAGES)) {
    const option = new Option(name, value, value === code, value === code);
    option.lang = value;
    select.append(option);
  }
  select.addEventListener("change", () => {
    try {
      localStorage.setItem(KEY, select.value);
    } catch {
      // A browser that keeps nothing is told in the address.
    }
    const address = new URL(location.href);
    if (remembered() === select.value) address.searchParams.delete(PARAMETER);
    else address.searchParams.set(PARAMETER, select.value);
    if (address.href === location.href) location.reload();
    else location.replace(address);
  });
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
