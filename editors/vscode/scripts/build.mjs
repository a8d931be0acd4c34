// Bundles the extension into one file. With --tests also what runs in the extension host.
import * as esbuild from "esbuild";
import path from "node:path";

const here = path.resolve(import.meta.dirname, "..");
const common = {
  absWorkingDir: here,
  bundle: true,
  external: ["vscode"],
  format: "cjs",
  platform: "node",
  target: "node20",
  logLevel: "warning",
};

if (process.argv.includes("--tests")) {
  await esbuild.build({ ...common, entryPoints: ["tests/exthost/index.ts"], outfile: "dist/tests/index.js" });
} else {
  await esbuild.build({ ...common, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", minify: true });
}
