//! The keys in the value of `--mount`: the fields of a comma-separated record (Go's encoding/csv).

use std::iter::from_fn;
use std::ops::Range;

use smol_str::StrExt;

use super::tree::{FlagKey, Word};
use crate::text::range;

/// The keys of a mount's value, in order.
pub(super) fn keys(value: &Word) -> impl Iterator<Item = FlagKey> {
    let text = value.text.as_str();
    let mut next = (!text.is_empty()).then_some(0);
    from_fn(move || {
        let start = next?;
        let (field, end) = if text[start..].starts_with('"') {
            quoted_field(value, start)
        } else {
            let end = text[start..].find(',').map_or(text.len(), |length| start + length);
            (key(value, start..end), end)
        };
        next = (end < text.len()).then_some(end + 1);
        Some(field)
    })
}

/// A field that is written out.
fn key(value: &Word, span: Range<usize>) -> FlagKey {
    let field = &value.text[span.clone()];
    let equals = field.find('=');
    FlagKey {
        range: value.to_source(range(span.start, span.end)),
        name: field[..equals.unwrap_or(field.len())].to_lowercase_smolstr(),
        value: equals.map(|equals| value.part(range(span.start + equals + 1, span.end))),
    }
}

/// A field in quotes, and where it ends.
fn quoted_field(value: &Word, start: usize) -> (FlagKey, usize) {
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
    (key(&field, 0..field.text.len()), end)
}
