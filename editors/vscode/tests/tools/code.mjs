// Starts a real VS Code (as code-server carries it) and a headless Chromium in front of it, and
// leaves neither behind.
//
// From the environment: CODE_SERVER, CHROMIUM, PYTHON, ARTIFACTS; see test.sh.

import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

export const here = path.resolve(import.meta.dirname, "../..");
export const artifacts = process.env.ARTIFACTS ?? fs.mkdtempSync(path.join(os.tmpdir(), "smtp-lsp-artifacts-"));
fs.mkdirSync(artifacts, { recursive: true });

const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.editorLargeFileConfirmation": 1000,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "editor.hover.delay": 100,
  "git.enabled": false,
  "npm.autoDetect": "off",
  "typescript.disableAutomaticTypeAcquisition": true,
};

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Wait until *ask* answers something true, and return it. */
export async function until(ask, what, milliseconds = 60_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${milliseconds / 1000} s in vain for ${what}`);
    await pause(100);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A folder of PATH with one Python, or with none. */
function folderOfPython(folder, python) {
  fs.mkdirSync(folder, { recursive: true });
  if (!python) return folder;
  // Not a link: a virtual environment is told by where its python is.
  fs.writeFileSync(path.join(folder, "python3"), `#!/bin/sh\nexec '${python}' "$@"\n`, { mode: 0o755 });
  return folder;
}

/**
 * Start VS Code with a workspace of its own, run *use*, and end it all.
 *
 * `inner` starts the server inside code-server, which alone can run an extension's tests.
 * `extensions` is the folder of installed ones. Without `python` there is none on PATH.
 */
export async function withCode({ name, inner = false, extensions, python, settings = {} }, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "smtp-lsp-code-"));
  const workspace = path.join(folder, "workspace");
  fs.cpSync(path.join(here, "tests/workspace"), workspace, { recursive: true });
  const data = path.join(folder, "data");
  for (const each of ["User", "Machine"]) {
    fs.mkdirSync(path.join(data, each), { recursive: true });
    fs.writeFileSync(path.join(data, each, "settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  }
  const port = await freePort();
  const code = process.env.CODE_SERVER;
  const words = inner
    ? [
        path.join(code, "lib/vscode/out/server-main.js"),
        ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
        ...["--accept-server-license-terms", "--telemetry-level", "off"],
        // Without it a built workbench takes no tests.
        "--enable-smoke-test-driver",
        ...["--server-data-dir", folder, "--extensions-dir", extensions ?? path.join(folder, "none")],
      ]
    : [
        path.join(code, "out/node/entry.js"),
        ...["--config", path.join(folder, "config.yaml"), "--bind-addr", `127.0.0.1:${port}`],
        ...["--auth", "none", "--disable-telemetry", "--disable-update-check"],
        ...["--disable-workspace-trust", "--disable-getting-started-override"],
        ...["--user-data-dir", data, "--extensions-dir", extensions],
      ];
  const bin = folderOfPython(path.join(folder, "bin"), python);
  const env = {
    ...process.env,
    PATH: python ? `${bin}:/usr/bin:/bin` : bin,
    HOME: folder,
    EXTENSIONS_GALLERY: "{}",
    // Else the server asks a login shell for another PATH.
    VSCODE_CLI: "1",
  };
  const output = path.join(folder, "server.log");
  const server = spawn(process.execPath, words, {
    stdio: ["ignore", fs.openSync(output, "w"), fs.openSync(output, "a")],
    detached: true,
    env,
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const end = (signal) => {
    try {
      process.kill(-server.pid, signal);
    } catch {
      // All of the group have gone.
    }
  };
  let browser;
  const stop = async () => {
    await browser?.close().catch(() => undefined);
    end("SIGTERM");
    await Promise.race([ended, pause(5000)]);
    end("SIGKILL");
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  try {
    const health = `http://127.0.0.1:${port}/${inner ? "version" : "healthz"}`;
    const answers = () => fetch(health).then((answer) => answer.ok, () => false);
    await until(answers, "the server of VS Code");
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      env: { ...process.env, HOME: folder },
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const uri = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
    const open = (payload) => {
      const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
      return page.goto(`http://127.0.0.1:${port}/?${query}`);
    };
    return await use({ page, workspace, folder, uri, open, server });
  } catch (error) {
    const [page] = browser?.contexts()[0]?.pages() ?? [];
    await page?.screenshot({ path: path.join(artifacts, `${name}-failed.png`) }).catch(() => undefined);
    showLogs(folder, output);
    throw error;
  } finally {
    await stop();
  }
}

/** Show what VS Code and the extension logged. */
function showLogs(folder, output) {
  console.log(fs.readFileSync(output, "utf8").slice(-2000));
  const logs = path.join(folder, "data/logs");
  if (!fs.existsSync(logs)) return;
  for (const file of fs.readdirSync(logs, { recursive: true })) {
    const full = path.join(logs, file);
    if (/exthost|smtp/i.test(file) && fs.statSync(full).isFile())
      console.log(`-- ${file}\n${fs.readFileSync(full, "utf8").slice(-3000)}`);
  }
}

/** Run tests one after the other; each prints its line. Returns how many failed. */
export async function run(page, tests) {
  let failed = 0;
  for (const [name, test] of tests) {
    const begun = Date.now();
    try {
      await test();
      console.log(`ok - ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      failed += 1;
      const file = `failed-${name.replace(/\W+/g, "-").slice(0, 40)}.png`;
      await page.screenshot({ path: path.join(artifacts, file) }).catch(() => undefined);
      console.log(`not ok - ${name}: ${error.stack ?? error}`);
    }
  }
  return failed;
}
