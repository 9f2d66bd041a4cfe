const pages = [...Deno.readDirSync("pages")].map((entry) => entry.name).sort();
Deno.mkdirSync("_site");
for (const page of pages) {
  const [title, ...paragraphs] = Deno.readTextFileSync(`pages/${page}`).trim().split("\n\n");
  const body = paragraphs.map((text) => `<p>${text}</p>`).join("\n");
  Deno.writeTextFileSync(`_site/${page.replace(".txt", ".html")}`, `<h1>${title}</h1>\n${body}\n`);
}
