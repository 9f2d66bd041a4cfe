#!/usr/bin/env node
// Runs the program of this platform, which npm installed as an optional dependency.
"use strict";

const { spawn } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "dflint.exe" : "dflint";

let path;
try {
  path = require.resolve(`@dflint/${platform}/${program}`);
} catch {
  const released = Object.keys(require("./package.json").optionalDependencies);
  const wayOut = released.includes(`@dflint/${platform}`)
    ? "Install dflint again without --omit=optional or --no-optional, on this platform: a node_modules folder of another one lacks it."
    : `dflint is released for ${released.map((name) => name.slice("@dflint/".length)).join(", ")}; \`cargo install dflint\` compiles it for others.`;
  console.error(`dflint: the package @dflint/${platform} with the program is missing. ${wayOut}`);
  process.exit(2);
}

const child = spawn(path, process.argv.slice(2), { stdio: "inherit" });
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
for (const signal of signals) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`dflint: ${path} cannot be started: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exit(code);
  }
  // Whoever started this sees the same end.
  signals.forEach((handled) => process.removeAllListeners(handled));
  process.kill(process.pid, signal);
});
