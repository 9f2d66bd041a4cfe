// What the extension and its client need of VS Code, outside of VS Code. The parts that the tests look at do what those of
// VS Code do; everything else is there and does nothing.
"use strict";

class Disposable {
  constructor(dispose) { this.dispose = dispose ?? (() => {}); }
  static from(...all) { return new Disposable(() => all.forEach((one) => one.dispose())); }
}

class EventEmitter {
  listeners = new Set();
  event = (listener, receiver, disposables) => {
    const bound = receiver === undefined ? listener : listener.bind(receiver);
    this.listeners.add(bound);
    const registration = new Disposable(() => this.listeners.delete(bound));
    disposables?.push(registration);
    return registration;
  };
  fire(event) { [...this.listeners].forEach((listener) => listener(event)); }
  dispose() { this.listeners.clear(); }
}

class Position {
  constructor(line, character) { this.line = line; this.character = character; }
}

class Range {
  constructor(start, end, endLine, endCharacter) {
    this.start = endLine === undefined ? start : new Position(start, end);
    this.end = endLine === undefined ? end : new Position(endLine, endCharacter);
  }
}

class Uri {
  constructor(text) {
    this.text = text;
    this.scheme = text.slice(0, text.indexOf(":"));
    this.path = decodeURIComponent(text.replace(/^[a-z]+:(\/\/)?/, ""));
    this.fsPath = this.path;
    this.authority = this.query = this.fragment = "";
  }
  toString() { return this.text; }
  toJSON() { return this.text; }
  with() { return this; }
  static parse(text) { return new Uri(text); }
  static file(path) { return new Uri(`file://${encodeURI(path)}`); }
}

class CancellationTokenSource {
  emitter = new EventEmitter();
  token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel() { this.token.isCancellationRequested = true; this.emitter.fire(); }
  dispose() {}
}

class TextEdit {
  constructor(range, newText) { this.range = range; this.newText = newText; }
}

class WorkspaceEdit {
  edits = [];
  set(uri, edits) { this.edits.push([uri, edits]); }
  entries() { return this.edits; }
}

class Diagnostic {
  constructor(range, message, severity) { Object.assign(this, { range, message, severity }); }
}

class CodeActionKind {
  constructor(value) { this.value = value; }
  append(part) { return new CodeActionKind(this.value === "" ? part : `${this.value}.${part}`); }
  static Empty = new CodeActionKind("");
}

class TabInputText {
  constructor(uri) { this.uri = uri; }
}

/** A document that edits are made in. */
class TextDocument {
  languageId = "dockerfile";
  version = 1;
  isClosed = false;
  isDirty = false;
  constructor(uri, text) { this.uri = uri; this.text = text; this.fileName = uri.fsPath; }
  getText() { return this.text; }
  get lineCount() { return this.text.split("\n").length; }
  offsetAt({ line, character }) {
    return this.text.split("\n").slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  }
  apply(edits) {
    const changes = edits
      .map((edit) => ({ range: edit.range, from: this.offsetAt(edit.range.start), to: this.offsetAt(edit.range.end), text: edit.newText }))
      .sort((a, b) => b.from - a.from);
    for (const { from, to, text } of changes) {
      this.text = this.text.slice(0, from) + text + this.text.slice(to);
    }
    this.version += 1;
    const contentChanges = changes.map(({ range, text, from, to }) => ({ range, text, rangeOffset: from, rangeLength: to - from }));
    events.onDidChangeTextDocument.fire({ document: this, contentChanges, reason: undefined });
  }
}

/** Anything: a class to extend, a function, an event, an object with anything in it. */
function anything(name) {
  const target = /^[A-Z]/.test(name) ? class {} : function () { return new Disposable(); };
  return new Proxy(target, {
    get: (object, key) => (key in object || typeof key === "symbol" ? object[key] : key === "then" ? undefined : anything(String(key))),
  });
}

