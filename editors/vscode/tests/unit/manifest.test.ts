// package.json against what it speaks of.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const { languages, commands, menus, configuration, grammars } = manifest.contributes;

function firstLine(id: string): RegExp {
  return new RegExp(languages.find((each: { id: string }) => each.id === id).firstLine);
}

test("every file that is named exists", () => {
  const named = [
    manifest.icon,
    ...languages.flatMap((each: { configuration: string; icon: Record<string, string> }) => [
      each.configuration,
      ...Object.values(each.icon),
    ]),
    ...grammars.map((each: { path: string }) => each.path),
  ];
  for (const file of named) assert.ok(fs.existsSync(path.join(root, file)), file);
});

test("transcripts are told by their first line", () => {
  for (const line of [
    "S: 220 mx.example.test ESMTP",
    "220 mx.example.test ESMTP ready",
    "220-mx.example.test ESMTP",
    "<<< 220 mx.example.test ESMTP Postfix",
    "<-  220 mx.example.test ESMTP ready",
    "< 220 mx.example.test",
    "=== Trying 127.0.0.1:10025...",
    "C: EHLO client.example.org",
    ">>> MAIL FROM:<alice@example.org>",
    "reply: b'220 mx.example.test ESMTP ready\\r\\n'",
    "connect: to ('127.0.0.1', 10025) None",
    "send: 'ehlo client.example.org\\r\\n'",
    "220 mail ESMTP",
  ])
    assert.match(line, firstLine("smtp"));
  for (const line of ["2200 euros", "220 euros", "<html>", "> a quotation", "C: is a drive", "220", "Dear S: 220"])
    assert.doesNotMatch(line, firstLine("smtp"));
});

test("messages are told by their first line", () => {
  for (const line of ["Return-Path: <a@example.org>", "From: a@example.org", "MIME-Version: 1.0"])
    assert.match(line, firstLine("eml"));
  for (const line of ["From here on", "Subject:", "from: x", "Dates: two"])
    assert.doesNotMatch(line, firstLine("eml"));
});

test("what the palette says of a command is about a command that exists", () => {
  const names = commands.map((each: { command: string }) => each.command);
  for (const menu of Object.values(menus) as { command: string }[][])
    for (const { command } of menu) assert.ok(names.includes(command), command);
});

test("every setting but ours is a key of the configuration file, and says so", () => {
  const keys = Object.keys(configuration.properties).map((key) => key.replace("smtp-lsp.", ""));
  const settings = fs.readFileSync(path.join(root, "src/settings.ts"), "utf8");
  for (const key of keys.filter((each) => !["path", "interpreter", "trace.server"].includes(each))) {
    assert.ok(settings.includes(`"${key}"`), key);
    const said = configuration.properties[`smtp-lsp.${key}`].markdownDescription;
    assert.match(said, /a file in the workspace wins/);
  }
});

test("what decides which program runs is not taken from untrusted workspaces", () => {
  const restricted = ["smtp-lsp.path", "smtp-lsp.interpreter"];
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, restricted);
  for (const key of restricted)
    assert.equal(configuration.properties[key].scope, "machine-overridable");
});
