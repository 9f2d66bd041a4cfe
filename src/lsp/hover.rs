//! Hovers: what stands at the cursor, and what it means for this build.

use std::fmt::Write as _;

use dflint::model::plan::RunState;
use dflint::model::{Facts, Known, PLATFORM_ARGUMENTS, Platform};
use dflint::syntax::{Instruction, Keyword};
use dflint::text::{TextRange, TextSize};
use lsp_types::{Contents, Hover, MarkupContent, MarkupKind, Position};

use super::docs;
use super::links;
use super::names::{self, Role, Symbol};
use super::plans;
use super::suppressions;
use super::view::{View, touches};

/// What there is to say of a place.
pub(super) fn hover(view: &View<'_>, position: Position) -> Option<Hover> {
    let offset = view.offset(position);
    let (range, mut text) = rule(view, offset)
        .or_else(|| name(view, offset))
        .or_else(|| image(view, offset))
        .or_else(|| syntax(view, offset))
        .map_or((None, String::new()), |(range, text)| (Some(range), text));
    let (found, findings) = findings(view, offset);
    if !findings.is_empty() {
        if !text.is_empty() {
            text.push_str("\n---\n\n");
        }
        text.push_str(&findings);
    }
    let range = range.or(found)?;
    let kind = if view.support.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let value = if view.support.markdown { text } else { text.replace("**", "").replace('`', "") };
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent { kind, value }),
        range: Some(view.range(range)),
    })
}

/// A rule that a comment names.
fn rule(view: &View<'_>, offset: TextSize) -> Option<(TextRange, String)> {
    let mut named = suppressions::comments(view).flat_map(|comment| comment.rules);
    let (name, range) = named.find(|(_, range)| touches(*range, offset))?;
    Some((range, links::card_page(links::card(name)?)))
}

/// The rules that say something about this place, in short: the finding itself is shown by the editor.
fn findings(view: &View<'_>, offset: TextSize) -> (Option<TextRange>, String) {
    let mut text = String::new();
    let mut range = None;
    let here = view.report().diagnostics.iter().filter(|found| touches(found.primary, offset));
    for diagnostic in here {
        let Some(card) = links::card(diagnostic.code) else { continue };
        range = range.or(Some(diagnostic.primary));
        write!(text, "**{} {}**: {}\n\n", card.code, card.name, card.summary).expect("a String");
    }
    (range, text)
}

/// A stage or a variable.
fn name(view: &View<'_>, offset: TextSize) -> Option<(TextRange, String)> {
    let facts = view.facts();
    let (symbol, occurrences) = names::at(&facts, offset)?;
    let here = occurrences.iter().find(|it| touches(it.range, offset))?;
    let text = match &symbol {
        Symbol::Stage(stage) => of_stage(view, &facts, *stage),
        Symbol::Variable(name) if PLATFORM_ARGUMENTS.contains(&name.as_str()) => {
            of_platform_variable(view, name)
        }
        Symbol::Variable(name) => {
            let lines = occurrences.iter().filter(|it| it.role == Role::Declaration);
            let lines: Vec<String> = lines.map(|it| view.file().line(it.range.start()).to_string()).collect();
            let mut text = format!("**Variable** `{name}`\n\n");
            if lines.is_empty() {
                text.push_str("- not set in this file: the image may bring it, or the shell sets it\n");
            } else {
                writeln!(text, "- set in line {}", lines.join(", ")).expect("a String");
            }
            if let Some(value) = value(&facts, here.instruction, name) {
                writeln!(text, "- here {value}").expect("a String");
            }
            text
        }
    };
    Some((here.range, text))
}