const withAnything = (known) =>
  new Proxy(known, { get: (object, key) => (key in object || typeof key === "symbol" ? object[key] : anything(String(key))) });

const enumeration = (...names) => Object.fromEntries(names.map((name, index) => [name, index]));

const eventNames = ["onDidOpenTextDocument", "onDidChangeTextDocument", "onDidCloseTextDocument", "onDidSaveTextDocument"];
const events = Object.fromEntries(eventNames.map((name) => [name, new EventEmitter()]));

/** What the tests see and set. */
const state = {
  settings: {},
  commands: new Map(),
  diagnostics: new Map(),
  providers: {},
  errors: [],
  panels: [],
  statusItems: [],
  events,
  TextDocument,
};

const workspace = withAnything({
  textDocuments: [],
  notebookDocuments: [],
  workspaceFolders: undefined,
  ...Object.fromEntries(eventNames.map((name) => [name, events[name].event])),
  getConfiguration: (section) => {
    const own = section === undefined ? { dflint: state.settings } : section === "dflint" ? state.settings : {};
    return { ...own, get: (key, otherwise) => own[key] ?? otherwise, has: (key) => key in own, inspect: () => undefined };
  },
  getWorkspaceFolder: () => undefined,
  asRelativePath: (uri) => uri.fsPath,
  applyEdit: async (edit) => {
    for (const [uri, edits] of edit.entries()) {
      workspace.textDocuments.find((one) => one.uri.toString() === uri.toString()).apply(edits.map((edit) => [edit].flat()[0]));
    }
    return true;
  },
});

const languages = new Proxy(
  {
    match: (selector, document) => ([selector].flat().some((one) => one.language === document.languageId) ? 10 : 0),
    createDiagnosticCollection: () => ({
      set: (uri, found) => state.diagnostics.set(uri.toString(), found ?? []),
      delete: (uri) => state.diagnostics.delete(uri.toString()),
      has: (uri) => state.diagnostics.has(uri.toString()),
      clear: () => state.diagnostics.clear(),
      dispose: () => {},
    }),
    createLanguageStatusItem: () => {
      const item = { dispose: () => {} };
      state.statusItems.push(item);
      return item;
    },
  },
  {
    get: (known, key) => known[key] ?? (String(key).startsWith("register")
      ? (_selector, provider) => { state.providers[String(key)] = provider; return new Disposable(); }
      : anything(String(key))),
  },
);

const log = withAnything({ appendLine: () => {}, append: () => {}, show: () => {}, dispose: () => {}, ...Object.fromEntries(["trace", "debug", "info", "warn", "error"].map((level) => [level, () => {}])) });

module.exports = withAnything({
  state, workspace, languages,
  Disposable, EventEmitter, Position, Range, Uri, CancellationTokenSource, TextEdit, WorkspaceEdit, Diagnostic, CodeActionKind, TabInputText,
  version: "1.100.0",
  env: withAnything({ appName: "test", language: "en" }),
  commands: withAnything({
    registerCommand: (name, run) => { state.commands.set(name, run); return new Disposable(); },
    executeCommand: async (name, ...args) => state.commands.get(name)?.(...args),
  }),
  window: withAnything({
    activeTextEditor: undefined,
    visibleTextEditors: [],
    tabGroups: withAnything({ all: [], onDidChangeTabs: new EventEmitter().event, onDidChangeTabGroups: new EventEmitter().event }),
    createOutputChannel: () => log,
    showErrorMessage: async (message) => { state.errors.push(message); return undefined; },
    createWebviewPanel: (_type, title) => {
      const panel = { title, webview: { html: "" } };
      state.panels.push(panel);
      return panel;
    },
  }),
  DiagnosticSeverity: enumeration("Error", "Warning", "Information", "Hint"),
  LanguageStatusSeverity: enumeration("Information", "Warning", "Error"),
  LogLevel: enumeration("Off", "Trace", "Debug", "Info", "Warning", "Error"),
  ViewColumn: { Beside: -2 },
});
