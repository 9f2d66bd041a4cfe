//! The lines of a file, and how those of an instruction are joined (`BuildKit` parser/parser.go).

use crate::text::{LogicalText, SourceFile, TextSize, offset};

/// A line of the file.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) start: usize,
    /// Behind the text, in front of the line ending.
    pub(super) content_end: usize,
    pub(super) end: usize,
}

impl Line {
    /// The line, or the rest of one, that begins at `start`; none at the end of the text.
    pub(super) fn at(text: &str, start: usize) -> Option<Self> {
        let rest = &text[start..];
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |length| length + 1);
        let content_end = start + content(&rest[..length]).len();
        (length > 0).then_some(Self { start, content_end, end: start + length })
    }

    pub(super) fn content(self, text: &str) -> &str {
        &text[self.start..self.content_end]
    }
}

/// Joins `first` with the lines that continue it, which `next` brings, without the comments and empty lines between
/// them. The other value is the last of them. A byte's offset in the file is so much more than its place in `text` as
/// `shift` says.
pub(super) fn join(
    text: &str,
    shift: usize,
    first: Line,
    escape: char,
    mut next: impl FnMut() -> Option<Line>,
) -> (LogicalText, Line) {
    let mut joined = LogicalText::default();
    let (kept, mut continues) = strip_continuation(first.content(text), escape);
    joined.push(kept, offset(shift + first.start));
    let mut last = first;
    while continues {
        let Some(line) = next() else { break };
        last = line;
        let trimmed = line.content(text).trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let kept;
        (kept, continues) = strip_continuation(line.content(text), escape);
        joined.push(kept, offset(shift + line.start));
    }
    (joined, last)
}

/// Joins what stands at `start` in a file with the lines that continue it.
pub(super) fn joined(file: &SourceFile, start: TextSize, escape: char) -> LogicalText {
    let text = file.rest(start);
    let first = Line::at(text, 0).unwrap_or(Line { start: 0, content_end: 0, end: 0 });
    let mut at = first.end;
    let next = || Line::at(text, at).inspect(|line| at = line.end);
    join(text, start.into(), first, escape, next).0
}

/// The same of what ends an instruction: white space behind it does not count.
pub(super) fn joined_arguments(file: &SourceFile, start: TextSize, escape: char) -> LogicalText {
    let mut joined = joined(file, start, escape);
    joined.truncate(joined.as_str().trim_end().len());
    joined
}

/// A line without its ending.
pub(super) fn content(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n'])
}

/// A line without its continuation, and whether it has one: the escape character at the end, white space behind it
/// or not, but no second one in front.
fn strip_continuation(line: &str, escape: char) -> (&str, bool) {
    match line.trim_end_matches([' ', '\t']).strip_suffix(escape) {
        Some(rest) if !rest.ends_with(escape) => (rest, true),
        _ => (line, false),
    }
}
