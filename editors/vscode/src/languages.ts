// What the extension is for.

/** The language ids. Which of them a document has decides how it is read, whatever its name. */
export const TRANSCRIPT = "smtp";
export const MESSAGE = "eml";
export const LANGUAGES = [TRANSCRIPT, MESSAGE] as const;

/** Where documents may lie. Not `git`: both sides of a comparison would show findings. */
export const SCHEMES = ["file", "untitled", "vscode-userdata", "vscode-vfs", "vscode-remote"] as const;

export function isOurs(languageId: string): boolean {
  return languageId === TRANSCRIPT || languageId === MESSAGE;
}
