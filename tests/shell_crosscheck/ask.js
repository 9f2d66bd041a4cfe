// Asks mvdan-sh for the simple commands of each text: node ask.js texts.jsonl answers.jsonl
const fs = require("fs");
const { createRequire } = require("module");
const { syntax } = createRequire(process.cwd() + "/")("mvdan-sh");

const [texts, answers] = process.argv.slice(2);
const parser = syntax.NewParser(syntax.Variant(syntax.LangBash));
const range = (node) => [node.Pos().Offset(), node.End().Offset()];

function ask(given) {
  const answer = { ...given, error: null, commands: [], variables: [] };
  try {
    syntax.Walk(parser.Parse(given.text, ""), (node) => {
      switch (node && syntax.NodeType(node)) {
        case "CallExpr":
          answer.commands.push({ assignments: node.Assigns.map(range), words: node.Args.map(range) });
          break;
        case "DeclClause":
          // `export A=b`: to us an ordinary command.
          answer.commands.push({ assignments: [], words: [node.Variant, ...node.Args].map(range) });
          break;
        case "ParamExp":
          answer.variables.push([node.Pos().Offset(), node.Param ? node.Param.Value : ""]);
          break;
      }
      return true;
    });
  } catch (error) {
    answer.error = String(error.Error ? error.Error() : error.message || error);
  }
  return JSON.stringify(answer);
}

const lines = fs.readFileSync(texts, "utf8").split("\n").filter(Boolean);
fs.writeFileSync(answers, lines.map((line) => ask(JSON.parse(line)) + "\n").join(""));
