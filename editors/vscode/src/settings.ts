// The settings of the section, as the server may take them.

import * as vscode from "vscode";

export const SECTION = "smtp-lsp";

/** The keys that a configuration file may hold too. */
export const SHARED_KEYS = [
  "select",
  "ignore",
  "extend-select",
  "exclude",
  "per-file-ignores",
  "severity",
  "unsafe-fixes",
  "dialect",
  "context",
  "header-charset",
  "locale",
  "baseline",
] as const;

/** Settings that decide which server runs. */
export const STARTING_KEYS = ["path", "interpreter"] as const;

/**
 * Return what is set, and nothing else.
 *
 * VS Code answers the default of a setting that nobody set, and one of our defaults laid over
 * the server's would change it: `select: []` is not the same as nothing selected.
 */
export function chosen(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const values: Record<string, unknown> = {};
  for (const key of SHARED_KEYS) {
    const found = configuration.inspect(key);
    if (!found) continue;
    const isSet =
      found.globalValue !== undefined ||
      found.workspaceValue !== undefined ||
      found.workspaceFolderValue !== undefined;
    const value = configuration.get(key);
    if (isSet && value !== null && value !== "") values[key] = value;
  }
  return values;
}

export function text(key: "path" | "interpreter"): string {
  return (vscode.workspace.getConfiguration(SECTION).get<string>(key) ?? "").trim();
}
