//! Pages of the documentation that follow from the cards, the keys of the configuration and the knowledge. What dflint
//! prints is left to [`markdown::run`](crate::markdown::run).

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use dflint::config::{KEYS, Key, Takes};
use dflint::knowledge::{spelled, toolchain as known};

use crate::cards::{Card, Example, ToolchainCard, Trust, fix_of, toolchain_cards};
use crate::markdown::path;

/// What a page that is written as a whole begins with.
pub(crate) const HEAD: &str = "<!-- Written by `UPDATE=1 cargo test --test docs`. Do not edit. -->\n\n";

/// The page of a rule.
pub(crate) fn rule(card: &Card) -> String {
    let Card { code, name, summary, why, what_to_do, fix, .. } = card;
    let severity = card.severity.to_lowercase();
    let preview = if card.preview {
        " · In preview: it runs only where it is selected by its code or name"
    } else {
        ""
    };
    let offered = match fix_of(card) {
        "" => "no fix, but advice",
        offered => offered,
    };
    let mut page = format!(
        "{HEAD}# {code} {name}\n\n**{summary}.**\n\nSeverity: {severity} · [Fix](../trust.md): {offered}{preview}\n\n\
         ## Why it matters\n\n{}\n## What to do\n\n{}\n## The fix\n\n{}",
        prose(why, ""),
        prose(what_to_do, ""),
        prose(fix, ""),
    );
    if matches!(code.as_str(), "XC101" | "XC202") {
        write!(page, "\n## How each toolchain cross-compiles\n\n{}\n", guides()).unwrap();
    }
    for example in card.examples.iter().filter(|example| example.title.is_some()) {
        let title = example.subject();
        write!(page, "\n## Example: {title}\n\n{}", dockerfile(example.text())).unwrap();
        let options = options(example);
        write!(page, "\n```console\n$ dflint check{options} Dockerfile\n```\n").unwrap();
        if example.fixed.is_some() {
            write!(page, "\n{}", diff(example, &options)).unwrap();
        }
    }
    write!(
        page,
        "\n## To accept it\n\n`# dflint ignore={code} -- the reason` above the instruction; see [Accepting findings]\
         (../accepting.md).\n\n{}",
        sources(&card.sources)
    )
    .unwrap();
    page
}

/// The page of a toolchain: how it cross-compiles, and what dflint makes of Dockerfiles that do not.
pub(crate) fn toolchain(card: &ToolchainCard) -> String {
    let emulated = known(&card.id).unwrap().emulated;
    let guide = prose(&card.guide, "../rules/");
    let mut examples = card.examples.iter().filter(|example| example.title.is_some());
    let first = examples.next().expect("a toolchain has a titled example");
    // Where a rewrite is all it takes, it is shown first.
    let (beginning, rest) = match guide.split_once("\n\n") {
        Some((beginning, rest)) if first.fixed.is_some() => (beginning, rest),
        _ => (guide.trim_end(), ""),
    };
    let mut page = format!(
        "{HEAD}# {}\n\n`docker build --platform linux/arm64` on an amd64 machine runs the toolchain under emulation, \
         {emulated}. {}\n\n{beginning}\n",
        card.title,
        promise(first),
    );
    page += &in_full(first);
    if !rest.is_empty() {
        write!(page, "\n## What to know\n\n{rest}").unwrap();
    }
    examples.for_each(|example| page += &in_short(example));
    write!(
        page,
        "\n## More\n\n[Where each step runs](../plan.md) · [How far to trust a fix](../trust.md) · [A runner for each \
         architecture](../native-runners.md) · [How architectures are spelled](../architectures.md)\n\nThe rules behind this page: [XC101](../rules/XC101.md) finds what is emulated, \
         [XC202](../rules/XC202.md) what is compiled for the wrong platform.\n\n{}",
        sources(&card.sources)
    )
    .unwrap();
    page
}

const PLAN: &str = "$ dflint plan --build-platform linux/amd64 --platform linux/arm64 Dockerfile\n";

/// An example with the plan before and after the fix; in short where there is none.
fn in_full(example: &Example) -> String {
    if example.fixed.is_none() {
        return in_short(example);
    }
    let agreed = if example.applicability == Trust::Unsafe { " --unsafe-fixes" } else { "" };
    let options = options(example);
    format!(
        "\n## {}\n\n{}\nIn a build for arm64 on an amd64 machine:\n\n```console\n{PLAN}```\n\n{}\nThe same build \
         afterwards:\n\n```console\n$ dflint check --fix{agreed}{options} Dockerfile\n{PLAN}```\n",
        example.subject(),
        dockerfile(example.text()),
        diff(example, &options),
    )
}

