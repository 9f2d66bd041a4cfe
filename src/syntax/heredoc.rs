//! Finding the heredocs that a line announces (`BuildKit` parser/parser.go, `heredocsFromLine`).

use super::lexer::{self, Failure, Options};
use super::variables::Lookup;
use super::words::Span;
use crate::text::{LogicalText, offset};

/// `<<NAME`, as a line announces it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Marker {
    pub(super) name: String,
    pub(super) file_descriptor: u32,
    pub(super) expand: bool,
    pub(super) chomp: bool,
    /// Where it stands in the line.
    pub(super) span: Span,
}

/// The markers of a joined line. The escape character is always `\` here, whatever the file says. A line whose quotes
/// do not match announces nothing.
pub(super) fn markers(line: &str) -> Vec<Marker> {
    if !line.contains("<<") {
        return Vec::new();
    }
    let options = Options { raw_quotes: true, raw_escapes: true, ..unset_stays() };
    let Ok((_, words)) = lexer::process(line, options, &mut |_| Lookup::Unset) else { return Vec::new() };
    words.into_iter().filter_map(|word| marker(&word.value.text, word.span)).collect()
}

/// Reads one word as a marker: `^(\d*)<<(-?)\s*([^<]*)$`.
pub(super) fn marker(word: &str, span: Span) -> Option<Marker> {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = word[digits..].strip_prefix("<<")?;
    let (chomp, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest.trim_start_matches(['\t', '\n', '\x0c', '\r', ' ']);
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let words =
        |options| -> Result<_, Failure> { Ok(lexer::process(rest, options, &mut |_| Lookup::Unset)?.1) };
    let [unquoted] = words(unset_stays()).ok()?.try_into().ok()?;
    let [raw]: [lexer::Output; 1] =
        words(Options { raw_quotes: true, ..unset_stays() }).ok()?.try_into().ok()?;
    let quotes = |text: &str| text.bytes().filter(|byte| matches!(byte, b'\'' | b'"')).count();
    let name = unquoted.value.text;
    let expand = quotes(&name) == quotes(&raw.value.text);
    let file_descriptor = if digits == 0 { 0 } else { word[..digits].parse().unwrap_or(u32::MAX) };
    Some(Marker { name, file_descriptor, expand, chomp, span })
}

/// The lines of a body without their leading tabs.
pub(super) fn chomp(body: &str, start: usize) -> LogicalText {
    let mut content = LogicalText::default();
    let mut at = start;
    for line in body.split_inclusive('\n') {
        let rest = line.trim_start_matches('\t');
        content.push(rest, offset(at + line.len() - rest.len()));
        at += line.len();
    }
    content
}

fn unset_stays() -> Options {
    Options { skip_unset: true, ..Options::word('\\') }
}
