// Where VS Code starts and stops the extension.

import * as vscode from "vscode";

import { registerCommands, updateContext } from "./commands.ts";
import { Pages } from "./pages.ts";
import { SmtpServer } from "./server.ts";
import { SECTION, STARTING_KEYS } from "./settings.ts";
import { StatusItem } from "./status.ts";

let server: SmtpServer | undefined;

/** What other extensions may use; the tests do. */
export interface Api {
  readonly server: SmtpServer;
  readonly status: vscode.LanguageStatusItem;
}

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel("smtp-lsp", { log: true });
  const running = (server = new SmtpServer(context, log));
  const pages = new Pages();
  const status = new StatusItem(running);
  context.subscriptions.push(
    status,
    pages,
    registerCommands(running, pages),
    running.onDidChangeState(() => void updateContext(running)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (STARTING_KEYS.some((key) => event.affectsConfiguration(`${SECTION}.${key}`)))
        void running.restart();
    }),
    // One that is on PATH may be used now.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void running.restart()),
    log,
  );
  // Not awaited: commands are there at once, and wait for the server themselves.
  void running.start();
  return { server: running, status: status.item };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  server?.dispose();
}