/// An example with what the fix changes, with what the finding says where there is no fix, or with its plan where there is
/// nothing to find.
fn in_short(example: &Example) -> String {
    let options = options(example);
    let shown = if example.pass.is_some() {
        format!("```console\n{PLAN}```\n")
    } else if example.fixed.is_some() {
        diff(example, &options)
    } else {
        format!("```console\n$ dflint check{options} Dockerfile\n```\n")
    };
    format!("\n## {}\n\n{}\n{shown}", example.subject(), dockerfile(example.text()))
}

/// What dflint does about such an example on its own.
fn promise(example: &Example) -> &'static str {
    match (example.fixed.is_some(), example.applicability) {
        (false, _) => "dflint says what stands in the way of a rewrite, and shows the way out.",
        (true, Trust::Safe) => {
            "`dflint check --fix` rewrites such Dockerfiles; where it cannot, it says what stands in the way."
        }
        (true, Trust::Unsafe) => {
            "`dflint check --fix --unsafe-fixes` rewrites such Dockerfiles, once you have looked at the change; where it \
             cannot, it says what stands in the way."
        }
    }
}

fn dockerfile(text: &str) -> String {
    format!("```dockerfile file=Dockerfile\n{}```\n", text.trim_start())
}

/// What the fix changes, with a sentence above it.
fn diff(example: &Example, options: &str) -> String {
    let (agreed, says) = match example.applicability {
        Trust::Safe => ("", "`dflint check --fix` rewrites it"),
        Trust::Unsafe => {
            (" --unsafe-fixes", "`dflint check --fix --unsafe-fixes` rewrites it, when you have agreed")
        }
    };
    format!("{says}:\n\n```diff $ dflint check --diff{agreed}{options} Dockerfile\n```\n")
}

/// The options that say what the example is built for.
fn options(example: &Example) -> String {
    match &example.platforms[..] {
        [] => String::new(),
        platforms => format!(" --platform {}", platforms.join(",")),
    }
}

fn sources(sources: &[String]) -> String {
    let mut text = String::from("## Sources\n\n");
    for source in sources {
        writeln!(text, "- {}", unlinked(source)).unwrap();
    }
    text
}

/// Angle brackets and stars are no Markdown here.
fn unlinked(text: &str) -> String {
    text.replace('<', "&lt;").replace('*', "\\*")
}

/// The text of a card with each rule that it names linked; `folder` is where the rules' pages stand.
fn prose(text: &str, folder: &str) -> String {
    let text = with_fences(text.trim_start());
    let mut linked = String::new();
    // Code stands between backticks, so that every second part is text.
    for (index, part) in text.split('`').enumerate() {
        linked += if index == 0 { "" } else { "`" };
        let mut rest = part;
        while let Some(at) = rest.find("XC").filter(|_| index % 2 == 0) {
            let (before, from) = rest.split_at(at);
            let digits = from[2..].bytes().take_while(u8::is_ascii_digit).count();
            let (code, behind) = from.split_at(2 + digits);
            linked += before;
            if digits == 3 {
                write!(linked, "[{code}]({folder}{code}.md)").unwrap();
            } else {
                linked += code;
            }
            rest = behind;
        }
        linked += rest;
    }
    linked
}

/// Code that is indented becomes a Dockerfile in a fence, so that it has colours.
fn with_fences(text: &str) -> String {
    let (mut fenced, mut inside) = (String::new(), false);
    for paragraph in text.trim_end().split("\n\n") {
        let is_code = paragraph.starts_with("    ");
        fenced += match (inside, is_code) {
            (false, true) => "```dockerfile\n",
            (true, false) => "```\n\n",
            (true, true) => "\n",
            _ => "",
        };
        inside = is_code;
        for line in paragraph.lines() {
            writeln!(fenced, "{}", if is_code { line.strip_prefix("    ").unwrap_or(line) } else { line })
                .unwrap();
        }
        fenced += if is_code { "" } else { "\n" };
    }
    fenced.truncate(fenced.trim_end().len());
    fenced + if inside { "\n```\n" } else { "\n" }
}

/// The guides, as links from the folder of the rules.
fn guides() -> String {
    let link =
        |card: ToolchainCard| format!("[{}](../toolchains/{}.md)", known(&card.id).unwrap().name, card.id);
    toolchain_cards().into_iter().map(link).collect::<Vec<_>>().join(" · ")
}

