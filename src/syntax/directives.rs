//! Parser directives: `# name=value` at the head of the file (`BuildKit` parser/directives.go).

use super::words::Span;

const NAMES: [&str; 3] = ["syntax", "escape", "check"];

/// The white space that Go's regular expressions call `\s`.
fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ')
}

/// Reads a line whose leading white space and line ending are gone and which starts with `#` as a directive: its name
/// in lower case, and where its value stands. `None`: it is an ordinary comment, and no directive can follow.
pub(super) fn read(line: &str) -> Option<(&'static str, Span)> {
    let text = line.strip_prefix('#')?.trim_start();
    let name_end = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = NAMES.into_iter().find(|name| text[..name_end].eq_ignore_ascii_case(name))?;
    let rest = text[name_end..].trim_start_matches(is_space).strip_prefix('=')?;
    let value = rest.trim_start_matches(is_space);
    if value.is_empty() {
        // The expression is `\s*(.+?)\s*$`: of white space alone the last character is left for the value.
        return (!rest.is_empty()).then_some((name, line.len() - 1..line.len()));
    }
    let start = line.len() - value.len();
    Some((name, start..start + value.trim_end_matches(is_space).len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(line: &str) -> Option<(&'static str, &str)> {
        read(line).map(|(name, span)| (name, &line[span]))
    }

    #[test]
    fn known_names_are_directives() {
        assert_eq!(value("# syntax=docker/dockerfile:1"), Some(("syntax", "docker/dockerfile:1")));
        assert_eq!(value("#Escape\t= ` "), Some(("escape", "`")));
        assert_eq!(value("#check=skip=all; error=true"), Some(("check", "skip=all; error=true")));
        assert_eq!(value("# escape=  "), Some(("escape", " ")));
    }

    #[test]
    fn anything_else_is_a_comment() {
        for line in ["#", "# a comment", "# escape", "# escape=", "# other=1", "# sy-ntax=1"] {
            assert_eq!(value(line), None, "{line}");
        }
    }
}
