/** The extension: starts the server, offers its commands, and shows how it is. */
import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn, State, TransportKind } from "vscode-languageclient/node";

import { type Drawing, planPage } from "./plan";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = vscode.languages.createLanguageStatusItem("dflint", { language: "dockerfile" });
  status.name = "dflint";
  status.command = { title: "Show the log", command: "dflint.showLog" };
  const log = vscode.window.createOutputChannel("dflint", { log: true });
  context.subscriptions.push(
    status,
    log,
    vscode.commands.registerCommand("dflint.restart", () => restart(status, log)),
    vscode.commands.registerCommand("dflint.showLog", () => {
      log.show();
    }),
    vscode.commands.registerCommand("dflint.fixAll", fixAll),
    vscode.commands.registerCommand("dflint.showPlan", showPlan),
    vscode.commands.registerCommand("dflint.checkWorkspace", () => execute("dflint.server.checkWorkspace")),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("dflint.path")) {
        await restart(status, log);
      }
    }),
  );
  await restart(status, log);
}

export async function deactivate(): Promise<void> {
  const running = client;
  client = undefined;
  // What did not start cannot be stopped.
  if (running?.needsStop() === true) {
    await running.dispose();
  }
}

/** Starts the server, in place of one that runs. */
async function restart(status: vscode.LanguageStatusItem, log: vscode.LogOutputChannel): Promise<void> {
  await deactivate();
  const settings = vscode.workspace.getConfiguration("dflint");
  const command = settings.get("path", "dflint");
  const started = new LanguageClient(
    "dflint",
    "dflint",
    { command, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector: [{ language: "dockerfile" }],
      initializationOptions: settings,
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
    },
  );
  client = started;
  started.onDidChangeState(({ newState }) => {
    const running = newState === State.Running;
    status.text = running ? "dflint" : "dflint does not run";
    status.detail = running ? (started.initializeResult?.serverInfo?.version ?? "") : command;
    status.busy = newState === State.Starting;
    status.severity = running ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Error;
  });
  try {
    await started.start();
  } catch (error) {
    status.severity = vscode.LanguageStatusSeverity.Error;
    const choice = await vscode.window.showErrorMessage(
      `dflint: \`${command} lsp\` could not be started (${String(error)}). Install dflint, or set dflint.path.`,
      "Open the setting",
    );
    if (choice !== undefined) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "dflint.path");
    }
  }
}

/** Has the server execute a command; undefined where no server runs. */
async function execute<T>(command: string, ...args: unknown[]): Promise<T | undefined> {
  if (client?.state !== State.Running) {
    void vscode.window.showErrorMessage("dflint does not run; the log says why.");
    return undefined;
  }
  return client.sendRequest<T>("workspace/executeCommand", { command, arguments: args });
}

async function fixAll(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document !== undefined) {
    await execute("dflint.server.fixAll", document.uri.toString());
  }
}

async function showPlan(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) {
    return;
  }
  const drawing = await execute<Drawing>("dflint.server.drawPlan", document.uri.toString());
  if (drawing === undefined) {
    return;
  }
  const title = `Plan of ${vscode.workspace.asRelativePath(document.uri)}`;
  const panel = vscode.window.createWebviewPanel("dflint.plan", title, vscode.ViewColumn.Beside, {});
  panel.webview.html = planPage(title, drawing);
}
