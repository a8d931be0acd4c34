// Which server is found, on machines that do not exist.

import assert from "node:assert/strict";
import { test } from "node:test";

import { explainFailure, findServer, type Machine, type Outcome, type Wanted } from "../../src/find.ts";

const NOT_RUN: Outcome = { status: undefined, output: "", error: "spawn EACCES" };

/** A machine with these programs; each answers every call alike. */
function machine(programs: Record<string, Outcome>, more: Partial<Machine> = {}): Machine & { ran: string[] } {
  const ran: string[] = [];
  return {
    platform: "linux",
    path: "/usr/local/bin:/usr/bin",
    home: "/home/me",
    ran,
    isFile: async (path) => path in programs,
    run: async (command, args) => {
      ran.push([command, ...args].join(" "));
      return programs[command] ?? NOT_RUN;
    },
    ...more,
  };
}

const python = (version: string, executable = ""): Outcome => ({
  status: 0,
  output: `${version}\n${executable}\n`,
  error: "",
});
const smtpLsp: Outcome = { status: 0, output: "smtp-lsp 0.1.0\n", error: "" };

function wanted(more: Partial<Wanted> = {}): Wanted {
  const nothing = { path: "", interpreter: "", trusted: true, workspaceFolder: "/ws" };
  return { ...nothing, launcher: "/ext/bundled/launch.py", ...more };
}

test("the setting comes before PATH", async () => {
  const here = machine({ "/opt/smtp-lsp": smtpLsp, "/usr/bin/smtp-lsp": smtpLsp });
  const { server, failed } = await findServer(here, wanted({ path: "/opt/smtp-lsp" }));
  assert.equal(server?.command, "/opt/smtp-lsp");
  assert.deepEqual(server?.args, ["serve"]);
  assert.equal(server?.version, "0.1.0");
  assert.deepEqual(failed, []);
});

test("~ and ${workspaceFolder} may stand in a setting, a bare name is looked for on PATH", async () => {
  const here = machine({ "/home/me/a": smtpLsp, "/ws/b": smtpLsp, "/usr/bin/c": smtpLsp });
  for (const [path, command] of [
    ["~/a", "/home/me/a"],
    ["${userHome}/a", "/home/me/a"],
    ["${workspaceFolder}/b", "/ws/b"],
    ["c", "/usr/bin/c"],
  ] as const)
    assert.equal((await findServer(here, wanted({ path }))).server?.command, command);
});

test("PATH comes before the bundled server, in trusted workspaces only", async () => {
  const here = machine({ "/usr/bin/smtp-lsp": smtpLsp, "/usr/bin/python3": python("3.12.1") });
  assert.equal((await findServer(here, wanted())).server?.command, "/usr/bin/smtp-lsp");
  const { server } = await findServer(here, wanted({ trusted: false }));
  assert.equal(server?.command, "/usr/bin/python3");
});

test("another program of that name is not used", async () => {
  const here = machine({
    "/usr/bin/smtp-lsp": { status: 0, output: "usage: ...", error: "" },
    "/usr/bin/python3": python("3.11.0"),
  });
  const { server, failed } = await findServer(here, wanted());
  assert.equal(server?.command, "/usr/bin/python3");
  assert.deepEqual(failed, [
    { what: "smtp-lsp on PATH", why: "is another program", fromSetting: false },
  ]);
});

test("the bundled server runs isolated, with the interpreter itself", async () => {
  const here = machine({
    "/usr/bin/python3": python("3.13.2", "/opt/python/bin/python3.13"),
    "/opt/python/bin/python3.13": python("3.13.2"),
  });
  const { server } = await findServer(here, wanted());
  assert.equal(server?.command, "/opt/python/bin/python3.13");
  assert.deepEqual(server?.args, ["-I", "/ext/bundled/launch.py", "serve"]);
  assert.ok(here.ran.every((each) => each.includes(" -I ")));
});

test("every Python is tried: the setting, python3, python, py -3", async () => {
  const here = machine({
    "/usr/bin/python3": python("3.9.18"),
    "/usr/bin/python": { status: 1, output: "", error: "Traceback\nboom" },
    "/usr/bin/py": python("3.11.7"),
  });
  const { server, failed } = await findServer(here, wanted({ interpreter: "/none/python" }));
  assert.equal(server?.command, "/usr/bin/py");
  assert.deepEqual(server?.args, ["-3", "-I", "/ext/bundled/launch.py", "serve"]);
  assert.deepEqual(
    failed.map(({ what, why }) => `${what}: ${why}`),
    [
      "smtp-lsp on PATH: not on PATH",
      "setting smtp-lsp.interpreter (/none/python): no such file",
      "python3: is Python 3.9.18",
      "python: ended with 1: boom",
    ],
  );
  assert.deepEqual(
    failed.map((each) => each.fromSetting),
    [false, true, false, false],
  );
});

test("3.11 is new enough, and so are 3.100 and 4.0", async () => {
  for (const [version, isUsed] of [
    ["2.7.18", false],
    ["3.10.14", false],
    ["3.11.0", true],
    ["3.100.0", true],
    ["4.0.0", true],
  ] as const) {
    const { server } = await findServer(machine({ "/usr/bin/python3": python(version) }), wanted());
    assert.equal(server !== undefined, isUsed, version);
  }
});

test("relative entries of PATH mean the workspace, and are not looked into", async () => {
  const here = machine({ "bin/python3": python("3.12.0"), "./python3": python("3.12.0"), python3: python("3.12.0") }, { path: "bin:.::" });
  const { server } = await findServer(here, wanted());
  assert.equal(server, undefined);
  assert.deepEqual(here.ran, []);
});

test("Windows: .exe is added, backslashes make a path", async () => {
  const here = machine(
    { "C:\\Python\\python.exe": python("3.12.0") },
    { platform: "win32", path: "C:\\Windows;C:\\Python" },
  );
  assert.equal((await findServer(here, wanted())).server?.command, "C:\\Python\\python.exe");
  const set = await findServer(here, wanted({ interpreter: "C:\\Python\\python.exe" }));
  assert.deepEqual(
    set.failed.map(({ what }) => what),
    ["smtp-lsp on PATH"],
  );
});

test("where nothing works, the message names what was tried", async () => {
  const search = await findServer(machine({}), wanted({ path: "/no/smtp-lsp", interpreter: "/no/python" }));
  assert.equal(search.server, undefined);
  assert.equal(
    explainFailure(search),
    "smtp-lsp cannot start: it needs Python 3.11 or newer, and found none. Tried " +
      "setting smtp-lsp.path (/no/smtp-lsp): no such file; smtp-lsp on PATH: not on PATH; " +
      "setting smtp-lsp.interpreter (/no/python): no such file; python3: not on PATH; " +
      "python: not on PATH; py -3: not on PATH.",
  );
});
