/**
 * Every sentence of the page, in the visitor's language: English until `speak` has been called, once, before the page is put
 * together. What is read from here while a module is evaluated would stay English, so read it where it is shown.
 */
import { english, type Language } from "./languages/en";
import type { ErrorCode } from "../shared/protocol";

export let { text, backendNames, say, painting, many, film, filmErrors, cameraErrors, recordErrors, exportErrors, pictureErrors, keepErrors, shareErrors, titles, credits } = english;
let { errors } = english;

export function speak(language: Language): void {
  ({ text, backendNames, say, painting, many, film, filmErrors, cameraErrors, recordErrors, exportErrors, pictureErrors, keepErrors, shareErrors, titles, credits, errors } = language);
}

export function errorSentence(code: ErrorCode, detail: string): string {
  return errors[code](detail.replace(/\.$/, ""));
}
