//! Selection ranges: from the word at the cursor to the instruction, the stage and the file.

use dflint::syntax::{Body, CommandBody, Instruction, Keyword};
use dflint::text::{TextRange, TextSize};
use lsp_types::{Position, SelectionRange};

use super::view::View;

/// For each place the ranges around it, the smallest first.
pub(super) fn selections(view: &View<'_>, positions: &[Position]) -> Vec<SelectionRange> {
    positions.iter().map(|position| selection(view, view.offset(*position))).collect()
}

fn selection(view: &View<'_>, offset: TextSize) -> SelectionRange {
    let mut around = vec![TextRange::up_to(TextSize::of(view.text()))];
    let instructions = &view.parse().instructions;
    if let Some((index, instruction)) = view.instruction_at(offset) {
        let from = instructions[..=index].iter().rposition(|it| it.keyword == Keyword::From);
        if let Some(from) = from {
            let behind = instructions[from + 1..].iter().position(|it| it.keyword == Keyword::From);
            let last = behind.map_or(instructions.len() - 1, |behind| from + behind);
            around.push(TextRange::new(instructions[from].range.start(), instructions[last].range.end()));
        }
        around.push(instruction.range);
        around.extend(parts(instruction));
    }
    let line = view.document.lines.line_range(view.text(), view.position(offset).line);
    around.extend(line);
    around.extend(word(view.text(), offset));
    // Each must hold the cursor and lie within the one before it: from the largest to the smallest.
    around.retain(|range| range.contains_inclusive(offset));
    around.sort_by_key(|range| std::cmp::Reverse(range.len()));
    let mut nested: Option<SelectionRange> = None;
    let mut outer: Option<TextRange> = None;
    for range in around {
        if outer.is_none_or(|outer| outer.contains_range(range) && outer != range) {
            outer = Some(range);
            nested = Some(SelectionRange { range: view.range(range), parent: nested.map(Box::new) });
        }
    }
    nested.unwrap_or_default()
}

/// The parts of an instruction that people select.
fn parts(instruction: &Instruction) -> Vec<TextRange> {
    let mut parts = vec![instruction.keyword_range];
    if !instruction.arguments.is_empty() {
        parts.push(instruction.arguments);
    }
    for flag in &instruction.flags {
        parts.extend([flag.range, flag.name_range]);
        parts.extend(flag.value.as_ref().map(|value| value.range));
        for key in flag.keys() {
            parts.push(key.range());
            parts.extend(key.value().map(|value| value.range));
        }
    }
    parts.extend(instruction.heredocs.iter().map(|heredoc| heredoc.body));
    match &instruction.body {
        Body::From(from) => {
            parts.push(from.image.range);
            parts.extend(from.alias.as_ref().map(|alias| alias.range));
        }
        Body::Copy(copy) => {
            parts.extend(copy.sources.iter().map(|source| source.range));
            parts.push(copy.destination.range);
        }
        Body::Arg(pairs) | Body::Env(pairs) | Body::Label(pairs) => {
            for pair in pairs {
                parts.extend([pair.range, pair.name.range]);
                parts.extend(pair.value.as_ref().map(|value| value.range));
            }
        }
        Body::Command(CommandBody::Exec(strings)) | Body::Shell(strings) => {
            parts.extend(strings.iter().map(|string| string.range));
        }
        Body::Words(words) => parts.extend(words.iter().map(|word| word.range)),
        Body::Onbuild(inner) => {
            parts.push(inner.range);
            parts.extend(self::parts(inner));
        }
        Body::Command(CommandBody::Shell(_)) | Body::Healthcheck(_) | Body::Invalid => {}
    }
    parts
}

/// The run of characters without white space at an offset.
fn word(text: &str, offset: TextSize) -> Option<TextRange> {
    let at = usize::from(offset);
    let start = text[..at]
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + text[space..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length);
    let offset = |at: usize| TextSize::try_from(at).expect("within the file");
    (start < end).then(|| TextRange::new(offset(start), offset(end)))
}
