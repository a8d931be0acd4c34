// The commands of the palette.

import * as vscode from "vscode";

import { MESSAGE, TRANSCRIPT, isOurs } from "./languages.ts";
import type { Pages } from "./pages.ts";
import type { SmtpServer } from "./server.ts";

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append("smtp-lsp");

interface Code {
  readonly code: string;
  readonly title: string;
}

/** Register every command; what each does is below. */
export function registerCommands(server: SmtpServer, pages: Pages): vscode.Disposable {
  const commands: Record<string, () => unknown> = {
    restartServer: () => server.restart(),
    showLog: () => server.log.show(),
    explainAtCursor: () => explainAtCursor(server, pages),
    compareCodes: () => compareCodes(server, pages),
    fixAll: () => fixAll(server),
    lintAsTranscript: () => lintAs(TRANSCRIPT),
    lintAsMessage: () => lintAs(MESSAGE),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`smtp-lsp.${name}`, run),
    ),
  );
}

/**
 * Tell VS Code which commands the server that runs has nothing for.
 *
 * The keys are negative, so that a command can be called before anything has started: it
 * starts the extension.
 */
export async function updateContext(server: SmtpServer): Promise<void> {
  if (server.state !== "running") return;
  const missing = {
    cannotExplain: !server.offers("smtp-lsp.explain"),
    cannotCompare: !server.offers("smtp-lsp.compare"),
    cannotFix: !fixes(server),
  };
  for (const [key, value] of Object.entries(missing))
    await vscode.commands.executeCommand("setContext", `smtp-lsp.${key}`, value);
}

function fixes(server: SmtpServer): boolean {
  const provider = server.capabilities?.codeActionProvider;
  if (typeof provider !== "object") return Boolean(provider);
  return provider.codeActionKinds?.some((kind) => FIX_ALL.contains(toKind(kind))) ?? true;
}

function toKind(kind: string): vscode.CodeActionKind {
  return vscode.CodeActionKind.Empty.append(kind);
}

/** Wait for the server, and say so where there is none or it cannot do this. */
async function ready(server: SmtpServer, command: string): Promise<boolean> {
  if (!(await server.settled())) {
    void vscode.window.showErrorMessage("smtp-lsp does not run; its log says why.");
    return false;
  }
  if (server.offers(command)) return true;
  void vscode.window.showErrorMessage(`smtp-lsp ${server.version} cannot do this.`);
  return false;
}

// -- explain ------------------------------------------------------------------

async function explainAtCursor(server: SmtpServer, pages: Pages): Promise<vscode.Uri | undefined> {
  if (!(await ready(server, "smtp-lsp.explain"))) return undefined;
  const explain = (thing: string) => server.ask<string | null>("smtp-lsp.explain", thing);
  const editor = vscode.window.activeTextEditor;
  const guesses = editor ? thingsAt(editor) : [];
  for (const thing of guesses) {
    const page = await explain(thing);
    if (page) return pages.show(thing, page);
  }
  let value = guesses[0] ?? "";
  let prompt = "A reply code, enhanced code, verb, EHLO keyword, header field or rule";
  for (;;) {
    const thing = (
      await vscode.window.showInputBox({ prompt, value, placeHolder: "354, 5.7.1, RCPT, SIZE, DOT001" })
    )?.trim();
    if (!thing) return undefined;
    const page = await explain(thing);
    if (page) return pages.show(thing, page);
    prompt = `smtp-lsp knows nothing of "${thing}". ${prompt.replace(/^smtp-lsp .*?"\. /, "")}`;
    value = thing;
  }
}

/** Return what the cursor may mean, the best guess first. */
function thingsAt(editor: vscode.TextEditor): string[] {
  const { document, selection } = editor;
  const things: string[] = [];
  if (!selection.isEmpty && selection.isSingleLine) things.push(document.getText(selection).trim());
  const at = selection.active;
  const word = document.getWordRangeAtPosition(at, /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/);
  if (word) {
    const text = document.getText(word);
    things.push(text);
    // "250-SIZE" is a code and a keyword; the cursor says which is meant.
    const parts = /^([2-5]\d\d)-(.+)$/.exec(text);
    if (parts?.[1] && parts[2])
      things.unshift(at.character - word.start.character <= 3 ? parts[1] : parts[2]);
  }
  for (const diagnostic of vscode.languages.getDiagnostics(document.uri)) {
    if (diagnostic.source !== "smtp-lsp" || !diagnostic.range.contains(at)) continue;
    const { code } = diagnostic;
    things.push(String(typeof code === "object" ? code.value : code));
  }
  return things.filter((thing) => thing && thing.length < 100);
}

// -- compare ------------------------------------------------------------------

async function compareCodes(server: SmtpServer, pages: Pages): Promise<vscode.Uri | undefined> {
  if (!(await ready(server, "smtp-lsp.compare"))) return undefined;
  const codes = (await server.ask<Code[]>("smtp-lsp.codes")) ?? [];
  const near = codeUnderCursor();
  const first = await pickCode(codes, "The first reply code", near);
  if (!first) return undefined;
  const others = codes.filter(({ code }) => code !== first);
  const second = await pickCode(others, `The reply code to compare with ${first}`);
  if (!second) return undefined;
  const page = await server.ask<string>("smtp-lsp.compare", first, second);
  return page ? pages.show(`${first} and ${second}`, page) : undefined;
}

async function pickCode(
  codes: readonly Code[],
  title: string,
  near?: string,
): Promise<string | undefined> {
  // A server without the list still compares.
  if (codes.length === 0) {
    return vscode.window.showInputBox({
      prompt: title,
      value: near ?? "",
      validateInput: (text) => (/^[2-5]\d\d$/.test(text) ? undefined : "Three digits, 200 to 599"),
    });
  }
  const items = codes.map(({ code, title: description }) => ({ label: code, description }));
  items.sort((a, b) => Number(b.label === near) - Number(a.label === near));
  const options = { placeHolder: title, matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}

function codeUnderCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor ? thingsAt(editor).find((thing) => /^[2-5]\d\d$/.test(thing)) : undefined;
}

// -- mend ---------------------------------------------------------------------

async function fixAll(server: SmtpServer): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document || !isOurs(document.languageId) || !(await server.settled())) return;
  const everything = new vscode.Range(0, 0, document.lineCount, 0);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    everything,
    FIX_ALL.value,
  );
  const edit = actions.find((action) => action.kind && FIX_ALL.contains(action.kind))?.edit;
  if (edit) await vscode.workspace.applyEdit(edit);
  else void vscode.window.showInformationMessage("smtp-lsp: there is nothing here that a fix can mend.");
}

// -- languages ----------------------------------------------------------------

async function lintAs(language: string): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document) await vscode.languages.setTextDocumentLanguage(document, language);
}
