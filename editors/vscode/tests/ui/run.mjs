// What somebody sees, in a real window. Screenshots go to ARTIFACTS.
//   EXTENSIONS   the folder that the .vsix was installed into

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { artifacts, run, until, withCode } from "../tools/code.mjs";

const extensions = process.env.EXTENSIONS;
const BIG_BYTES = 10_000_000;
/** A key that takes longer to appear than this makes people look up. */
const SLOW_KEY_MS = 1500;

/** Return the process ids of the servers that this window's extension runs. */
function servers() {
  return fs.readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const words = fs.readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
      return words.includes("serve") && words.some((word) => word.startsWith(extensions));
    } catch {
      return false;
    }
  });
}

/** The editor with its panel; what the README shows. */
const EDITOR = { x: 353, y: 36, width: 922, height: 731 };

const shot = (page, name, clip) =>
  page.screenshot({ path: path.join(artifacts, `${name}.png`), ...(clip && { clip }) });

/** The line of the editor that shows this text. */
const line = (page, text) => page.locator(".editor-instance .view-line", { hasText: text }).first();

/** Wait until the server's colours are there: without them a field's name in content has none. */
const coloured = (page, word) =>
  page.locator(".editor-instance .view-line span", { hasText: new RegExp(`^${word}$`) }).first().waitFor();

async function openFile(page, name) {
  await page.keyboard.press("Control+P");
  const box = page.locator(".quick-input-widget:visible input").first();
  await box.fill(name);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(`[role=tab][aria-selected=true]:has-text("${name}")`).waitFor();
}

async function command(page, title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget:visible input").first().fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
}

async function goTo(page, place) {
  await page.keyboard.press("Control+G");
  await page.locator(".quick-input-widget:visible input").first().fill(`:${place}`);
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget:visible").waitFor({ state: "detached" });
}

/** Wait until a squiggle of this kind lies under the line with this number, or none does. */
async function squiggleAt(page, kind, number, isThere = true) {
  await page.waitForFunction(
    ([className, wanted, isWanted]) => {
      const top = (element) => element.getBoundingClientRect().top;
      const numbers = [...document.querySelectorAll(".editor-instance .line-numbers")];
      const place = numbers.find((each) => each.textContent.trim() === String(wanted));
      const squiggles = [...document.querySelectorAll(`.editor-instance .${className}`)];
      const found = place && squiggles.some((each) => Math.abs(top(each) - top(place)) < 12);
      return Boolean(place) && found === isWanted;
    },
    [`squiggly-${kind}`, number, isThere],
    { timeout: 30_000 },
  );
}


function writeBigFile(workspace) {
  const session = fs.readFileSync(path.join(workspace, "good.smtp"), "utf8");
  const bad = "S: 220 mx.example.test\nC: DATA\nS: 503 no\nC: QUIT\nS: 221 Bye\n";
  const whole = `# ten million octets\n${session.repeat(Math.ceil(BIG_BYTES / session.length))}${bad}`;
  fs.writeFileSync(path.join(workspace, "big.smtp"), whole);
}

