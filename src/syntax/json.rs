//! The JSON form of arguments: `["a", "b"]`.
//!
//! `BuildKit` (`parser/line_parsers.go`) takes the arguments for JSON only if all of them are one valid array; anything
//! else is a command line or a list of words that happens to start with a bracket. Valid is what Go's encoding/json
//! calls so.

use super::words::Span;

/// How deep Go's encoding/json follows arrays and objects.
const MAX_DEPTH: usize = 10_000;

/// A string of the array.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Item {
    /// The decoded value.
    pub(super) value: String,
    /// Where it stands, quotes included.
    pub(super) span: Span,
    /// Whether the value is what stands between the quotes.
    pub(super) verbatim: bool,
}

/// What looks like a JSON array.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Array {
    /// It is none.
    Invalid,
    /// It is one, but this element is no string: `BuildKit` refuses it.
    NotAString(Span),
    /// Only strings.
    Strings(Vec<Item>),
}

/// Reads the whole of `span` as a JSON array.
pub(super) fn array(text: &str, span: Span) -> Array {
    let start = span.end - text[span.clone()].trim_start().len();
    let mut scanner = Scanner { text: &text[..span.end], at: start };
    scanner.array().unwrap_or(Array::Invalid)
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// `None` everywhere: not JSON.
impl Scanner<'_> {
    fn array(&mut self) -> Option<Array> {
        let mut items = Vec::new();
        let mut wrong = None;
        self.expect(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
        } else {
            loop {
                if self.peek()? == b'"' {
                    items.push(self.string()?);
                } else {
                    let start = self.at;
                    self.skip_value()?;
                    wrong.get_or_insert(start..self.at);
                }
                match self.next()? {
                    b',' => {}
                    b']' => break,
                    _ => return None,
                }
            }
        }
        self.skip_space();
        if self.at < self.text.len() {
            return None;
        }
        Some(wrong.map_or(Array::Strings(items), Array::NotAString))
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// The next byte behind white space.
    fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// A string; `at` is at its opening quote.
    fn string(&mut self) -> Option<Item> {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        let mut verbatim = true;
        loop {
            let rest = &self.text[self.at..];
            let stop = rest.find(|c: char| c == '"' || c == '\\' || c < ' ')?;
            value.push_str(&rest[..stop]);
            self.at += stop + 1;
            match rest.as_bytes()[stop] {
                b'"' => return Some(Item { value, span: start..self.at, verbatim }),
                b'\\' => value.push(self.escape()?),
                _ => return None,
            }
            verbatim = false;
        }
    }

    /// What stands for a character behind a backslash.
    fn escape(&mut self) -> Option<char> {
        let kind = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                if let Some(c) = char::from_u32(unit) {
                    return Some(c);
                }
                self.low_surrogate(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        })
    }

    /// The character of a surrogate pair; where `high` has no partner, nothing more is read.
    fn low_surrogate(&mut self, high: u32) -> Option<char> {
        let before = self.at;
        if self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            if let Some(low @ 0xDC00..=0xDFFF) = self.hex()
                && high < 0xDC00
            {
                return char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
            }
        }
        self.at = before;
        None
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// Any value that is no string of the outer array. Without recursion, however deep it nests.
    fn skip_value(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            match self.peek()? {
                bracket @ (b'[' | b'{') => {
                    self.at += 1;
                    open.push(bracket);
                    if open.len() >= MAX_DEPTH {
                        return None;
                    }
                    if self.peek()? == closing(bracket) {
                        self.at += 1;
                        open.pop();
                    } else {
                        if bracket == b'{' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                b'"' => drop(self.string()?),
                b'-' | b'0'..=b'9' => self.number()?,
                _ => self.literal()?,
            }
            loop {
                let Some(&bracket) = open.last() else { return Some(()) };
                match self.next()? {
                    b',' => {
                        if bracket == b'{' {
                            self.key()?;
                        }
                        break;
                    }
                    byte if byte == closing(bracket) => drop(open.pop()),
                    _ => return None,
                }
            }
        }
    }

    fn key(&mut self) -> Option<()> {
        if self.peek()? != b'"' {
            return None;
        }
        self.string()?;
        self.expect(b':')
    }

    fn literal(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word))?;
        self.at += word.len();
        Some(())
    }

    /// A number. One that no float can hold is an error to Go, too.
    fn number(&mut self) -> Option<()> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut at = start + usize::from(bytes[start] == b'-');
        let whole = digits(at);
        if whole == 0 || (whole > 1 && bytes[at] == b'0') {
            return None;
        }
        at += whole;
        if bytes.get(at) == Some(&b'.') {
            let fraction = digits(at + 1);
            if fraction == 0 {
                return None;
            }
            at += 1 + fraction;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let exponent = digits(at);
            if exponent == 0 {
                return None;
            }
            at += exponent;
        }
        self.at = at;
        self.text[start..at].parse::<f64>().ok()?.is_finite().then_some(())
    }
}

fn closing(bracket: u8) -> u8 {
    if bracket == b'[' { b']' } else { b'}' }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Vec<String> {
        match array(text, 0..text.len()) {
            Array::Strings(items) => items.into_iter().map(|item| item.value).collect(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn strings_are_decoded() {
        assert_eq!(strings(r#"["a","b\n\"\u00e9\ud83d\ude00" , "\ud83dx"]"#), ["a", "b\n\"é😀", "\u{fffd}x"]);
        assert!(strings("[ ]").is_empty());
    }

    #[test]
    fn spans_include_the_quotes() {
        let text = r#"["a", "b\tc"]"#;
        let Array::Strings(items) = array(text, 0..text.len()) else { panic!() };
        assert_eq!(items[0], Item { value: "a".into(), span: 1..4, verbatim: true });
        assert_eq!(items[1], Item { value: "b\tc".into(), span: 6..12, verbatim: false });
    }

    #[test]
    fn the_first_element_that_is_no_string_is_named() {
        for (text, span) in [(r#"["a", 1, []]"#, 6..7), (r#"[{"a":[1,{}]}, "b"]"#, 1..13), ("[null]", 1..5)] {
            assert_eq!(array(text, 0..text.len()), Array::NotAString(span), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_json() {
        for text in [
            "",
            "[",
            "['a']",
            "[\"a\" \"b\"]",
            "[\"a\",]",
            "[\"a\"] x",
            "[01]",
            "[1e999]",
            "[\"\t\"]",
            "[\"\\x\"]",
            "[1.]",
            "{}",
        ] {
            assert_eq!(array(text, 0..text.len()), Array::Invalid, "{text}");
        }
        let deep = "[".repeat(20_000);
        assert_eq!(array(&deep, 0..deep.len()), Array::Invalid);
    }
}
