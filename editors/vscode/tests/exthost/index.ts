// Tests in the real extension host, against the server that the extension carries.

import * as assert from "node:assert/strict";
import { promises as fs } from "node:fs";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";

import * as vscode from "vscode";

import type { Api } from "../../src/extension.ts";

const LEGEND_KINDS = ["keyword", "number"];
const BIG_BYTES = 10_000_000;

type Truthy<T> = Exclude<T, false | null | undefined | 0 | "">;

async function until<T>(ask: () => T | Promise<T>, what: string, limit = 20_000): Promise<Truthy<T>> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as Truthy<T>;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function inWorkspace(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return vscode.Uri.joinPath(folder.uri, name);
}

async function show(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(inWorkspace(name));
  await vscode.window.showTextDocument(document);
  return document;
}

async function untitled(content: string, language: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document);
  return document;
}

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

const codesOf = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).map(codeOf).sort();

const someDiagnostics = (uri: vscode.Uri) =>
  until(() => {
    const found = vscode.languages.getDiagnostics(uri);
    return found.length > 0 && found;
  }, `diagnostics of ${uri.path}`);

const none = (uri: vscode.Uri) =>
  until(() => vscode.languages.getDiagnostics(uri).length === 0, `no diagnostics of ${uri.path}`);

/** Wait until the server has answered for a document, whatever it has found. */
async function linted(document: vscode.TextDocument): Promise<void> {
  const position = new vscode.Position(0, 3);
  await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, position);
  await new Promise((resolve) => setTimeout(resolve, 300));
}

async function hover(document: vscode.TextDocument, line: number, column: number): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    new vscode.Position(line, column),
  );
  return found
    .flatMap((each) => each.contents)
    .map((each) => (typeof each === "string" ? each : each.value))
    .join("\n");
}

/** Replace a function of the API for as long as *during* runs. */
async function stubbed<T>(name: string, stub: unknown, during: () => Promise<T>): Promise<T> {
  const window = vscode.window as unknown as Record<string, unknown>;
  const original = window[name];
  window[name] = stub;
  try {
    return await during();
  } finally {
    window[name] = original;
  }
}

function cursor(line: number, column: number): void {
  const editor = vscode.window.activeTextEditor;
  assert.ok(editor);
  const at = new vscode.Position(line, column);
  editor.selection = new vscode.Selection(at, at);
}