function withPython({ page, workspace, open, uri }) {
  writeBigFile(workspace);
  return run(page, [
    [
      "UI: a squiggle under the lone dot",
      async () => {
        await open([["openFile", uri(path.join(workspace, "shopping.smtp"))]]);
        await page.waitForSelector("[role=tab]:has-text('shopping.smtp')", { timeout: 60_000 });
        await squiggleAt(page, "error", 20);
        const mode = page.locator("[id='status.editor.mode']");
        assert.match(await mode.innerText(), /SMTP Transcript/);
      },
    ],
    [
      "UI: Problems names the code",
      async () => {
        await page.keyboard.press("Control+Shift+M");
        const row = page.locator(".markers-panel .monaco-list-row", { hasText: "lone dot" });
        await row.first().waitFor();
        assert.match((await row.first().innerText()).replace(/\s+/g, " "), /smtp-lsp.*DOT001/);
        await coloured(page, "Subject");
        await shot(page, "problems", EDITOR);
      },
    ],
    [
      "UI: hover on a reply code",
      async () => {
        await page.keyboard.press("Control+J");
        const code = line(page, "354").locator("span", { hasText: /^354$/ }).first();
        await code.hover();
        const hover = page.locator(".monaco-hover:visible", { hasText: "RFC 5321" }).first();
        await hover.waitFor();
        assert.match(await hover.innerText(), /354/);
        await shot(page, "hover", { ...EDITOR, height: 604 });
        await page.keyboard.press("Escape");
      },
    ],
    [
      "UI: the status of the document",
      async () => {
        await page.mouse.move(400, 20);
        await page.locator("[id='status.languageStatus']").hover();
        const item = page.locator(".monaco-hover:visible", { hasText: "running" }).first();
        await item.waitFor();
        assert.match((await item.innerText()).replace(/\s+/g, " "), /SMTP.*smtp-lsp \d/);
        await shot(page, "status");
        await page.mouse.move(400, 20);
      },
    ],
    [
      "UI: an edit clears it",
      async () => {
        await line(page, "Apples").click();
        await goTo(page, "20:5");
        await page.keyboard.type(".");
        await squiggleAt(page, "error", 20, false);
        await page.keyboard.press("Control+Z");
        await squiggleAt(page, "error", 20);
      },
    ],
    [
      "UI: Explain Code Under Cursor shows a page",
      async () => {
        await goTo(page, "13:5");
        await command(page, "smtp-lsp: Explain Code Under Cursor");
        await page.locator("[role=tab]", { hasText: "354" }).first().waitFor();
        const found = await until(async () => {
          for (const frame of page.frames()) {
            const text = await frame.locator("body").innerText().catch(() => "");
            if (/354/.test(text) && /RFC/.test(text) && frame !== page.mainFrame()) return text;
          }
          return undefined;
        }, "the page");
        assert.match(found, /354/);
        await page.waitForTimeout(1000); // until it is painted, which nothing tells
        await shot(page, "explain", EDITOR);
        await command(page, "View: Close Editor");
      },
    ],
    [
      "UI: a message, with its own findings",
      async () => {
        await openFile(page, "bad.eml");
        await squiggleAt(page, "warning", 4);
        await shot(page, "message");
      },
    ],
    [
      "UI: the server is killed, and comes back",
      async () => {
        await openFile(page, "dots.smtp");
        await squiggleAt(page, "warning", 15);
        const [before, ...others] = servers();
        assert.ok(before, "no server runs");
        assert.deepEqual(others, []);
        process.kill(Number(before), "SIGKILL");
        await until(() => servers().some((each) => each !== before), "another server");
        await line(page, ".profile").click();
        await goTo(page, "16:1");
        await page.keyboard.press("End");
        await page.keyboard.press("Enter");
        await page.keyboard.type("C: .inputrc");
        await squiggleAt(page, "warning", 17);
        assert.equal(await page.locator(".notification-list-item").count(), 0);
        await coloured(page, "Subject");
        await shot(page, "restarted");
        await command(page, "File: Revert File");
      },
    ],
    [
      "UI: typing goes on while 10 MB are read",
      async () => {
        await openFile(page, "big.smtp");
        await line(page, "ten million").click();
        await page.keyboard.press("Control+Home");
        const took = [];
        const words = "# abcdefghij";
        for (let length = 1; length <= words.length; length += 1) {
          const begun = Date.now();
          await page.keyboard.type(words[length - 1]);
          await page.waitForFunction(
            (text) =>
              [...document.querySelectorAll(".editor-instance .view-line")].some(
                (each) => each.textContent.replaceAll("\u00a0", " ").startsWith(`${text}# ten`),
              ),
            words.slice(0, length),
            { timeout: 20_000, polling: 10 },
          );
          took.push(Date.now() - begun);
        }
        took.sort((a, b) => a - b);
        console.log(`figure - 10 MB: a key is on the screen after ${took[took.length >> 1]} ms, the slowest after ${took.at(-1)} ms`);
        await shot(page, "big");
        assert.ok(took.at(-1) < SLOW_KEY_MS, `a key took ${took.at(-1)} ms`);
        await command(page, "File: Revert File");
      },
    ],
  ]);
}

function withoutPython({ page, workspace, open, uri }) {
  const press = async (button) => {
    const found = page.locator(".notification-list-item .monaco-button", { hasText: button }).first();
    await found.waitFor();
    await found.click();
  };
  return run(page, [
    [
      "UI: no Python: one message says what was tried, its buttons work",
      async () => {
        await open([["openFile", uri(path.join(workspace, "shopping.smtp"))]]);
        const message = page.locator(".notifications-toasts .notification-list-item", { hasText: "smtp-lsp" });
        await message.first().waitFor({ timeout: 60_000 });
        const text = await message.first().innerText();
        for (const part of ["/no/such/python", "python3", "python", "py -3", "3.11"]) assert.ok(text.includes(part), text);
        await shot(page, "no-python");
        assert.equal(await page.locator(".notification-list-item").count(), 1);
        await press("Show Log");
        await page.locator(".output-view-container, .output-view", { hasText: "no such file" }).first().waitFor();
        await shot(page, "no-python-log");
        await command(page, "smtp-lsp: Restart Server");
        await press("Open Setting");
        await page.locator(".settings-editor .setting-item-title", { hasText: "Interpreter" }).first().waitFor();
        await shot(page, "no-python-setting");
      },
    ],
  ]);
}

let failed = 0;
try {
  failed += await withCode({ name: "ui", extensions, python: process.env.PYTHON }, withPython);
  const settings = { "smtp-lsp.interpreter": "/no/such/python" };
  failed += await withCode({ name: "no-python", extensions, settings }, withoutPython);
  await until(() => servers().length === 0, "every server to end", 10_000);
} catch (error) {
  console.log(`not ok - UI: ${error.stack ?? error}`);
  failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
