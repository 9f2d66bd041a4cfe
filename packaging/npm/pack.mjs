#!/usr/bin/env node
// pack.mjs [--all] [FOLDER]: packs npm packages into the folder with the archives of packaging/build (target/packages): one for
// each platform that has an archive there, and `dflint` itself, which starts the one that npm installed. With --all, none of
// the platforms may be missing.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const folders = process.argv.slice(2).filter((argument) => argument !== "--all");
const packages = resolve(folders[0] ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "packages"));

const TARGETS = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "win32-x64": "x86_64-pc-windows-msvc",
  "win32-arm64": "aarch64-pc-windows-msvc",
};

const crate = JSON.parse(
  execFileSync("cargo", ["metadata", "--no-deps", "--format-version=1", "--offline"], { cwd: root }),
).packages[0];
const common = {
  version: crate.version,
  description: crate.description,
  license: crate.license,
  repository: { type: "git", url: `git+${crate.repository}.git` },
  keywords: crate.keywords,
};

/** Packs a folder with this manifest and these files: their names in the package, and where they are. */
function pack(manifest, files) {
  const folder = mkdtempSync(join(tmpdir(), "dflint-npm-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, ...common }, null, 2));
  for (const [name, path] of Object.entries({ ...files, ...licences() })) {
    copyFileSync(path, join(folder, name));
  }
  execFileSync("npm", ["pack", "--silent", "--pack-destination", packages, folder]);
  rmSync(folder, { recursive: true });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function licences() {
  return Object.fromEntries(["LICENSE-APACHE", "LICENSE-MIT"].map((name) => [name, join(root, name)]));
}

/** The program of an archive, unpacked into `folder`. */
function program(archive, target, folder) {
  const [command, options] = archive.endsWith(".zip") ? ["unzip", ["-q", archive, "-d"]] : ["tar", ["-xzf", archive, "-C"]];
  mkdirSync(folder, { recursive: true });
  execFileSync(command, [...options, folder]);
  const path = join(folder, `dflint-${target}`, archive.endsWith(".zip") ? "dflint.exe" : "dflint");
  chmodSync(path, 0o755);
  return path;
}

let packed = 0;
for (const [platform, target] of Object.entries(TARGETS)) {
  const [os, cpu] = platform.split("-");
  const archive = join(packages, `dflint-${target}.${os === "win32" ? "zip" : "tar.gz"}`);
  if (!existsSync(archive)) {
    if (process.argv.includes("--all")) fail(`${archive} is missing: packaging/build ${target} makes it`);
    continue;
  }
  const folder = mkdtempSync(join(tmpdir(), "dflint-archive-"));
  const file = os === "win32" ? "dflint.exe" : "dflint";
  const manifest = { name: `@dflint/${platform}`, os: [os], cpu: [cpu], preferUnplugged: true };
  pack(manifest, { [file]: program(archive, target, folder) });
  rmSync(folder, { recursive: true });
  packed += 1;
}
if (packed === 0) fail(`${packages} has no archive: packaging/build makes them`);

const optionalDependencies = Object.fromEntries(
  Object.keys(TARGETS).map((platform) => [`@dflint/${platform}`, crate.version]),
);
pack(
  { name: "dflint", bin: { dflint: "dflint.js" }, engines: { node: ">=18" }, optionalDependencies },
  { "dflint.js": join(here, "dflint.js"), "README.md": join(here, "README.md") },
);