/// The page of the editors: `editors/README.md`, and behind it that of each editor.
pub(crate) fn editors() -> String {
    let overview = fs::read_to_string(path("editors/README.md")).unwrap();
    let mut page = HEAD.to_owned() + &overview;
    let folders = ["neovim", "emacs", "vscode", "helix", "zed", "sublime", "kate"];
    for folder in folders {
        let text = fs::read_to_string(path(&format!("editors/{folder}/README.md"))).unwrap();
        let (title, body) = text.split_once('\n').unwrap();
        let name = title.trim_start_matches("# ").trim_start_matches("dflint for ");
        let anchor = name.to_lowercase().replace(' ', "-");
        page = page.replace(&format!("({folder}/README.md)"), &format!("(#{anchor})"));
        let body = body.replace("\n## ", "\n### ").replace("(../README.md#settings)", "(#settings)");
        write!(page, "\n## {name}\n{body}").unwrap();
    }
    unlink_files(&page)
}

/// Names the files that the book lacks instead of linking to them.
fn unlink_files(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, behind)) = rest.split_once('[') {
        text += before;
        let link = behind.split_once("](").and_then(|(shown, target)| {
            let (target, behind) = target.split_once(')')?;
            (!shown.contains(['[', ']', '\n'])).then_some((shown, target, behind))
        });
        match link {
            Some((shown, target, behind)) if !target.contains("://") && !target.starts_with('#') => {
                write!(text, "`{}`", shown.trim_matches('`')).unwrap();
                rest = behind;
            }
            _ => {
                text.push('[');
                rest = behind;
            }
        }
    }
    text + rest
}

/// The page of the command line: what each command says of itself.
pub(crate) fn command_line() -> String {
    let help = Command::new(env!("CARGO_BIN_EXE_dflint")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split_once("Commands:\n").unwrap().1.lines().take_while(|line| !line.is_empty());
    let mut page = format!("{HEAD}# Command line\n\n```console\n$ dflint --help\n```\n");
    for command in commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        write!(page, "\n## dflint {command}\n\n```console\n$ dflint {command} --help\n```\n").unwrap();
    }
    page
}

/// The keys of `dflint.toml`, as a table.
pub(crate) fn keys() -> String {
    let mut text = String::from("| key | what it is for | example |\n|---|---|---|\n");
    rows_of(KEYS, "", &mut text);
    text
}

fn rows_of(keys: &[Key], table: &str, text: &mut String) {
    for key in keys {
        let Key { name, about, example, .. } = key;
        match key.takes {
            Takes::Table(keys) => rows_of(keys, &format!("{name}."), text),
            _ => writeln!(text, "| `{table}{name}` | {about} | `{table}{name} = {example}` |").unwrap(),
        }
    }
}

/// How each ecosystem spells an architecture: a table for each group of spellings, with a column for each.
pub(crate) fn architectures() -> String {
    let file = fs::read_to_string(path("rules/knowledge/architectures.toml")).unwrap();
    let file: toml::Table = file.parse().unwrap();
    let entries = |kind: &str, key: &str| -> Vec<String> {
        let entries = file[kind].as_array().unwrap().iter();
        entries.map(|entry| entry[key].as_str().unwrap().to_owned()).collect()
    };
    let architectures = entries("architecture", "docker");
    let [names, groups, whats] = ["name", "group", "what"].map(|key| entries("spelling", key));
    let mut order = groups.clone();
    order.dedup();
    let mut text = String::new();
    for group in order {
        let columns = || (0..names.len()).filter(|index| groups[*index] == group);
        write!(text, "## Names {group}\n\n| Docker |").unwrap();
        columns().for_each(|column| write!(text, " {} |", names[column]).unwrap());
        write!(text, "\n|---|{}\n", "---|".repeat(columns().count())).unwrap();
        for architecture in &architectures {
            write!(text, "| **{architecture}** |").unwrap();
            for column in columns() {
                let name = spelled(architecture, &names[column]).map(|name| format!("`{name}` "));
                write!(text, " {}|", name.unwrap_or_default()).unwrap();
            }
            text.push('\n');
        }
        text.push('\n');
        columns().for_each(|column| writeln!(text, "- **{}**: {}", names[column], whats[column]).unwrap());
        text.push('\n');
    }
    text.truncate(text.trim_end().len() + 1);
    text
}
