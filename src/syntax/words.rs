//! Cutting a joined line into words (`BuildKit` `parser/line_parsers.go` and `split_command.go`).

/// A range of bytes of a joined line.
pub(super) type Span = std::ops::Range<usize>;

/// What `BuildKit` takes for white space between the keyword and the arguments and between words without quotes:
/// `[\t\v\f\r ]`. A no-break space is not among it.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\x0b' | '\x0c' | '\r' | ' ')
}

/// White space where `BuildKit` looks at bytes instead of characters.
pub(super) fn is_ascii_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\x0b'
}

/// `span` without the white space (Unicode's) at both ends.
pub(super) fn trim(text: &str, span: Span) -> Span {
    let rest = text[span.clone()].trim_start();
    let start = span.end - rest.len();
    start..start + rest.trim_end().len()
}

/// The words of `span`, which must be trimmed; quotes mean nothing.
pub(super) fn plain_words(text: &str, span: Span) -> Vec<Span> {
    let mut words = Vec::new();
    let mut at = span.start;
    for word in text[span].split(is_blank) {
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += word.len() + 1;
    }
    words
}

/// The words of `span` where quotes and escapes hold a word together; both stay in the word.
///
/// An escape character at the very end belongs to no word.
pub(super) fn quoted_words(text: &str, span: Span, escape: char) -> Vec<Span> {
    let end = span.end;
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut chars = text[span.clone()].char_indices().map(|(at, c)| (at + span.start, c));
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            words.extend(start.take().map(|start| start..at));
            continue;
        }
        let word_start = *start.get_or_insert(at);
        if c == escape && quote != Some('\'') {
            if at + c.len_utf8() == end {
                start = None;
                if word_start < at {
                    words.push(word_start..at);
                }
                break;
            }
            chars.next();
            continue;
        }
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
    }
    words.extend(start.map(|start| start..end));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        quoted_words(text, 0..text.len(), '\\').into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn quotes_and_escapes_hold_words_together() {
        assert_eq!(quoted(r#"A=1 B="x y" C='x "y' D=a\ b"#), ["A=1", r#"B="x y""#, r#"C='x "y'"#, r"D=a\ b"]);
        assert_eq!(quoted(r#""a \" b" c"#), [r#""a \" b""#, "c"]);
        assert_eq!(quoted(r"'a\' b"), [r"'a\'", "b"]);
        assert_eq!(quoted("  a\u{2003}b "), ["a", "b"]);
    }

    #[test]
    fn an_escape_at_the_end_is_dropped() {
        assert_eq!(quoted(r"a \"), ["a"]);
        assert_eq!(quoted(r"a\"), ["a"]);
        assert_eq!(quoted(r"a\\"), [r"a\\"]);
    }

    #[test]
    fn an_open_quote_reaches_to_the_end() {
        assert_eq!(quoted("a 'b c "), ["a", "'b c "]);
    }

    #[test]
    fn plain_words_know_no_quotes() {
        let text = "a \t'b c'\u{a0}d";
        let words: Vec<_> = plain_words(text, 0..text.len()).into_iter().map(|span| &text[span]).collect();
        assert_eq!(words, ["a", "'b", "c'\u{a0}d"]);
    }
}
