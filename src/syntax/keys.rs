//! The keys in the value of `--mount`: the fields of a comma-separated record (Go's encoding/csv).

use std::borrow::Cow;
use std::iter::from_fn;

use super::tree::Word;
use super::words::Span;
use crate::text::{TextRange, range};

/// `key` or `key=value` in the value of a flag.
#[derive(Clone, Debug)]
pub struct FlagKey<'a> {
    /// What it is a part of: the value of the flag, or a field in quotes.
    word: Cow<'a, Word>,
    span: Span,
    equals: Option<usize>,
}

impl FlagKey<'_> {
    fn new(word: Cow<'_, Word>, span: Span) -> FlagKey<'_> {
        let equals = memchr::memchr(b'=', &word.text.as_bytes()[span.clone()]);
        FlagKey { equals: equals.map(|equals| span.start + equals), word, span }
    }

    /// The key, quotes removed. Case does not matter.
    pub fn name(&self) -> &str {
        &self.word.text[self.span.start..self.equals.unwrap_or(self.span.end)]
    }

    /// What stands behind the equals sign, quotes removed.
    pub fn value(&self) -> Option<Word> {
        self.equals.map(|equals| self.word.part(range(equals + 1, self.span.end)))
    }

    /// Where the key and its value stand.
    pub fn range(&self) -> TextRange {
        self.word.to_source(range(self.span.start, self.span.end))
    }
}

/// The keys of a mount's value, in order.
pub(super) fn keys(value: &Word) -> impl Iterator<Item = FlagKey<'_>> {
    let text = value.text.as_str();
    let mut next = (!text.is_empty()).then_some(0);
    from_fn(move || {
        let start = next?;
        let (key, end) = if text[start..].starts_with('"') {
            quoted(value, start)
        } else {
            let length = memchr::memchr(b',', &text.as_bytes()[start..]);
            let end = length.map_or(text.len(), |length| start + length);
            (FlagKey::new(Cow::Borrowed(value), start..end), end)
        };
        next = (end < text.len()).then_some(end + 1);
        Some(key)
    })
}

/// A key in quotes, and where it ends.
fn quoted(value: &Word, start: usize) -> (FlagKey<'static>, usize) {
    let text = value.text.as_str();
    let mut decoded = String::new();
    let mut at = start + 1;
    let end = loop {
        let Some(length) = text[at..].find('"') else {
            decoded.push_str(&text[at..]);
            break text.len();
        };
        decoded.push_str(&text[at..at + length]);
        at += length + 1;
        if !text[at..].starts_with('"') {
            // What follows is a comma or a mistake: the check says which.
            let rest = text[at..].find(',').unwrap_or(text.len() - at);
            decoded.push_str(&text[at..at + rest]);
            break at + rest;
        }
        decoded.push('"');
        at += 1;
    };
    let field = Word::decoded(decoded, value.to_source(range(start, end)));
    let whole = 0..field.text.len();
    (FlagKey::new(Cow::Owned(field), whole), end)
}
