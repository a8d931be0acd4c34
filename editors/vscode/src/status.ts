// The status item: what the document at hand is taken for, and how the server is.

import * as vscode from "vscode";

import { LANGUAGES, isOurs } from "./languages.ts";
import type { SmtpServer } from "./server.ts";

/** What the server tells of a document. Every part may be missing in another version of it. */
export interface DocumentStatus {
  readonly kind?: "transcript" | "message";
  readonly dialect?: string;
  readonly dialect_title?: string;
  readonly profile?: string;
  readonly sessions?: number;
  readonly version?: string;
}

const PROFILES: Record<string, string> = { smtp: "SMTP", submission: "Submission", lmtp: "LMTP" };

/** Changes come in bursts, while somebody types. */
const SETTLE_MS = 200;

export class StatusItem implements vscode.Disposable {
  readonly item: vscode.LanguageStatusItem;
  private readonly subscriptions: vscode.Disposable[] = [];
  private timer: NodeJS.Timeout | undefined;
  private serial = 0;

  constructor(private readonly server: SmtpServer) {
    this.item = vscode.languages.createLanguageStatusItem(
      "smtp-lsp.status",
      LANGUAGES.map((language) => ({ language })),
    );
    this.item.name = "smtp-lsp";
    this.subscriptions.push(
      server.onDidChangeState(() => this.soon(0)),
      vscode.window.onDidChangeActiveTextEditor(() => this.soon(0)),
      vscode.workspace.onDidOpenTextDocument(() => this.soon()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const active = vscode.window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === active)) this.soon();
      }),
    );
    this.soon(0);
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions, this.item).dispose();
  }

  private soon(milliseconds = SETTLE_MS): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), milliseconds);
  }

  private async update(): Promise<void> {
    const serial = ++this.serial;
    const document = vscode.window.activeTextEditor?.document;
    let told: DocumentStatus | undefined;
    if (document && isOurs(document.languageId)) {
      const asked = this.server.ask<DocumentStatus | null>("smtp-lsp.status", document.uri.toString());
      told = (await asked.catch(() => undefined)) ?? undefined;
    }
    // While the server thought, somebody may have turned to another document.
    if (serial === this.serial) this.render(told);
  }

  private render(told: DocumentStatus | undefined): void {
    const { state, version, origin, complaint } = this.server;
    const name = version ? `smtp-lsp ${version}` : "smtp-lsp";
    this.item.busy = state === "starting";
    this.item.severity = vscode.LanguageStatusSeverity.Information;
    this.item.command = { title: "Show Log", command: "smtp-lsp.showLog" };
    if (state === "running") {
      this.item.text = describe(told) || "smtp-lsp";
      this.item.detail = `${name}, running`;
      if (complaint) {
        this.item.severity = vscode.LanguageStatusSeverity.Warning;
        this.item.detail += `; not used: ${complaint}`;
      }
      this.item.accessibilityInformation = { label: `${this.item.text}; ${origin}` };
      return;
    }
    this.item.text = `smtp-lsp: ${state}`;
    this.item.detail = name;
    if (state === "failed" || state === "stopped") {
      this.item.severity =
        state === "failed"
          ? vscode.LanguageStatusSeverity.Error
          : vscode.LanguageStatusSeverity.Warning;
      this.item.command = { title: "Restart Server", command: "smtp-lsp.restartServer" };
    }
  }
}

/** Say in a few words what a document is taken for. */
function describe(told: DocumentStatus | undefined): string {
  if (!told) return "";
  if (told.kind === "message") return "Message";
  const parts = [told.dialect_title || told.dialect || "Transcript"];
  if (told.profile) parts.push(PROFILES[told.profile] ?? told.profile);
  if (told.sessions !== undefined && told.sessions > 1) parts.push(`${told.sessions} sessions`);
  return parts.join(", ");
}
