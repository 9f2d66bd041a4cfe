//! What stands in a file, a path or a message must not speak to the terminal: escape sequences can recolour, retitle
//! or rewrite what was printed, and bidirectional controls show text in another order than it has. Nor must it speak to
//! the CI system that reads the log. Every string from outside passes through here before it is printed.
//!
//! Azure's agent obeys `##vso[` anywhere in a line (Command.cs), GitHub's runner `##[` anywhere and `::` at the beginning
//! of a line, behind white space (ActionCommand.cs), `TeamCity` `##teamcity[`.
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
    let mut commands = brackets_of_commands(document).peekable();
    if commands.peek().is_none() && !document.contains(harmful) {
        return Cow::Borrowed(document);
    }
    let mut safe = String::with_capacity(document.len() + 16);
    for (at, c) in document.char_indices() {
        if harmful(c) || commands.next_if_eq(&at).is_some() {
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

/// Where the bracket of `##word[` stands, with which commands to CI systems begin.
fn brackets_of_commands(text: &str) -> impl Iterator<Item = usize> {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let brackets = text.match_indices('[').map(|(at, _)| at);
    brackets.filter(move |at| text[..*at].trim_end_matches(is_letter).ends_with("##"))
}

/// Where a line begins with `::`, behind white space.
fn colons_of_commands(text: &str) -> impl Iterator<Item = usize> {
    let lines = text.split_inclusive('\n').map(str::trim_start).filter(|line| line.starts_with("::"));
    lines.map(move |line| line.as_ptr() as usize - text.as_ptr() as usize)
}

fn replace(text: &str, harmful: impl Fn(char) -> bool) -> Cow<'_, str> {
    let safe = without_controls(text, harmful);
    let commands: Vec<usize> = brackets_of_commands(&safe).chain(colons_of_commands(&safe)).collect();
    if commands.is_empty() {
        return safe;
    }
    let mut safe = safe.into_owned();
    for at in commands {
        safe.replace_range(at..=at, "?");
    }
    Cow::Owned(safe)
}

fn without_controls(text: &str, harmful: impl Fn(char) -> bool) -> Cow<'_, str> {
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
    fn nothing_commands_a_ci_system() {
        for (harmful, harmless) in [
            ("echo ##vso[task.setvariable variable=a]b", "echo ##vso?task.setvariable variable=a]b"),
            ("###[add-mask]c ##teamcity[x]", "###?add-mask]c ##teamcity?x]"),
            ("##\u{7}[error]x", "##?[error]x"),
            ("::error::x", "?:error::x"),
            ("a\n \u{3000}::add-mask::x\n::", "a\n \u{3000}?:add-mask::x\n?:"),
        ] {
            assert_eq!(text(harmful), harmless);
            assert_eq!(text(harmful).len(), harmful.len());
        }
        for harmless in ["# [a] #[b] ## [c] ##d1[e] std::fmt a ::b::", "[[ $a == ## ]]", "RUN a\n  b ::"] {
            assert_eq!(text(harmless), harmless);
        }
        assert_eq!(line("\n::error::x"), "?::error::x");
    }

    #[test]
    fn line_endings_of_a_file_stay() {
        assert_eq!(source("a\u{1b}\r\n"), "a?\r\n");
        assert_eq!(source("a\rb\n"), "a?b\n");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = "\u{1b}\u{7f}\u{9b}\u{202e}\u{e0041}\n##vso[a] [##[b]";
        let document = serde_json::to_string(value).unwrap();
        let safe = json(&document);
        assert!(!safe.contains(is_control) && !safe.contains("##vso[") && !safe.contains("##["));
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), value);
    }
}
