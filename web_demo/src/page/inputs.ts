/** How the visitor's own pictures come in: file dialogs, drag and drop, paste. */
import { byId } from "./dom";
import { filesOf } from "./dropped_files";
import { pictureErrors } from "./strings";
import { isTextField } from "./text_fields";

export type Target = "photo" | "style";

export interface InputHandlers {
  /** At least one file. */
  onFiles(target: Target, files: readonly File[]): void;
  onNothing(sentence: string): void;
}

export function listenForPictures(handlers: InputHandlers): void {
  listenToDialog(byId("choose-photo", HTMLInputElement), "photo", handlers);
  listenToDialog(byId("choose-video", HTMLInputElement), "photo", handlers);
  listenToDialog(byId("choose-styles", HTMLInputElement), "style", handlers);
  listenToDrops(handlers);
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 && isTextField(event.target)) return;
    // Pasted where the paintings are, a picture is a painting; anywhere else it is the photograph.
    const inStyles = byId("styles-section", HTMLElement).contains(document.activeElement);
    deliver(inStyles ? "style" : "photo", files, handlers);
  });
}

function listenToDialog(input: HTMLInputElement, target: Target, handlers: InputHandlers): void {
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // So that choosing the same file again is a change too.
    input.value = "";
    if (files.length > 0) handlers.onFiles(target, files);
  });
}

function listenToDrops(handlers: InputHandlers): void {
  const zones = byId("drop-zones", HTMLElement);
  const show = (visible: boolean): void => {
    zones.hidden = !visible;
  };
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

  document.addEventListener("dragenter", (event) => {
    if (hasFiles(event)) show(true);
  });
  /** Text that is dropped into a field for text. */
  const isForField = (event: DragEvent): boolean => !hasFiles(event) && isTextField(event.target);
  document.addEventListener("dragover", (event) => {
    if (isForField(event)) return;
    // Of anything at all: a link or a picture of another page would be opened in the place of this one.
    event.preventDefault();
    const zone = zoneOf(event);
    for (const element of zones.querySelectorAll("[data-drop]")) element.classList.toggle("over", element === zone);
  });
  document.addEventListener("dragleave", (event) => {
    // No related target: the pointer has left the window.
    if (event.relatedTarget === null) show(false);
  });
  document.addEventListener("drop", (event) => {
    show(false);
    if (isForField(event)) return;
    event.preventDefault();
    const target = zoneOf(event)?.dataset["drop"] === "style" ? "style" : "photo";
    if (event.dataTransfer === null) return;
    if (hasFiles(event)) void filesOf(event.dataTransfer).then((files) => deliver(target, files, handlers));
    else handlers.onNothing(pictureErrors.noFile);
  });
}

function zoneOf(event: DragEvent): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>("[data-drop]") : null;
}

function deliver(target: Target, files: readonly File[], handlers: InputHandlers): void {
  if (files.length > 0) handlers.onFiles(target, files);
  else handlers.onNothing(pictureErrors.nothing);
}
