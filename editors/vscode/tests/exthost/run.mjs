// Runs tests/exthost/index.ts in VS Code's extension host, on the extension as it is packaged.
//   EXTENSION   the folder that the .vsix was unpacked to, with dist/tests/index.js in it

import path from "node:path";
import { withCode } from "../tools/code.mjs";

const LIMIT_MS = 180_000;
const extension = process.env.EXTENSION;

process.exitCode = await withCode(
  { name: "exthost", inner: true, python: process.env.PYTHON },
  async ({ page, open, uri }) => {
    const exit = new Promise((resolve, reject) => {
      page.exposeFunction("codeAutomationExit", resolve);
      setTimeout(() => reject(new Error("the tests did not end in time")), LIMIT_MS).unref();
    });
    await page.exposeFunction("codeAutomationLog", (_type, words) => {
      const text = words.join(" ");
      if (/^(?:ok|not ok|figure) - /.test(text) || process.env.VERBOSE) console.log(text);
    });
    await open([
      ["extensionDevelopmentPath", uri(extension)],
      ["extensionTestsPath", uri(path.join(extension, "dist/tests/index.js"))],
      ["skipWelcome", "true"],
    ]);
    const status = await exit;
    if (status !== 0) throw new Error(`the extension host ended with ${status}`);
    return 0;
  },
).catch((error) => {
  console.log(String(error.message));
  return 1;
});
