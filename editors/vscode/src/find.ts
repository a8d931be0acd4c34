// Which server to run: a pure question about settings and a machine, so that tests can ask it
// of machines that do not exist.

import * as nodePath from "node:path";

/** What happened when a program was run. */
export interface Outcome {
  /** The exit status; undefined where the program could not be run or did not end in time. */
  readonly status: number | undefined;
  readonly output: string;
  readonly error: string;
}

/** The machine that the server would run on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The variable PATH. */
  readonly path: string;
  readonly home: string;
  isFile(path: string): Promise<boolean>;
  run(command: string, args: readonly string[]): Promise<Outcome>;
}

/** What the user wants, and what the extension has. */
export interface Wanted {
  readonly path: string;
  readonly interpreter: string;
  /** In a workspace that is not trusted, only what the extension carries is run. */
  readonly trusted: boolean;
  readonly workspaceFolder: string | undefined;
  /** The script that starts the bundled server. */
  readonly launcher: string;
}

/** Something that was tried and is not used. */
export interface Attempt {
  readonly what: string;
  readonly why: string;
  /** It stands in the settings: somebody should hear that it does not work. */
  readonly fromSetting: boolean;
}

export interface Server {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it was found, in words. */
  readonly origin: string;
  readonly version: string;
}

export interface Search {
  readonly server: Server | undefined;
  readonly failed: readonly Attempt[];
}

const OLDEST = [3, 11] as const;
const PYTHONS: readonly (readonly [string, ...string[]])[] = [["python3"], ["python"], ["py", "-3"]];

/** Where the interpreter is and what version it has, in two lines. */
const PROBE = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable or '')";

export async function findServer(machine: Machine, wanted: Wanted): Promise<Search> {
  const failed: Attempt[] = [];
  const server =
    (await installed(machine, wanted, failed)) ?? (await bundled(machine, wanted, failed));
  return { server, failed };
}

async function installed(
  machine: Machine,
  wanted: Wanted,
  failed: Attempt[],
): Promise<Server | undefined> {
  const candidates = [];
  if (wanted.path) {
    candidates.push({ name: expand(wanted.path, machine, wanted), origin: "setting smtp-lsp.path" });
  }
  if (wanted.trusted) candidates.push({ name: "smtp-lsp", origin: "PATH" });
  for (const { name, origin } of candidates) {
    const fromSetting = origin !== "PATH";
    const what = fromSetting ? `${origin} (${name})` : "smtp-lsp on PATH";
    const command = await locate(name, machine);
    if (!command) {
      failed.push({ what, why: isBare(name) ? "not on PATH" : "no such file", fromSetting });
      continue;
    }
    const { status, output, error } = await machine.run(command, ["--version"]);
    const version = /^smtp-lsp (\S+)/.exec(output)?.[1];
    if (status === 0 && version) return { command, args: ["serve"], origin, version };
    const why = status === 0 ? "is another program" : reason(status, error);
    failed.push({ what, why, fromSetting });
  }
  return undefined;
}

async function bundled(
  machine: Machine,
  wanted: Wanted,
  failed: Attempt[],
): Promise<Server | undefined> {
  const setting = wanted.interpreter && expand(wanted.interpreter, machine, wanted);
  const candidates = setting ? [[setting] as const, ...PYTHONS] : PYTHONS;
  for (const words of candidates) {
    const [name, ...before] = words;
    const fromSetting = words[0] === setting;
    const what = fromSetting ? `setting smtp-lsp.interpreter (${name})` : words.join(" ");
    const command = await locate(name, machine);
    if (!command) {
      failed.push({ what, why: isBare(name) ? "not on PATH" : "no such file", fromSetting });
      continue;
    }
    const { status, output, error } = await machine.run(command, [...before, "-I", "-c", PROBE]);
    const [version = "", executable = ""] = output.split(/\r?\n/).map((line) => line.trim());
    if (status !== 0 || !/^\d+\.\d+\.\d+$/.test(version)) {
      failed.push({ what, why: status === 0 ? "is no Python" : reason(status, error), fromSetting });
      continue;
    }
    if (isTooOld(version)) {
      failed.push({ what, why: `is Python ${version}`, fromSetting });
      continue;
    }
    // The interpreter itself, not a launcher or shim in front of it: ending that one might
    // leave this one behind.
    const direct = executable && (await machine.isFile(executable)) ? executable : "";
    return {
      command: direct || command,
      args: [...(direct ? [] : before), "-I", wanted.launcher, "serve"],
      origin: `bundled, with Python ${version} (${direct || command})`,
      version: "",
    };
  }
  return undefined;
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function reason(status: number | undefined, error: string): string {
  const last = error.trim().split(/\r?\n/).at(-1) ?? "";
  if (status === undefined) return last || "does not run";
  return `ended with ${status}${last ? `: ${last}` : ""}`;
}

/** Say whether *name* has no folder: such names are looked for on PATH. */
function isBare(name: string): boolean {
  return !/[/\\]/.test(name);
}

/**
 * Return the full path of a program, or undefined.
 *
 * Done here and not left to the system: Windows would look into the current folder first, and
 * a relative entry of PATH means another folder in every window.
 */
async function locate(name: string, machine: Machine): Promise<string | undefined> {
  const path = machine.platform === "win32" ? nodePath.win32 : nodePath.posix;
  const endings = machine.platform === "win32" && !path.extname(name) ? [".exe"] : [""];
  const folders = isBare(name) ? machine.path.split(path.delimiter) : [""];
  for (const folder of folders) {
    for (const ending of endings) {
      const full = path.join(folder, name + ending);
      if (path.isAbsolute(full) && (await machine.isFile(full))) return full;
    }
  }
  return undefined;
}

function expand(value: string, machine: Machine, wanted: Wanted): string {
  return value
    .replace(/^~(?=[/\\]|$)/, () => machine.home)
    .replaceAll("${userHome}", () => machine.home)
    .replaceAll("${workspaceFolder}", () => wanted.workspaceFolder ?? "${workspaceFolder}");
}

/** Say in one paragraph what was tried in vain. */
export function explainFailure(search: Search): string {
  const tried = search.failed.map(({ what, why }) => `${what}: ${why}`);
  return (
    `smtp-lsp cannot start: it needs Python ${OLDEST.join(".")} or newer, and found none. ` +
    `Tried ${tried.join("; ")}.`
  );
}
