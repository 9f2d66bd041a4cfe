//! The flags between keyword and arguments (`BuildKit` `parser/split_command.go`).

use smol_str::SmolStr;
use thin_vec::ThinVec;

use super::tree::{Flag, Word};
use super::words::{Span, is_ascii_space};
use crate::text::{LogicalText, TextRange, offset, range};

/// A flag as it stands in the line.
struct Raw {
    span: Span,
    /// The flag without quotes and escapes, which leads to the file.
    text: LogicalText,
}

/// Takes the flags off `span`; what is left begins where the second value says.
///
/// `BuildKit` goes through the bytes here, not the characters: it takes the two bytes 0x85 and 0xA0 for white space even
/// inside a character, and other characters beyond ASCII become two wrong ones. That is not repeated.
pub(super) fn extract(line: &LogicalText, span: Span, escape: char) -> (ThinVec<Flag>, usize) {
    let text = line.as_str();
    let mut flags = ThinVec::new();
    let mut at = span.start;
    loop {
        at += text[at..span.end].len() - text[at..span.end].trim_start_matches(is_ascii_space).len();
        if !text[at..span.end].starts_with("--") {
            // Room for flags to come would be most of what a file takes.
            flags.shrink_to_fit();
            return (flags, at);
        }
        let raw = read(line, at..span.end, escape);
        at = raw.span.end;
        if raw.text.as_str() == "--" {
            flags.shrink_to_fit();
            return (flags, at);
        }
        flags.push(flag(line, &raw));
    }
}

/// Reads one flag, which begins where `span` does.
fn read(line: &LogicalText, span: Span, escape: char) -> Raw {
    let mut decoded = LogicalText::default();
    let mut quote = None;
    let mut chars = line.as_str()[span.clone()].char_indices().peekable();
    let source = |at: usize| line.to_source(TextRange::empty(offset(at))).start();
    // What stands in the line as it is goes over in one piece.
    let mut run = span.start;
    let mut end = span.end;
    let flush = |from: usize, to: usize, decoded: &mut LogicalText| {
        if from < to {
            let part = line.extract(range(from, to));
            part.for_each_segment(|text, at| decoded.push(text, at));
        }
    };
    while let Some((at, c)) = chars.next() {
        let at = at + span.start;
        match quote {
            None if is_ascii_space(c) => {
                end = at;
                break;
            }
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ if c == escape => {
                // The next character stands for itself.
                flush(run, at, &mut decoded);
                run = at + c.len_utf8();
                chars.next();
                continue;
            }
            _ => continue,
        }
        flush(run, at, &mut decoded);
        run = at + c.len_utf8();
    }
    if run == span.start {
        return Raw { span: span.start..end, text: line.extract(range(span.start, end)) };
    }
    flush(run, end, &mut decoded);
    if decoded.as_str().is_empty() {
        decoded.push("", source(span.start));
    }
    Raw { span: span.start..end, text: decoded }
}

fn flag(line: &LogicalText, raw: &Raw) -> Flag {
    let text = raw.text.as_str();
    let (name, value) = match text.find('=') {
        Some(equals) => (&text[..equals], Some(equals + 1..text.len())),
        None => (text, None),
    };
    let name_range = raw.text.to_source(range(0, name.len()));
    let name = SmolStr::new(name.strip_prefix("--").unwrap_or(name));
    Flag {
        range: line.to_source(range(raw.span.start, raw.span.end)),
        name,
        name_range,
        value: value.map(|value| Word::from_logical(&raw.text, range(value.start, value.end))),
    }
}
