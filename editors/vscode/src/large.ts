// Large documents: the server reads one again as a whole after every change. What an editor asks
// of its own accord (findings, colours, folds, light bulbs) waits until the typing pauses.

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

const LARGE_LINES = 20_000;
const PAUSE_MS = 800;

export class Patience implements vscode.Disposable {
  /** When somebody last typed into a large document. */
  private readonly changes = new WeakMap<vscode.TextDocument, number>();

  private readonly listener = vscode.workspace.onDidChangeTextDocument(
    ({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document.lineCount > LARGE_LINES)
        this.changes.set(document, Date.now());
    },
  );

  readonly middleware: Middleware = {
    provideDiagnostics: async (document, previousResultId, token, next) => {
      const isQuiet = document instanceof vscode.Uri || (await this.quiet(document, token));
      // The client then asks once more, about the newest text.
      if (!isQuiet) throw new vscode.CancellationError();
      return next(document, previousResultId, token);
    },
    provideDocumentSemanticTokens: async (document, token, next) =>
      (await this.quiet(document, token)) ? next(document, token) : undefined,
    provideDocumentRangeSemanticTokens: async (document, range, token, next) =>
      (await this.quiet(document, token)) ? next(document, range, token) : undefined,
    provideFoldingRanges: async (document, context, token, next) =>
      (await this.quiet(document, token)) ? next(document, context, token) : undefined,
    provideCodeActions: async (document, range, context, token, next) =>
      (await this.quiet(document, token)) ? next(document, range, context, token) : undefined,
  };

  dispose(): void {
    this.listener.dispose();
  }

  /** Wait until nobody types into *document*; says whether the answer is still wanted. */
  private async quiet(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<boolean> {
    for (;;) {
      const left = (this.changes.get(document) ?? 0) + PAUSE_MS - Date.now();
      if (token.isCancellationRequested) return false;
      if (left <= 0) return true;
      await pause(left, token);
    }
  }
}

function pause(milliseconds: number, token: vscode.CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const listener = token.onCancellationRequested(done);
  });
}
