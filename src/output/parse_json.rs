//! The syntax tree as JSON, in the terms of `BuildKit`'s parser.

use std::io::{self, Write};

use dflint::syntax::{Body, Flag, Heredoc, Instruction, Parse, Phase, PieceKind, SyntaxError, argument_list};
use dflint::text::SourceFile;
use serde_json::{Value, json};

use super::neutral;

/// Prints the syntax tree of a file on a line of its own.
pub(crate) fn syntax_tree(out: &mut dyn Write, file: &SourceFile, parse: &Parse) -> io::Result<()> {
    writeln!(out, "{}", neutral::json(&parse_json(file, parse).to_string()))
}

/// What `dflint parse --format json` prints for a file: an object with
///
/// * `escape`: the escape character;
/// * `instructions`: each with `keyword` (lower case), `flags` and `args` (what `BuildKit`'s parser makes of them),
///   `json`, `heredocs`, `start_line` and `end_line` (from 1), and `onbuild`, the instruction that an `ONBUILD` holds;
/// * `errors`: what makes `BuildKit` refuse the whole file;
/// * `instruction_errors`: what makes it refuse an instruction.
fn parse_json(file: &SourceFile, parse: &Parse) -> Value {
    let starts = parse.pieces.iter().filter_map(|piece| match piece.kind {
        PieceKind::Instruction(index) => Some((index as usize, file.line(piece.range.start()))),
        _ => None,
    });
    let instructions: Vec<Value> = starts
        .map(|(index, start_line)| {
            let instruction = &parse.instructions[index];
            let mut value = instruction_json(file, instruction, parse.escape, &instruction.heredocs);
            value["start_line"] = json!(start_line);
            value["end_line"] = json!(file.line(instruction.range.end()));
            value
        })
        .collect();
    let errors = |phase| -> Vec<Value> {
        parse
            .errors
            .iter()
            .filter(|error| error.phase == phase)
            .map(|error| error_json(file, error))
            .collect()
    };
    json!({
        "file": file.path().to_string_lossy(),
        "escape": parse.escape.to_string(),
        "instructions": instructions,
        "errors": errors(Phase::Parse),
        "instruction_errors": errors(Phase::Dispatch),
    })
}

fn instruction_json(
    file: &SourceFile,
    instruction: &Instruction,
    escape: char,
    heredocs: &[Heredoc],
) -> Value {
    let mut value = json!({
        "keyword": instruction.keyword_text(file, escape).to_lowercase(),
        "flags": instruction.flags.iter().map(flag_text).collect::<Vec<_>>(),
        "args": argument_list(instruction, file, escape).unwrap_or_default(),
        "json": instruction.json,
        "heredocs": heredocs.iter().map(|heredoc| heredoc_json(file, heredoc)).collect::<Vec<_>>(),
    });
    if let Body::Onbuild(inner) = &instruction.body {
        // BuildKit hangs the heredocs on the outer instruction.
        value["onbuild"] = instruction_json(file, inner, escape, &[]);
        // It does not count the lines of the inner one.
        value["onbuild"]["start_line"] = json!(0);
        value["onbuild"]["end_line"] = json!(0);
    }
    value
}

fn flag_text(flag: &Flag) -> String {
    match &flag.value {
        Some(value) => format!("--{}={}", flag.name, value.text),
        None => format!("--{}", flag.name),
    }
}

fn heredoc_json(file: &SourceFile, heredoc: &Heredoc) -> Value {
    json!({
        "name": heredoc.name,
        "expand": heredoc.expand,
        "chomp": heredoc.chomp,
        "content": file.slice(heredoc.body),
    })
}

fn error_json(file: &SourceFile, error: &SyntaxError) -> Value {
    let start = file.position(error.range.start());
    let end = file.position(error.range.end());
    json!({
        "message": error.message,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}