fn of_stage(view: &View<'_>, facts: &Facts<'_>, stage: usize) -> String {
    let mut text = format!("**Stage** {}\n\n", facts.stages()[stage].display_name());
    for line in plans::of_stage(&view.plans(), stage) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// A platform variable with its value for each platform.
fn of_platform_variable(view: &View<'_>, name: &str) -> String {
    let about =
        docs::PLATFORM_VARIABLES.iter().find(|entry| entry.name == name).map_or("", |entry| entry.about);
    let mut text = format!(
        "**Platform variable** `{name}`\n\n{about} BuildKit sets it; a stage sees it after an `ARG {name}`.\n\n"
    );
    let (is_build, part) = match name.strip_prefix("BUILD") {
        Some(part) => (true, part),
        None => (false, name.strip_prefix("TARGET").unwrap_or(name)),
    };
    let value = |platform: &Platform| match part {
        "PLATFORM" => platform.to_string(),
        "OS" => platform.os.to_string(),
        "ARCH" => platform.architecture.to_string(),
        _ => platform.variant.to_string(),
    };
    let shown = |platform: &Platform| match value(platform) {
        value if value.is_empty() => "empty".to_owned(),
        value => format!("`{value}`"),
    };
    if is_build {
        writeln!(text, "- {} on this machine", shown(&view.settings.build_platform)).expect("a String");
    } else {
        for platform in &view.project().platforms {
            writeln!(text, "- {} for {platform}", shown(platform)).expect("a String");
        }
    }
    text
}

/// What a variable is at an instruction, where the file tells.
fn value(facts: &Facts<'_>, instruction: usize, name: &str) -> Option<String> {
    facts.stage_with(instruction)?;
    let value = facts.scope(instruction).environment.value(name);
    if let Some(constant) = value.constant() {
        let unless = if value.replaceable { ", unless the build sets it" } else { "" };
        return Some(format!("`{constant}`{unless}"));
    }
    let [to_amd64, to_arm64] = [0, 1].map(|world| match value.world(world) {
        Known::Text(text) => Some(text.clone()),
        _ => None,
    });
    Some(format!("`{}` for linux/amd64, `{}` for linux/arm64 on an amd64 machine", to_amd64?, to_arm64?))
}

fn image(view: &View<'_>, offset: TextSize) -> Option<(TextRange, String)> {
    let (word, reference) = links::images(view).into_iter().find(|(word, _)| touches(word.range, offset))?;
    Some((word.range, links::describe(view, &reference)))
}

/// An instruction, a flag or a key.
fn syntax(view: &View<'_>, offset: TextSize) -> Option<(TextRange, String)> {
    let (index, instruction) = view.instruction_at(offset)?;
    let doc = docs::instruction(instruction.keyword)?;
    if touches(instruction.keyword_range, offset) {
        let mut text = format!("```dockerfile\n{}\n```\n\n{}\n", doc.form, doc.about);
        text.push_str(&where_it_runs(view, index, instruction));
        return Some((instruction.keyword_range, text));
    }
    let flag = instruction.flags.iter().find(|flag| touches(flag.range, offset))?;
    if let Some(key) = flag.keys().find(|key| touches(key.range(), offset)) {
        let name = key.name().to_ascii_lowercase();
        let about = docs::MOUNT_KEYS.iter().find(|entry| entry.name == canonical(&name))?;
        return Some((key.range(), format!("`{name}`: {}\n", about.about)));
    }
    let entry = doc.flags.iter().find(|entry| entry.name == flag.name)?;
    Some((flag.range, format!("`--{}`: {}\n", entry.name, entry.about)))
}

/// The name under which a key of `--mount` is described.
fn canonical(key: &str) -> &str {
    match key {
        "src" => "source",
        "dst" | "destination" => "target",
        "ro" | "rw" | "readwrite" => "readonly",
        key => key,
    }
}

/// Where a RUN, or the stage that a FROM begins, executes.
fn where_it_runs(view: &View<'_>, index: usize, instruction: &Instruction) -> String {
    let lines: Vec<String> = match instruction.keyword {
        Keyword::From => {
            let froms = view.parse().instructions[..index].iter().filter(|it| it.keyword == Keyword::From);
            plans::of_stage(&view.plans(), froms.count())
        }
        Keyword::Run => plans::of_run(&view.plans(), index)
            .map(|(target, state, platform)| match state {
                RunState::Emulated => format!("- `{target}`: **emulated**, on `{platform}`"),
                _ => format!("- `{target}`: native, on `{platform}`"),
            })
            .collect(),
        _ => return String::new(),
    };
    if lines.is_empty() {
        return String::new();
    }
    format!("\nWhere it runs on a {} machine:\n\n{}\n", view.settings.build_platform, lines.join("\n"))
}
