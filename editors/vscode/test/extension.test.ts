/** The extension against the real server. `DFLINT` names the program; else it is the one that cargo has built here. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import * as vscode from "vscode";

import { activate, deactivate } from "../src/extension";
import { planPage } from "../src/plan";

interface TestDocument extends vscode.TextDocument {
  apply(edits: vscode.TextEdit[]): void;
}

interface State {
  settings: Record<string, unknown>;
  commands: Map<string, (...args: unknown[]) => Promise<unknown>>;
  diagnostics: Map<string, vscode.Diagnostic[]>;
  providers: Record<string, unknown>;
  errors: string[];
  panels: { title: string; webview: { html: string } }[];
  statusItems: { text: string; severity: vscode.LanguageStatusSeverity }[];
  events: Record<string, { fire(event: unknown): void }>;
  TextDocument: new (uri: vscode.Uri, text: string) => TestDocument;
}

const { state } = vscode as unknown as { state: State };
const root = path.resolve(__dirname, "../../..");
const read = (name: string): string => readFileSync(path.join(root, "corpus/go", name), "utf8");

async function waitFor(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `no ${what} within 30 seconds`);
    await sleep(20);
  }
}

const document = new state.TextDocument(vscode.Uri.file("/work/Dockerfile"), read("http-server.Dockerfile"));
const found = (): vscode.Diagnostic[] => state.diagnostics.get(document.uri.toString()) ?? [];

before(async () => {
  state.settings = { path: process.env.DFLINT ?? path.join(root, "target/debug/dflint"), buildPlatform: "linux/amd64" };
  (vscode.workspace.textDocuments as unknown[]).push(document);
  const tab = { input: new vscode.TabInputText(document.uri) };
  (vscode.window.tabGroups.all as unknown[]).push({ tabs: [tab], activeTab: tab });
  (vscode.window.visibleTextEditors as unknown[]).push({ document });
  Object.assign(vscode.window, { activeTextEditor: { document } });
  await activate({ subscriptions: [] } as unknown as vscode.ExtensionContext);
});

after(deactivate);

test("the server runs, and its status says so", async () => {
  assert.deepEqual(state.errors, []);
  await waitFor("status", () => state.statusItems[0]?.text === "dflint");
});

test("a document has its findings", async () => {
  await waitFor("finding", () => found().length > 0);
  const code = found()[0]?.code;
  assert.equal(typeof code === "object" ? code.value : code, "XC101");
});

test("a plan is shown without scripts", async () => {
  await state.commands.get("dflint.showPlan")?.();
  const html = state.panels[0]?.webview.html ?? "";
  assert.match(html, /<svg/);
  assert.doesNotMatch(html, /<script/);
  assert.match(planPage("<b>", { svg: "" }), /<title>&#60;b&#62;<\/title>/);
});

test("fix all changes the document, and the finding goes", async () => {
  await state.commands.get("dflint.fixAll")?.();
  await waitFor("fix", () => document.getText() === read("http-server.fixed.Dockerfile"));
  await waitFor("end of the finding", () => found().length === 0);
});

test("a program that is not there is said to be missing", async () => {
  state.settings = { path: "/nowhere/dflint" };
  await state.commands.get("dflint.restart")?.();
  const message = /`\/nowhere\/dflint lsp` could not be started/;
  assert.ok(state.errors.some((error) => message.test(error)), state.errors.join("\n"));
  // Nor can what did not start be stopped.
  await state.commands.get("dflint.restart")?.();
});
