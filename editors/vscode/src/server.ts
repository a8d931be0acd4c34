// The server's life: found, started, restarted, stopped, and asked.

import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  RevealOutputChannelOn,
  State as ClientState,
  type ErrorHandler,
  type LanguageClientOptions,
  type ServerCapabilities,
} from "vscode-languageclient/node";

import { explainFailure, findServer, type Search, type Server } from "./find.ts";
import { Patience } from "./large.ts";
import { LANGUAGES, SCHEMES } from "./languages.ts";
import { thisMachine } from "./machine.ts";
import { SECTION, chosen, text } from "./settings.ts";

export type State = "starting" | "running" | "stopped" | "failed";

/** How often a server may end by itself within three minutes before it is left alone. */
const CRASHES = 5;
const CRASHES_WITHIN_MS = 3 * 60_000;

/** A client that logs what went wrong, and leaves it to us what to show. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class SmtpServer implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<State>();
  readonly onDidChangeState = this.changed.event;

  private client: LanguageClient | undefined;
  private current: State = "stopped";
  private found: Server | undefined;
  private warning = "";
  private leaving = false;
  /** It has run since it was started; what never did is not started again by itself. */
  private hasRun = false;
  private gaveUp = false;
  private readonly patience = new Patience();
  /** Starting and stopping wait for each other. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): State {
    return this.current;
  }

  /** Where the server comes from, in words. */
  get origin(): string {
    return this.found?.origin ?? "";
  }

  /** A setting that does not work, although a server was found without it; or "". */
  get complaint(): string {
    return this.warning;
  }

  get version(): string {
    return this.client?.initializeResult?.serverInfo?.version ?? this.found?.version ?? "";
  }

  get processId(): number | undefined {
    return this.client?.serverProcess?.pid;
  }

  get capabilities(): ServerCapabilities | undefined {
    return this.client?.initializeResult?.capabilities;
  }

  offers(command: string): boolean {
    return this.capabilities?.executeCommandProvider?.commands.includes(command) ?? false;
  }

  /** Ask the server to run a command; undefined where it has none of that name. */
  async ask<T>(command: string, ...args: unknown[]): Promise<T | undefined> {
    if (this.current !== "running" || !this.client || !this.offers(command)) return undefined;
    return (await this.client.sendRequest(ExecuteCommandRequest.type, {
      command,
      arguments: args,
    })) as T;
  }

  /** Wait until what was begun has come to an end; says whether the server runs. */
  async settled(): Promise<boolean> {
    await this.queue;
    return this.current === "running";
  }

  start(): Promise<void> {
    return this.enqueue(() => this.startNow());
  }

  restart(): Promise<void> {
    this.leaving = true;
    return this.enqueue(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  stop(): Promise<void> {
    this.leaving = true;
    return this.enqueue(() => this.stopNow());
  }

  dispose(): void {
    void this.stop();
    this.patience.dispose();
    this.changed.dispose();
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error: unknown) => {
      this.log.error(error instanceof Error ? error : String(error));
      this.become("failed");
    });
    return this.queue;
  }

  private become(state: State): void {
    if (state === this.current) return;
    this.current = state;
    this.changed.fire(state);
  }

  private async startNow(): Promise<void> {
    this.leaving = this.hasRun = this.gaveUp = false;
    this.become("starting");
    const search = await this.find();
    this.found = search.server;
    if (!search.server) {
      this.become("failed");
      this.tell(explainFailure(search), "smtp-lsp.interpreter");
      return;
    }
    const client = new QuietClient(
      SECTION,
      "smtp-lsp",
      {
        command: search.server.command,
        args: [...search.server.args],
        // Not the workspace, where the client would start it: what lies there must not matter.
        options: { cwd: this.context.extensionPath },
      },
      this.clientOptions(),
    );
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) return;
      if (newState === ClientState.Running) this.hasRun = true;
      const state = stateOf(newState);
      this.become(this.gaveUp && state === "stopped" ? "failed" : state);
    });
    try {
      await client.start();
      const version = client.initializeResult?.serverInfo?.version ?? "";
      this.log.info(`smtp-lsp ${version} runs: ${search.server.origin}`);
    } catch (error) {
      this.log.error(`the server did not start: ${String(error)}`);
      this.gaveUp = true;
      this.become("failed");
      this.tell(`smtp-lsp does not start (${search.server.origin}).`, "smtp-lsp.path");
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    const child = client?.serverProcess;
    this.client = undefined;
    if (client?.needsStop()) await client.stop().catch(() => undefined);
    await client?.dispose().catch(() => undefined);
    // A client that is just starting a server again refuses to stop it. Killing one that has
    // gone does nothing.
    if (child?.exitCode === null) setTimeout(() => child.kill(), 2000).unref();
    this.become("stopped");
  }

  private async find(): Promise<Search> {
    const search = await findServer(thisMachine(this.context.extensionPath), {
      path: text("path"),
      interpreter: text("interpreter"),
      trusted: vscode.workspace.isTrusted,
      workspaceFolder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
      launcher: this.context.asAbsolutePath("bundled/launch.py"),
    });
    for (const { what, why } of search.failed) this.log.info(`not used: ${what}: ${why}`);
    const broken = search.failed.filter((attempt) => attempt.fromSetting);
    this.warning = broken.map(({ what, why }) => `${what}: ${why}`).join("; ");
    return search;
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector: SCHEMES.flatMap((scheme) =>
        LANGUAGES.map((language) => ({ scheme, language })),
      ),
      outputChannel: this.log,
      // A server that writes a warning is no reason to take the panel from somebody's hands.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => chosen(),
      initializationFailedHandler: () => false,
      diagnosticPullOptions: { onChange: true, onSave: true },
      errorHandler: this.errorHandler(),
      middleware: {
        ...this.patience.middleware,
        workspace: {
          // On its way out a server need not hear of settings, and the client would log an error.
          didChangeConfiguration: async (sections, next) => {
            if (!this.leaving) await next(sections);
          },
          configuration: (params, token, next) =>
            params.items.every((item) => item.section === SECTION)
              ? params.items.map(() => chosen())
              : next(params, token),
        },
      },
    };
  }

  /** Restart a server that ended by itself, within limits; say so only where they are reached. */
  private errorHandler(): ErrorHandler {
    const ends: number[] = [];
    return {
      // What is written to a process that has gone fails; that it has gone comes right after.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        // Whoever started it hears that it did not start, and says so.
        if (!this.hasRun) return { action: CloseAction.DoNotRestart, handled: true };
        const now = Date.now();
        ends.push(now);
        while (ends[0] !== undefined && ends[0] < now - CRASHES_WITHIN_MS) ends.shift();
        if (ends.length < CRASHES) {
          this.log.warn("the server ended by itself, and is started again");
          return { action: CloseAction.Restart, handled: true };
        }
        const message = `smtp-lsp ended ${ends.length} times within three minutes, and is left alone.`;
        this.gaveUp = true;
        this.tell(message, "smtp-lsp.path");
        return { action: CloseAction.DoNotRestart, handled: true, message };
      },
    };
  }

  private tell(message: string, setting: string): void {
    this.log.error(message);
    const open = "Open Setting";
    const show = "Show Log";
    void vscode.window.showErrorMessage(message, open, show).then((chosenButton) => {
      if (chosenButton === open) void openSetting(setting);
      if (chosenButton === show) this.log.show();
    });
  }
}

/** Open a setting of the machine that the server runs on: elsewhere VS Code does not list it. */
async function openSetting(setting: string): Promise<void> {
  const where = vscode.env.remoteName ? "openRemoteSettings" : "openSettings";
  await vscode.commands.executeCommand(`workbench.action.${where}`, { query: setting });
}

function stateOf(state: ClientState): State {
  switch (state) {
    case ClientState.Running:
      return "running";
    case ClientState.Starting:
      return "starting";
    case ClientState.StartFailed:
      return "failed";
    default:
      return "stopped";
  }
}
