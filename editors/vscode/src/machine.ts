// The machine that the extension runs on.

import { execFile } from "node:child_process";
import { promises as fs } from "node:fs";
import * as os from "node:os";

import type { Machine, Outcome } from "./find.ts";

/** How long a program may take to say its version, on a cold and busy machine too. */
const PATIENCE_MS = 20_000;

/** Return this machine; programs run in *folder*, which must not be one of the workspace's. */
export function thisMachine(folder: string): Machine {
  return {
    platform: process.platform,
    path: process.env["PATH"] ?? "",
    home: os.homedir(),
    async isFile(path) {
      try {
        return (await fs.stat(path)).isFile();
      } catch {
        return false;
      }
    },
    run(command, args) {
      return new Promise<Outcome>((resolve) => {
        const options = { cwd: folder, timeout: PATIENCE_MS, windowsHide: true };
        const child = execFile(command, args, options, (error, output, complaints) => {
          if (!error) resolve({ status: 0, output, error: complaints });
          else if (error.killed) resolve({ status: undefined, output, error: "no answer in time" });
          else if (typeof error.code === "number")
            resolve({ status: error.code, output, error: complaints });
          else resolve({ status: undefined, output, error: error.message });
        });
        child.stdin?.end();
      });
    },
  };
}
