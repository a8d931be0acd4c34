// Puts the server and the libraries it needs under bundled/libs, all of it pure Python.
//   PYTHON       a Python >= 3.11 with pip (default: python3)
//   SMTP_LSP     where the sources of smtp-lsp are (default: this repository)
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const here = path.resolve(import.meta.dirname, "..");
const source = path.resolve(process.env.SMTP_LSP ?? path.join(here, "../.."));
const python = process.env.PYTHON ?? "python3";
const target = path.join(here, "bundled/libs");

function pip(...words) {
  const common = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--root-user-action=ignore"];
  common.push("--no-deps", "--no-compile");
  execFileSync(python, [...common, "--target", target, ...words], { stdio: "inherit" });
}

fs.rmSync(target, { recursive: true, force: true });
pip("--only-binary", ":all:", "--requirement", path.join(here, "bundled/requirements.txt"));
pip("--upgrade", source);

// Console scripts name this machine's Python, and pip's notes this machine's folders.
for (const name of ["bin", "Scripts"]) fs.rmSync(path.join(target, name), { recursive: true, force: true });
const files = fs.readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
for (const file of files) {
  const full = path.join(file.parentPath, file.name);
  if (["direct_url.json", "INSTALLER", "REQUESTED", "RECORD"].includes(file.name)) fs.rmSync(full);
  if (/\.(so|pyd|dll|dylib|pyc)$/.test(file.name)) throw new Error(`not pure Python: ${full}`);
}

const said = execFileSync(python, ["-I", "-B", path.join(here, "bundled/launch.py"), "--version"], {
  encoding: "utf8",
});
console.log(`bundled ${said.trim()}`);