async function textOf(uri: vscode.Uri | undefined): Promise<string> {
  assert.ok(uri);
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

let api: Api;

const tests: Record<string, () => Promise<void>> = {
  async "the extension becomes active with a transcript, and the bundled server runs"() {
    const extension = vscode.extensions.getExtension<Api>("smtp-lsp.smtp-lsp");
    assert.ok(extension);
    assert.equal(extension.isActive, false, "active before anything of ours was open");
    await show("shopping.smtp");
    await until(() => extension.isActive, "activation");
    api = extension.exports;
    assert.equal(await api.server.settled(), true);
    assert.match(api.server.origin, /^bundled, with Python 3\./);
    assert.match(api.server.version, /^\d+\.\d+/);
  },

  async "languages are told by name and by first line"() {
    for (const [name, language] of [
      ["shopping.smtp", "smtp"],
      ["good.eml", "eml"],
      ["session.txt", "plaintext"],
    ] as const)
      assert.equal((await show(name)).languageId, language, name);
    const log = inWorkspace("pasted.smtp.log");
    await vscode.workspace.fs.writeFile(log, Buffer.from("nothing\n"));
    assert.equal((await vscode.workspace.openTextDocument(log)).languageId, "smtp");
    for (const [name, line, language] of [
      ["one.unknown", "S: 220 mx.example.test ESMTP\n", "smtp"],
      ["two.unknown", "<-  220 mx.example.test ESMTP\n", "smtp"],
      ["three.unknown", "Received: from a by b; Mon, 02 Mar 2026 10:00:00 +0000\n", "eml"],
      ["four.unknown", "220 euros\n", "plaintext"],
      ["five.unknown", "Hello\n", "plaintext"],
    ] as const) {
      const uri = inWorkspace(name);
      await vscode.workspace.fs.writeFile(uri, Buffer.from(line));
      assert.equal((await vscode.workspace.openTextDocument(uri)).languageId, language, name);
    }
  },

  async "a bad transcript: each finding with its code, place and severity"() {
    const document = await show("shopping.smtp");
    const found = await someDiagnostics(document.uri);
    assert.deepEqual(codesOf(document.uri), ["DOT001", "RPL001", "SEQ001"]);
    const dot = found.find((each) => codeOf(each) === "DOT001");
    assert.deepEqual(dot?.range, new vscode.Range(19, 3, 19, 4));
    assert.equal(dot?.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(dot?.source, "smtp-lsp");
    assert.ok((dot?.relatedInformation?.length ?? 0) > 0, "no related places");
    const refused = found.find((each) => codeOf(each) === "RPL001");
    assert.equal(refused?.severity, vscode.DiagnosticSeverity.Information);
  },

  async "a good transcript and a good message: nothing"() {
    for (const name of ["good.smtp", "good.eml"]) {
      const document = await show(name);
      await linted(document);
      assert.deepEqual(codesOf(document.uri), [], name);
    }
  },

  async "a bad message"() {
    const document = await show("bad.eml");
    const [found] = await someDiagnostics(document.uri);
    assert.deepEqual(codesOf(document.uri), ["HDR014"]);
    assert.deepEqual(found?.range.start, new vscode.Position(3, 7));
  },

  async "hover on a reply code"() {
    const text = await hover(await show("shopping.smtp"), 12, 4);
    assert.match(text, /354/);
    assert.match(text, /RFC 5321/);
  },

  async "an edit makes a finding come and go"() {
    const document = await show("good.smtp");
    const editor = vscode.window.activeTextEditor;
    await editor?.edit((edit) => edit.delete(new vscode.Range(14, 3, 14, 4)));
    await someDiagnostics(document.uri);
    assert.deepEqual(codesOf(document.uri), ["DOT003"]);
    await vscode.commands.executeCommand("undo");
    await none(document.uri);
  },

  async "a quick fix mends one place"() {
    const document = await show("dots.smtp");
    const [first] = await someDiagnostics(document.uri);
    assert.ok(first);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      first.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const edit = actions.find((action) => action.edit)?.edit;
    assert.ok(edit);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.lineAt(first.range.start.line).text, "C: ..profile is hidden");
    await vscode.commands.executeCommand("undo");
  },

  async "Fix All mends all of a script"() {
    const document = await show("dots.smtp");
    await vscode.commands.executeCommand("smtp-lsp.fixAll");
    assert.equal(document.lineAt(14).text, "C: ..profile is hidden");
    assert.equal(document.lineAt(15).text, "C: ..bashrc is hidden too");
    await none(document.uri);
    await vscode.commands.executeCommand("undo");
  },

  async "fixes on save, where editor.codeActionsOnSave asks for them"() {
    const configuration = vscode.workspace.getConfiguration("editor");
    const wanted = { "source.fixAll.smtp-lsp": "explicit" };
    await configuration.update("codeActionsOnSave", wanted, vscode.ConfigurationTarget.Workspace);
    const document = await untitledFile("saved.smtp", "dots.smtp");
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(20, 0), "\n"));
    await document.save();
    assert.equal(document.lineAt(14).text, "C: ..profile is hidden");
    await configuration.update("codeActionsOnSave", undefined, vscode.ConfigurationTarget.Workspace);
  },

  async "the palette's commands are there"() {
    const all = await vscode.commands.getCommands(true);
    const manifest = vscode.extensions.getExtension("smtp-lsp.smtp-lsp")?.packageJSON;
    for (const { command } of manifest.contributes.commands) assert.ok(all.includes(command), command);
  },

  async "Explain: the code under the cursor"() {
    await show("shopping.smtp");
    cursor(12, 4);
    const shown = await vscode.commands.executeCommand<vscode.Uri>("smtp-lsp.explainAtCursor");
    assert.match(await textOf(shown), /354/);
    await show("shopping.smtp");
    cursor(4, 9);
    const keyword = await vscode.commands.executeCommand<vscode.Uri>("smtp-lsp.explainAtCursor");
    assert.match(await textOf(keyword), /ENHANCEDSTATUSCODES/);
  },

  async "Explain: asks where the cursor says nothing, and again where the answer is unknown"() {
    await show("shopping.smtp");
    cursor(18, 5);
    const prompts: string[] = [];
    const answers = ["no-such-thing", "lone-dot"];
    const stub = async (options: vscode.InputBoxOptions) => {
      prompts.push(options.prompt ?? "");
      return answers.shift();
    };
    const shown = await stubbed("showInputBox", stub, async () =>
      vscode.commands.executeCommand<vscode.Uri>("smtp-lsp.explainAtCursor"),
    );
    assert.match(await textOf(shown), /DOT001/);
    assert.equal(prompts.length, 2);
    assert.match(prompts[1] ?? "", /knows nothing of "no-such-thing"/);
  },

  async "Compare Two Codes: from two lists"() {
    await show("shopping.smtp");
    cursor(12, 4);
    const lists: string[][] = [];
    const stub = async (items: vscode.QuickPickItem[]) => {
      lists.push(items.map(({ label }) => label));
      return items.find(({ label }) => label === (lists.length === 1 ? "354" : "252"));
    };
    const shown = await stubbed("showQuickPick", stub, async () =>
      vscode.commands.executeCommand<vscode.Uri>("smtp-lsp.compareCodes"),
    );
    const text = await textOf(shown);
    assert.match(text, /354/);
    assert.match(text, /252/);
    assert.equal(lists[0]?.[0], "354", "the code under the cursor comes first");
    assert.ok(!lists[1]?.includes("354"), "a code is not compared with itself");
    assert.ok((lists[0]?.length ?? 0) > 20);
  },

  async "Lint This Buffer As: any buffer, one without a name too"() {
    const document = await untitled("S: 220 mx\nC: MAIL FROM:<a@example.org>\nS: 250 Ok\nC: QUIT\nS: 221 Bye\n", "plaintext");
    assert.deepEqual(codesOf(document.uri), []);
    await vscode.commands.executeCommand("smtp-lsp.lintAsTranscript");
    const { uri } = document;
    assert.equal(vscode.window.activeTextEditor?.document.languageId, "smtp");
    await someDiagnostics(uri);
    assert.ok(codesOf(uri).some((code) => code.startsWith("SEQ")), codesOf(uri).join());
    await vscode.commands.executeCommand("smtp-lsp.lintAsMessage");
    assert.equal(vscode.window.activeTextEditor?.document.languageId, "eml");
    await until(() => codesOf(uri).some((code) => code.startsWith("HDR")), "findings as a message");
    assert.ok(!codesOf(uri).some((code) => code.startsWith("SEQ")), codesOf(uri).join());
  },

  async "the status item tells dialect, profile, version and state"() {
    await show("shopping.smtp");
    await until(() => /C:.*SMTP|rfc.*SMTP/i.test(api.status.text), `the dialect (${api.status.text})`);
    assert.match(api.status.detail ?? "", /^smtp-lsp \d.*, running$/);
    await show("bad.eml");
    await until(() => api.status.text === "Message", "the status of a message");
  },

  async "the server folds, and colours what patterns cannot know"() {
    assert.ok(api.server.capabilities?.foldingRangeProvider, "no folding");
    assert.ok(api.server.capabilities?.semanticTokensProvider, "no semantic tokens");
    const document = await show("shopping.smtp");
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      "vscode.executeFoldingRangeProvider",
      document.uri,
    );
    assert.ok(folds.length > 0);
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
      "vscode.provideDocumentSemanticTokensLegend",
      document.uri,
    );
    for (const kind of LEGEND_KINDS) assert.ok(legend.tokenTypes.includes(kind), kind);
    const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>(
      "vscode.provideDocumentSemanticTokens",
      document.uri,
    );
    assert.ok(tokens.data.length > 0);
  },

  async "settings reach the server, and what is not set does not"() {
    const document = await show("shopping.smtp");
    await until(() => codesOf(document.uri).length === 3, "all findings");
    const configuration = vscode.workspace.getConfiguration("smtp-lsp");
    const { Workspace } = vscode.ConfigurationTarget;
    await configuration.update("ignore", ["refused-by-server"], Workspace);
    await until(() => codesOf(document.uri).join() === "DOT001,SEQ001", "ignore to be heeded");
    await configuration.update("severity", { DOT001: "hint" }, Workspace);
    await until(
      () =>
        vscode.languages.getDiagnostics(document.uri).find((each) => codeOf(each) === "DOT001")
          ?.severity === vscode.DiagnosticSeverity.Hint,
      "severity to be heeded",
    );
    await configuration.update("ignore", undefined, Workspace);
    await configuration.update("severity", undefined, Workspace);
    await until(() => codesOf(document.uri).length === 3, "the defaults again");
  },

  async "a configuration file in the workspace wins"() {
    const document = await show("shopping.smtp");
    const file = inWorkspace("smtp-lsp.toml");
    await vscode.workspace.fs.writeFile(file, Buffer.from('ignore = ["DOT001", "RPL001"]\n'));
    await until(() => codesOf(document.uri).join() === "SEQ001", "the file to be heeded");
    await vscode.workspace.fs.delete(file);
    await until(() => codesOf(document.uri).length === 3, "the defaults again");
  },

  async "Restart Server: another process, and the findings come back"() {
    const document = await show("shopping.smtp");
    const before = api.server.processId;
    assert.ok(before);
    await vscode.commands.executeCommand("smtp-lsp.restartServer");
    assert.notEqual(api.server.processId, before);
    assert.equal(api.server.state, "running");
    await until(() => codesOf(document.uri).length === 3, "the findings");
    assert.throws(() => process.kill(before, 0), "the process before still runs");
  },

  async "a changed interpreter restarts the server; one that does not work is told"() {
    const configuration = vscode.workspace.getConfiguration("smtp-lsp");
    const before = api.server.processId;
    await configuration.update("interpreter", "/no/such/python", vscode.ConfigurationTarget.Global);
    await until(() => api.server.processId !== before && api.server.state === "running", "a restart");
    assert.match(api.server.complaint, /smtp-lsp\.interpreter.*no such file/);
    await until(() => /not used: setting/.test(api.status.detail ?? ""), "the complaint shown");
    await configuration.update("interpreter", undefined, vscode.ConfigurationTarget.Global);
    await until(() => api.server.complaint === "" && api.server.state === "running", "a restart");
  },

  async "10 MB: the extension host goes on, findings come, an edit is heeded"() {
    const session = (await vscode.workspace.openTextDocument(inWorkspace("good.smtp"))).getText();
    const plain = session.endsWith("\n") ? session : `${session}\n`;
    const bad = "S: 220 mx.example.test\nC: DATA\nS: 503 no\nC: QUIT\nS: 221 Bye\n";
    const uri = inWorkspace("big.smtp");
    const whole = plain.repeat(Math.ceil(BIG_BYTES / plain.length)) + bad;
    await vscode.workspace.fs.writeFile(uri, Buffer.from(whole));
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const begun = performance.now();
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const opened = performance.now();
    await until(() => vscode.languages.getDiagnostics(uri).length > 0, "findings in 10 MB", 60_000);
    const found = performance.now();
    figure("10 MB: opened by VS Code after", opened - begun);
    figure("10 MB: findings after", found - begun);
    figure("10 MB: longest stall of the extension host while opening", delay.max / 1e6);
    const openingStall = delay.max / 1e6;
    delay.reset();

    // Typing: how long each change takes to be in the document, then until the findings follow.
    const last = vscode.languages.getDiagnostics(uri)[0]?.range.start.line ?? 0;
    cursor(0, 0);
    let slowest = 0;
    for (const character of "# typed while the server reads ") {
      const start = performance.now();
      await vscode.commands.executeCommand("type", { text: character });
      slowest = Math.max(slowest, performance.now() - start);
    }
    await vscode.commands.executeCommand("type", { text: "\n" });
    const typed = performance.now();
    const [moved] = await until(() => {
      const now = vscode.languages.getDiagnostics(uri);
      return now[0]?.range.start.line === last + 1 && now;
    }, "findings after typing", 60_000);
    figure("10 MB: findings after the last key", performance.now() - typed);
    figure("10 MB: slowest key", slowest);
    figure("10 MB: longest stall of the extension host while typing", delay.max / 1e6);
    delay.disable();
    assert.ok(moved);
    assert.ok(openingStall < 2000, `the extension host stood still for ${openingStall} ms`);
    assert.ok(delay.max / 1e6 < 1000, `the extension host stood still for ${delay.max / 1e6} ms`);
    assert.ok(slowest < 1000, `a key took ${slowest} ms`);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  },

  async "a server that ends again and again is left alone, with one message"() {
    const messages: string[] = [];
    const stub = async (message: string) => void messages.push(message);
    await stubbed("showErrorMessage", stub, async () => {
      const killed = new Set<number>();
      for (let time = 1; time <= 5; time += 1) {
        const pid = await until(() => {
          const { processId, state } = api.server;
          return state === "running" && processId && !killed.has(processId) && processId;
        }, `process ${time}`);
        killed.add(pid);
        process.kill(pid, "SIGKILL");
      }
      await until(() => api.server.state === "failed", `the failure, not ${api.server.state}`);
    });
    assert.deepEqual(messages, ["smtp-lsp ended 5 times within three minutes, and is left alone."]);
    await vscode.commands.executeCommand("smtp-lsp.restartServer");
    assert.equal(api.server.state, "running");
  },

  async "a server that does not start is told in one message"() {
    const program = inWorkspace("broken-smtp-lsp").fsPath;
    const script = '#!/bin/sh\n[ "$1" = --version ] && echo smtp-lsp 9.9 && exit 0\nexit 3\n';
    await fs.writeFile(program, script, { mode: 0o755 });
    const configuration = vscode.workspace.getConfiguration("smtp-lsp");
    const messages: string[] = [];
    const stub = async (message: string) => void messages.push(message);
    await stubbed("showErrorMessage", stub, async () => {
      await configuration.update("path", program, vscode.ConfigurationTarget.Global);
      await until(() => api.server.state === "failed", "the failure");
      await api.server.settled();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    });
    assert.equal(messages.length, 1, messages.join());
    assert.equal(api.server.state, "failed");
    await configuration.update("path", undefined, vscode.ConfigurationTarget.Global);
    await until(() => api.server.state === "running", "the bundled server again");
  },

  async "a server that was stopped is not asked"() {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await api.server.stop();
    assert.equal(api.server.state, "stopped");
    assert.equal(await api.server.ask("smtp-lsp.codes"), undefined);
  },
};

async function untitledFile(name: string, like: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.copy(inWorkspace(like), inWorkspace(name), { overwrite: true });
  return show(name);
}

function figure(what: string, milliseconds: number): void {
  console.log(`figure - ${what} ${Math.round(milliseconds)} ms`);
}

export async function run(): Promise<void> {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const begun = Date.now();
    try {
      await test();
      console.log(`ok - ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`not ok - ${name}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} failed`);
}
