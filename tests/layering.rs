//! How the house is built, as tests: imports point one way, the library touches nothing outside, rules only ask, and
//! files can be read at one sitting.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the ground up. Each may use those before it and itself.
const LAYERS: &[&str] = &[
    "text",
    "diagnostics",
    "syntax",
    "shell",
    "knowledge",
    "model",
    "recipes",
    "rules",
    "select",
    "fix",
    "suppress",
    "config",
    "engine",
    // The binary's own.
    "output",
    "files",
    "lsp",
    "cli",
];

/// The first layer that is not part of the library.
const BINARY: &str = "output";

/// What the library must do without: it is to run in an editor and in a browser.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::io",
    "std::process",
    "std::thread",
    "std::time",
    "println!",
    "eprintln!",
    "print!(",
    "clap",
    "codespan_reporting",
    "ignore",
    "rayon",
    "serde_json",
    "similar",
    "tempfile",
    "terminal_size",
    "lsp_server",
    "lsp_types",
];

/// What a rule must leave to the layers below: it asks the facts.
const NOT_IN_RULES: &[&str] =
    &["regex", "Regex", "shell::parse", "syntax::parse", ".slice(", ".text()", "SourceFile", "LogicalText"];

const LINES: usize = 400;
const LINES_OF_A_RULE: usize = 150;

/// Files that may be longer. To be emptied: the lexer falls into two parts.
const LONG_FILES: &[&str] = &["syntax/lexer.rs"];

/// A file below `src`.
struct Source {
    /// `model/stages.rs`.
    path: String,
    /// Without comments.
    code: String,
    lines: usize,
}

impl Source {
    /// The top-level module that the file belongs to; none for `lib.rs` and `main.rs`.
    fn module(&self) -> Option<&str> {
        let first = self.path.split('/').next()?;
        let module = first.strip_suffix(".rs").unwrap_or(first);
        (!["lib", "main"].contains(&module)).then_some(module)
    }

    fn is_rule(&self) -> bool {
        let name = self.path.strip_prefix("rules/").unwrap_or_default();
        name.strip_prefix("xc").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![];
    collect(&root, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let code =
                text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
            Source { path, code, lines: text.lines().count() }
        })
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules that `code` names behind `root` (`crate::` or `dflint::`), also in braces: `crate::{a, b::C}`.
fn modules_behind<'a>(code: &'a str, root: &str) -> Vec<&'a str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut modules = vec![];
    for (at, _) in code.match_indices(root) {
        if code[..at].ends_with(is_word) {
            continue;
        }
        let rest = &code[at + root.len()..];
        match rest.strip_prefix('{') {
            None => modules.push(rest.split(|c| !is_word(c)).next().unwrap()),
            Some(group) => modules.extend(group_heads(group)),
        }
    }
    modules
}

/// The first name of each entry of a group, whose opening brace was taken off.
fn group_heads(group: &str) -> Vec<&str> {
    let mut heads = vec![];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.push(group[start..at].trim().split(':').next().unwrap());
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

#[test]
fn imports_point_one_way() {
    let mut wrong = vec![];
    for source in sources() {
        let Some(module) = source.module() else { continue };
        let Some(own) = layer(module) else {
            wrong.push(format!("{}: give the module `{module}` its place in LAYERS", source.path));
            continue;
        };
        let named =
            [modules_behind(&source.code, "crate::"), modules_behind(&source.code, "dflint::")].concat();
        for other in named {
            if layer(other).is_some_and(|other| other > own) {
                wrong.push(format!("{}: `{module}` stands below `{other}` and cannot use it", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_library_touches_nothing_outside() {
    let mut wrong = vec![];
    for source in sources() {
        let in_library = match source.module() {
            Some(module) => layer(module) < layer(BINARY),
            None => source.path == "lib.rs",
        };
        for outside in OUTSIDE {
            let uses = if outside.contains([':', '!']) {
                source.code.contains(outside)
            } else {
                source.code.contains(&format!("{outside}::"))
            };
            if in_library && uses {
                wrong.push(format!("{}: {outside}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rules_only_ask() {
    let mut wrong = vec![];
    for source in sources().iter().filter(|source| source.is_rule()) {
        let used = NOT_IN_RULES.iter().filter(|outside| source.code.contains(**outside));
        wrong.extend(used.map(|outside| format!("{}: {outside}", source.path)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_can_be_read_at_one_sitting() {
    let mut long = vec![];
    for source in sources() {
        let limit = if source.is_rule() { LINES_OF_A_RULE } else { LINES };
        if source.lines > limit && !LONG_FILES.contains(&source.path.as_str()) {
            long.push(format!("{}: {} lines, at most {limit}", source.path, source.lines));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn paths_are_read_from_code() {
    assert_eq!(
        modules_behind("use crate::text::A;\nlet x = crate::model::f(mycrate::z);", "crate::"),
        ["text", "model"]
    );
    assert_eq!(
        modules_behind(
            "use crate::{shell::{self, tree}, text, rules::{a::{b}, c}};\nuse crate::fix;",
            "crate::"
        ),
        ["shell", "text", "rules", "fix"]
    );
    assert_eq!(modules_behind("use dflint::{\n    engine::Engine,\n};", "dflint::"), ["engine"]);
}
