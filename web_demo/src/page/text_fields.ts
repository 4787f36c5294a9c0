/** Fields for text belong to the person who types: the browser's own pasting, dropping and undoing is theirs. */

export function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && ["text", "number", "search", "url", "email", "password", "tel"].includes(target.type);
}
