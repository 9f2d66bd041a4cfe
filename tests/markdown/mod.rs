//! Markdown that shows what dflint prints. The blocks of a page, from top to bottom, are a session in an empty folder:
//!
//! - `dockerfile file=NAME` behind the fence (whatever the language) writes a file;
//! - a `console` block that begins with `$ dflint` runs its commands, and shows what each prints;
//! - `diff $ dflint …` (whatever the language) behind the fence shows what a command writes to standard output;
//! - `> NAME` behind a command puts its standard output into a file beside the page.
//!
//! A command that names a file of the repository runs at its root.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use tempfile::TempDir;

const PROMPT: &str = "$ dflint ";

/// A path of the repository.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Holds a file of the repository against what it should be, or writes it where the environment has UPDATE.
pub(crate) fn hold(name: &str, expected: &str, test: &str) {
    let found = fs::read_to_string(path(name)).unwrap_or_default();
    if found == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path(name).parent().unwrap()).unwrap();
        fs::write(path(name), expected).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(found.as_str(), expected);
    let diff = diff.unified_diff().header(name, "what it should be").to_string();
    panic!("{name} is stale; `UPDATE=1 cargo test --test {test}` writes it:\n{diff}");
}

/// The events of a page, each with its place, as GitHub and mdBook read it.
pub(crate) fn events(page: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(page, Options::ENABLE_TABLES).into_offset_iter()
}

/// The page with a part between two lines replaced: `<!-- NAME -->` and `<!-- /NAME -->`.
pub(crate) fn with_part(page: &str, name: &str, part: &str) -> String {
    let start_line = format!("<!-- {name} -->\n");
    let start = page.find(&start_line).unwrap_or_else(|| panic!("no line {start_line}")) + start_line.len();
    let end = start + page[start..].find(&format!("<!-- /{name} -->")).expect("the end of the part");
    format!("{}\n{part}\n{}", &page[..start], &page[end..])
}

/// A fenced block: what stands behind the fence, and where its text stands.
struct Block<'a> {
    info: String,
    text: &'a str,
    range: Range<usize>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    for (event, range) in events(page) {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event {
            let start = range.start + page[range.clone()].find('\n').unwrap() + 1;
            let end = range.start + page[range].trim_end().rfind('\n').unwrap() + 1;
            // An empty block has its end right behind its beginning.
            let range = start..end.max(start);
            blocks.push(Block { info: info.into_string(), text: &page[range.clone()], range });
        }
    }
    blocks
}

/// The page with what its commands print, and the files that they write beside it.
pub(crate) fn run(page: &str) -> (String, Vec<(String, String)>) {
    let mut session = Session { folder: tempfile::tempdir().unwrap(), written: Vec::new() };
    let mut text = String::new();
    let mut at = 0;
    for block in blocks(page) {
        text += &page[at..block.range.start];
        at = block.range.end;
        if let Some(name) = block.info.split_whitespace().find_map(|word| word.strip_prefix("file=")) {
            let file = session.folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, block.text).unwrap();
        }
        if let Some((_, command)) = block.info.split_once(PROMPT) {
            text += &session.run(command).0;
        } else if block.info == "console" && block.text.starts_with(PROMPT) {
            for command in block.text.lines().filter_map(|line| line.strip_prefix(PROMPT)) {
                let (stdout, stderr) = session.run(command);
                text.extend([PROMPT, command, "\n", &stdout, &stderr]);
            }
        } else {
            text += block.text;
        }
    }
    (text + &page[at..], session.written)
}

/// The commands of dflint that a page lists in `sh` blocks, without what a shell makes of their output.
pub(crate) fn listed_commands(page: &str) -> Vec<String> {
    let listings = blocks(page).into_iter().filter(|block| block.info == "sh");
    let commands = listings.flat_map(|block| block.text.lines().flat_map(|line| line.split("&&")));
    let commands = commands.filter_map(|command| command.trim().strip_prefix("dflint "));
    commands.map(|command| command.split(['|', '>', '#']).next().unwrap().trim().to_owned()).collect()
}

/// The folder that the commands of a page run in.
struct Session {
    folder: TempDir,
    written: Vec<(String, String)>,
}

impl Session {
    /// What a command writes to standard output and to standard error.
    fn run(&mut self, command: &str) -> (String, String) {
        // A comment behind a command is for the reader.
        let command = command.split(" #").next().unwrap();
        let (command, file) = match command.split_once(" > ") {
            Some((command, file)) => (command, Some(file.trim())),
            None => (command, None),
        };
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let of_repository =
            arguments.iter().any(|argument| argument.contains('/') && path(argument).is_file());
        let output = Command::new(env!("CARGO_BIN_EXE_dflint"))
            .args(&arguments)
            .current_dir(if of_repository {
                Path::new(env!("CARGO_MANIFEST_DIR"))
            } else {
                self.folder.path()
            })
            .env_remove("COLUMNS")
            .output()
            .unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(!stderr.contains("try '--help'"), "dflint {command}: {stderr}");
        match file {
            Some(file) => {
                self.written.push((file.to_owned(), stdout));
                (String::new(), without_trailing_spaces(&stderr))
            }
            None => (without_trailing_spaces(&stdout), without_trailing_spaces(&stderr)),
        }
    }
}

/// As the repository has its text; of a diff, a patch program takes an empty line for one with a space.
fn without_trailing_spaces(text: &str) -> String {
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}
