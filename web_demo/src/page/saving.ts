/** Taking the result along: as a file in a chosen format, or on the clipboard. */
import { byId } from "./dom";
import { encodableFormats, fileName, save } from "./download";
import { formatOf, FORMATS, type Format } from "./formats";
import type { State } from "./state";
import { say } from "./strings";

/** What is to be saved, in its own size; null before there is a result. */
export interface Picture {
  readonly title: string;
  readonly canvas: HTMLCanvasElement;
  /** It as a file; null, or of another type, where the browser cannot write that. */
  file(format: Format): Promise<Blob | null>;
}

export interface SavingHandlers {
  picture: () => Picture | null;
  onFormat: (type: string) => void;
  onMessage: (tone: "error" | "note", sentence: string) => void;
}

/** Connects the buttons; returns the function that shows a state. */
export function createSaving(handlers: SavingHandlers): (state: State) => void {
  const download = byId("download", HTMLButtonElement);
  const copy = byId("copy", HTMLButtonElement);
  const choice = byId("format", HTMLSelectElement);
  choice.replaceChildren(new Option(FORMATS[0].name, FORMATS[0].type));
  let wanted = "";
  const show = (): void => {
    choice.value = wanted;
    // A format of another visit that this browser cannot write.
    if (choice.selectedIndex < 0) choice.selectedIndex = 0;
  };
  void encodableFormats().then((formats) => {
    choice.replaceChildren(...formats.map(({ name, type }) => new Option(name, type)));
    show();
  });
  choice.addEventListener("change", () => handlers.onFormat(choice.value));
  download.addEventListener("click", () => void saveAs(formatOf(choice.value), handlers));
  copy.addEventListener("click", () => void copyPicture(handlers));

  return ({ painted, format }) => {
    if (format !== wanted) {
      wanted = format;
      show();
    }
    download.disabled = copy.disabled = painted === null;
  };
}

async function saveAs(format: Format, { picture, onMessage }: SavingHandlers): Promise<void> {
  const current = picture();
  if (current === null) return;
  const { canvas, title } = current;
  const name = fileName(title, canvas.width, canvas.height, format.extension);
  // A photograph that cannot be read any more is told of by whoever paints it next.
  const blob = await current.file(format).catch(() => null);
  // WebP ends at 16383 pixels a side, and every encoder somewhere.
  if (blob?.type !== format.type) onMessage("error", say.notEncoded(format.name));
  else save(blob, name);
}

/** The clipboard takes PNG in every browser that takes pictures at all; on plain http there is no clipboard. */
async function copyPicture({ picture, onMessage }: SavingHandlers): Promise<void> {
  const current = picture();
  if (current === null) return;
  const { canvas } = current;
  const [png] = FORMATS;
  const size = [canvas.width, canvas.height] as const;
  const blob = current.file(png).then((encoded) => encoded ?? Promise.reject(new Error(say.notEncoded(png.name))));
  // Safari wants the promise itself: after an await, the click no longer counts as one.
  blob.catch(() => undefined);
  if (!clipboardTakesPictures()) {
    onMessage("error", say.noClipboard);
    return;
  }
  try {
    await navigator.clipboard.write([new ClipboardItem({ [png.type]: blob })]);
    onMessage("note", say.copied(...size));
  } catch {
    onMessage("error", say.notCopied);
  }
}

function clipboardTakesPictures(): boolean {
  return "clipboard" in navigator && typeof ClipboardItem === "function";
}
