//! A text as a client holds it: edits and places in its own unit, worked out without any code of the server's.

use serde_json::{Value, json};

/// The units of columns.
pub(crate) const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];

/// The place of a byte offset.
pub(crate) fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let mut line = 0;
    let mut start = 0;
    for (at, c) in text[..offset].char_indices() {
        let crlf = c == '\r' && text[at + 1..].starts_with('\n');
        if c == '\n' || (c == '\r' && !crlf) {
            line += 1;
            start = at + 1;
        }
    }
    let column: usize = text[start..offset]
        .chars()
        .map(|c| match encoding {
            "utf-8" => c.len_utf8(),
            "utf-16" => c.len_utf16(),
            _ => 1,
        })
        .sum();
    json!({ "line": line, "character": column })
}

/// The range of the protocol.
pub(crate) fn range(text: &str, start: usize, end: usize, encoding: &str) -> Value {
    json!({ "start": position(text, start, encoding), "end": position(text, end, encoding) })
}

/// The offset of a place.
pub(crate) fn offset(text: &str, position: &Value, encoding: &str) -> usize {
    let places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    // Between the two characters of a line ending the column goes on: the first offset of that place counts.
    places
        .into_iter()
        .find(|&at| self::position(text, at, encoding) == *position)
        .unwrap_or_else(|| panic!("{position} is not in {text:?}"))
}

/// The text with the edits of the protocol made, which speak of the text as it is.
pub(crate) fn edited(text: &str, edits: &Value, encoding: &str) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let at = |end: &str| offset(text, &edit["range"][end], encoding);
            (at("start"), at("end"), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|&(start, end, _)| (start, end));
    let mut result = String::new();
    let mut at = 0;
    for (start, end, new) in edits {
        assert!(at <= start, "edits overlap");
        result += &text[at..start];
        result += new;
        at = end;
    }
    result + &text[at..]
}
