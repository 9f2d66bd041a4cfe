//! What stands in a file, a path or a message must not speak to the terminal: escape sequences can recolour, retitle
//! or rewrite what was printed, and bidirectional controls show text in another order than it has. Every string from
//! outside passes through here before it is printed.
//!
//! A harmful character becomes visible text with as many bytes, so that offsets into the string stay right.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with its lines and tabs, and nothing else that a terminal obeys.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    replace(text, |c| is_control(c) && !matches!(c, '\n' | '\t'))
}

/// `text` on one line: for paths, and for whatever else must not start a line of its own.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    replace(text, is_control)
}

/// Text of several lines on one line.
pub(crate) fn joined(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    line(&lines.join(" ")).into_owned()
}

/// Lines of a file for a diff, where `\r\n` ends a line as well as `\n` does.
pub(crate) fn source(text: &str) -> Cow<'_, str> {
    let Some(body) = text.strip_suffix("\r\n") else { return self::text(text) };
    match self::text(body) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(mut body) => {
            body.push_str("\r\n");
            Cow::Owned(body)
        }
    }
}

/// A JSON document with the same meaning and without a harmful character: those stand in strings only, where `\u`
/// writes them.
pub(crate) fn json(document: &str) -> Cow<'_, str> {
    let harmful = |c| is_control(c) && !matches!(c, '\n' | '\t');
    if !document.contains(harmful) {
        return Cow::Borrowed(document);
    }
    let mut safe = String::with_capacity(document.len() + 16);
    for c in document.chars() {
        if harmful(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a string cannot fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Whether a terminal obeys `c` rather than shows it, or shows other text in another order because of it.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction
            | '\u{2028}' | '\u{2029}' // line and paragraph separator
            | '\u{e0000}'..='\u{e007f}') // invisible tags
}

fn replace(text: &str, harmful: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match (harmful(c), c.len_utf8()) {
            (false, _) => safe.push(c),
            (true, 1) => safe.push('?'),
            (true, 2) => safe.push('¿'),
            (true, 3) => safe.push('\u{fffd}'),
            (true, _) => safe.push_str("\u{fffd}?"),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmful_character_becomes_as_many_visible_bytes() {
        for (harmful, visible) in [
            ("\u{1b}[31m", "?[31m"),
            ("\u{7}\u{0}\u{7f}", "???"),
            ("\u{9b}31m", "¿31m"),
            ("\u{61c}", "¿"),
            ("a\u{202e}b\u{2066}c", "a\u{fffd}b\u{fffd}c"),
            ("\u{e0041}", "\u{fffd}?"),
            ("a\rb", "a?b"),
        ] {
            assert_eq!(text(harmful), visible);
            assert_eq!(text(harmful).len(), harmful.len());
        }
    }

    #[test]
    fn no_control_character_is_left() {
        let all: String = (0..=u32::from(char::MAX)).filter_map(char::from_u32).collect();
        assert!(text(&all).chars().all(|c| c == '\n' || c == '\t' || !is_control(c)));
        assert!(!line(&all).contains(is_control));
        assert_eq!(text(&all).len(), all.len());
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(text("RUN echo 'é 👩‍💻'\n\tnext"), Cow::Borrowed(_)));
        assert!(matches!(source("FROM a\r\n"), Cow::Borrowed(_)));
        assert!(matches!(json("{\"a\": \"é\"}\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_line_cannot_be_broken_from_outside() {
        assert_eq!(line("a\nerror: b\tc"), "a?error: b?c");
    }

    #[test]
    fn line_endings_of_a_file_stay() {
        assert_eq!(source("a\u{1b}\r\n"), "a?\r\n");
        assert_eq!(source("a\rb\n"), "a?b\n");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = "\u{1b}\u{7f}\u{9b}\u{202e}\u{e0041}\n";
        let document = serde_json::to_string(value).unwrap();
        let safe = json(&document);
        assert!(!safe.contains(is_control));
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), value);
    }
}
