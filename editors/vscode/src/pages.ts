// Pages of the server, shown as read-only documents.

import * as vscode from "vscode";

const SCHEME = "smtp-lsp";

/** Holds what was answered, so that VS Code can ask for it again when a window is restored. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? "Run the command again to see this page.\n";
  }

  /** Show Markdown, as a preview where VS Code can make one. Returns where it is. */
  async show(title: string, markdown: string): Promise<vscode.Uri> {
    const path = `/${title.replace(/[/\\?#%]/g, "-")}.md`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path });
    this.texts.set(path, markdown);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand("markdown.showPreview", uri);
    } catch {
      // The preview is an extension of VS Code that can be switched off.
      await vscode.window.showTextDocument(uri, { preview: true });
    }
    return uri;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
