//! Places as the protocol counts them: lines and columns from zero, columns in the unit that was agreed on.

use dflint::text::{TextRange, TextSize};
use lsp_types::{Position, PositionEncodingKind, Range};

/// The unit of columns.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16: what holds where nothing was agreed on.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// Where the lines of a text begin. Other than in a Dockerfile, a carriage return of its own ends a line, too.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    starts: Vec<u32>,
}

impl Encoding {
    /// The best of those that a client offers, in its own order: what costs the least here is UTF-8.
    pub(super) fn choose<'a>(mut offered: impl Iterator<Item = &'a str> + Clone) -> Self {
        if offered.clone().any(|name| name == "utf-8") {
            return Self::Utf8;
        }
        match offered.find(|name| matches!(*name, "utf-16" | "utf-32")) {
            Some("utf-32") => Self::Utf32,
            _ => Self::Utf16,
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    fn length(self, text: &str) -> usize {
        if self == Self::Utf8 || text.is_ascii() {
            return text.len();
        }
        text.chars().map(|c| self.width(c)).sum()
    }
}

impl Lines {
    /// The lines of a text, which must be shorter than 4 GiB.
    pub(super) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        starts.extend(ends.map(|at| small(at + 1)));
        Self { starts }
    }

    /// Where an offset of the text stands. Between the two characters of a line ending is in front of them.
    pub(super) fn position(&self, text: &str, offset: TextSize, encoding: Encoding) -> Position {
        let offset = u32::from(offset);
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[line] as usize;
        let end = (offset as usize).min(start + self.content(text, line).len());
        Position { line: small(line), character: small(encoding.length(&text[start..end])) }
    }

    /// The range of the protocol for a range of the text.
    pub(super) fn range(&self, text: &str, range: TextRange, encoding: Encoding) -> Range {
        Range {
            start: self.position(text, range.start(), encoding),
            end: self.position(text, range.end(), encoding),
        }
    }

    /// The offset of a place in the text. A column behind the end of its line is that end, a line behind the last one the
    /// end of the text, and a column within a character the start of it.
    pub(super) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> TextSize {
        let Some(&start) = self.starts.get(position.line as usize) else { return TextSize::of(text) };
        let content = self.content(text, position.line as usize);
        let wanted = position.character as usize;
        let within = if content.is_ascii() {
            wanted.min(content.len())
        } else {
            let mut column = 0;
            let behind = content.char_indices().find(|&(_, c)| {
                column += encoding.width(c);
                column > wanted
            });
            behind.map_or(content.len(), |(at, _)| at)
        };
        TextSize::from(start + small(within))
    }

    /// The first offset and the last of a line's text, its ending aside.
    pub(super) fn line_range(&self, text: &str, line: u32) -> Option<TextRange> {
        let start = TextSize::from(*self.starts.get(line as usize)?);
        Some(TextRange::at(start, TextSize::of(self.content(text, line as usize))))
    }

    fn content<'a>(&self, text: &'a str, line: usize) -> &'a str {
        let start = self.starts[line] as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |&end| end as usize);
        text[start..end].trim_end_matches(['\n', '\r'])
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a place in a text of less than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\r\nü😀b\rc\n\nd";

    fn position(offset: u32, encoding: Encoding) -> (u32, u32) {
        let position = Lines::new(TEXT).position(TEXT, offset.into(), encoding);
        (position.line, position.character)
    }

    fn offset(line: u32, character: u32, encoding: Encoding) -> u32 {
        Lines::new(TEXT).offset(TEXT, Position { line, character }, encoding).into()
    }

    #[test]
    fn columns_are_counted_in_the_unit_agreed_on() {
        for (encoding, behind) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            assert_eq!(position(9, encoding), (1, behind), "{encoding:?}");
            assert_eq!(offset(1, behind, encoding), 9, "{encoding:?}");
        }
    }

    #[test]
    fn every_line_ending_ends_a_line() {
        let starts: Vec<u32> = (0..5).map(|line| offset(line, 0, Encoding::Utf8)).collect();
        assert_eq!(starts, [0, 3, 11, 13, 14]);
        assert_eq!(position(2, Encoding::Utf8), (0, 1));
    }

    #[test]
    fn what_lies_behind_an_end_is_that_end() {
        assert_eq!(offset(0, 99, Encoding::Utf16), 1);
        assert_eq!(offset(99, 0, Encoding::Utf16), 15);
        // Within the two code units of the emoji.
        assert_eq!(offset(1, 2, Encoding::Utf16), 5);
    }

    #[test]
    fn the_encoding_is_one_that_is_offered() {
        let choose = |names: &[&'static str]| Encoding::choose(names.iter().copied());
        assert_eq!(choose(&[]), Encoding::Utf16);
        assert_eq!(choose(&["utf-16"]), Encoding::Utf16);
        assert_eq!(choose(&["utf-16", "utf-8"]), Encoding::Utf8);
        assert_eq!(choose(&["utf-32", "utf-16"]), Encoding::Utf32);
        assert_eq!(choose(&["utf-7"]), Encoding::Utf16);
    }
}
