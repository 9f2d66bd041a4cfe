// Puts the modules of src into one file, named after its contents, and writes the page that loads it.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, readdirSync, writeFileSync } = require("node:fs");

const modules = readdirSync("src").sort().map((name) => readFileSync(`src/${name}`, "utf8"));
const bundle = `(() => {\n${modules.join("\n")}})();\n`;
const name = `clock.${createHash("sha256").update(bundle).digest("hex").slice(0, 8)}.js`;
mkdirSync("dist", { recursive: true });
writeFileSync(`dist/${name}`, bundle);
writeFileSync("dist/index.html", `<!doctype html>\n<time></time>\n<script src="${name}"></script>\n`);
