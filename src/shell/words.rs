//! Words and their quoting.

use super::cursor::Parser;
use super::{PartKind, Word, WordPart};

/// What a word stands in; it decides which bytes end it and which are special.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Context {
    /// A word of a command.
    Word,
    /// The regular expression behind `=~`, where brackets and bars are ordinary.
    Regex,
    /// Double quotes.
    Quotes,
    /// The body of a heredoc, to the end of the text.
    Heredoc,
    /// The operand of `${X:-operand}`.
    Operand {
        /// Whether the expansion stands within double quotes.
        quoted: bool,
        /// Whether single quotes quote: not within double quotes, except in patterns.
        single_quotes: bool,
    },
}

/// A class of bytes that ends a run of ordinary ones; see [`CLASSES`].
const WORD: u8 = 1;
const QUOTES: u8 = 2;
const OPERAND: u8 = 4;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "the loop ends at 255")]
        let class = match byte as u8 {
            b'\\' | b'$' | b'`' | b'"' => WORD | QUOTES | OPERAND,
            b'\'' => WORD | OPERAND,
            b'}' => OPERAND,
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => WORD,
            _ => 0,
        };
        classes[byte] = class;
        byte += 1;
    }
    classes
};

/// Whether a word cannot go on with `byte`.
pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

/// The length of the name at the start of `bytes`.
pub(super) fn name_len(bytes: &[u8]) -> usize {
    if bytes.first().is_none_or(u8::is_ascii_digit) {
        return 0;
    }
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

impl Context {
    fn is_quoted(self) -> bool {
        matches!(self, Self::Quotes | Self::Heredoc | Self::Operand { quoted: true, .. })
    }

    fn stops(self) -> u8 {
        match self {
            Self::Word | Self::Regex => WORD,
            Self::Quotes | Self::Heredoc => QUOTES,
            Self::Operand { .. } => OPERAND,
        }
    }

    /// Whether a backslash in front of `byte` goes away.
    fn escapes(self, byte: u8) -> bool {
        match self {
            Self::Word | Self::Regex | Self::Operand { quoted: false, .. } => true,
            Self::Quotes => matches!(byte, b'$' | b'`' | b'"' | b'\\'),
            Self::Heredoc => matches!(byte, b'$' | b'`' | b'\\'),
            Self::Operand { quoted: true, .. } => matches!(byte, b'$' | b'`' | b'"' | b'\\' | b'}'),
        }
    }
}

impl Parser<'_> {
    /// Whether a word begins here.
    pub(super) fn at_word(&self) -> bool {
        match self.byte() {
            None => false,
            Some(b'<' | b'>') => self.byte_at(self.pos + 1) == Some(b'('),
            Some(b'\r') => self.line_break_at(self.pos) == 0,
            Some(byte) => !is_break(byte),
        }
    }

    /// Reads the word that begins here.
    pub(super) fn word(&mut self) -> Option<Word> {
        self.word_in(Context::Word)
    }

    pub(super) fn word_in(&mut self, context: Context) -> Option<Word> {
        let start = self.pos;
        let mut parts = Vec::new();
        self.parts(context, &mut parts)?;
        self.end = self.pos;
        Some(Word { range: self.range(start, self.pos), parts })
    }

    /// Reads parts up to what ends them in their context, which it leaves.
    pub(super) fn parts(&mut self, context: Context, parts: &mut Vec<WordPart>) -> Option<()> {
        let quoted = context.is_quoted();
        let start = self.pos;
        // The beginning of the literal text that is not yet a part.
        let mut run = start;
        let mut brackets = 0;
        while let Some(byte) = self.next_of(context.stops()) {
            match byte {
                b'\\' => {
                    let at = self.pos;
                    let line_break = self.line_break_at(at + 1);
                    let escaped = self.text[at + 1..].chars().next();
                    if line_break > 0 {
                        self.literal(run, at, quoted, parts);
                        self.pos = at + 1 + line_break;
                        run = self.pos;
                    } else if let Some(escaped) = escaped
                        && context.escapes(if escaped.is_ascii() { escaped as u8 } else { 0 })
                    {
                        self.literal(run, at, quoted, parts);
                        self.pos = at + 1 + escaped.len_utf8();
                        let kind = PartKind::Literal(escaped.to_string());
                        push(parts, WordPart { range: self.range(at, self.pos), kind, quoted: true });
                        run = self.pos;
                    } else {
                        self.pos += 1;
                    }
                }
                b'"' if context == Context::Quotes => break,
                b'"' if context != Context::Heredoc => {
                    self.literal(run, self.pos, quoted, parts);
                    self.double_quotes(parts)?;
                    run = self.pos;
                }
                b'\'' if !matches!(context, Context::Operand { single_quotes: false, .. }) => {
                    self.literal(run, self.pos, quoted, parts);
                    self.single_quotes(parts)?;
                    run = self.pos;
                }
                b'$' if !quoted && matches!(self.byte_at(self.pos + 1), Some(b'"' | b'\'')) => {
                    self.literal(run, self.pos, quoted, parts);
                    self.pos += 1;
                    if self.byte() == Some(b'"') {
                        self.double_quotes(parts)?;
                    } else {
                        self.ansi_quotes(parts)?;
                    }
                    run = self.pos;
                }
                b'$' if self.at_expansion() => {
                    self.literal(run, self.pos, quoted, parts);
                    let part = self.nested(|parser| parser.expansion(quoted))?;
                    push(parts, part);
                    run = self.pos;
                }
                b'`' => {
                    self.literal(run, self.pos, quoted, parts);
                    let part = self.nested(|parser| parser.backticks(quoted))?;
                    push(parts, part);
                    run = self.pos;
                }
                b'\r' if self.line_break_at(self.pos) == 0 => self.pos += 1,
                b'$' | b'"' | b'\'' => self.pos += 1,
                b'(' if context == Context::Regex => {
                    brackets += 1;
                    self.pos += 1;
                }
                b')' if context == Context::Regex && brackets > 0 => {
                    brackets -= 1;
                    self.pos += 1;
                }
                b'|' | b'<' | b'>' if context == Context::Regex => self.pos += 1,
                b' ' | b'\t' | b';' | b'&' if context == Context::Regex && brackets > 0 => self.pos += 1,
                b'<' | b'>' if self.byte_at(self.pos + 1) == Some(b'(') => {
                    self.literal(run, self.pos, quoted, parts);
                    let part = self.nested(Self::process_substitution)?;
                    push(parts, part);
                    run = self.pos;
                }
                b'(' if self.pos > run && is_glob_operator(self.byte_at(self.pos - 1)) => {
                    self.literal(run, self.pos - 1, quoted, parts);
                    self.nested(|parser| parser.extended_glob(parts))?;
                    run = self.pos;
                }
                b'(' if parts.is_empty() && is_array_name(&self.text.as_bytes()[start..self.pos]) => {
                    self.literal(run, self.pos, quoted, parts);
                    let part = self.nested(Self::array)?;
                    push(parts, part);
                    run = self.pos;
                }
                _ => break,
            }
        }
        self.literal(run, self.pos, quoted, parts);
        Some(())
    }

    /// Goes to the next byte of a class.
    fn next_of(&mut self, class: u8) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.pos..];
        let len = rest.iter().position(|byte| CLASSES[usize::from(*byte)] & class != 0);
        self.pos += len.unwrap_or(rest.len());
        self.byte()
    }

    /// Makes a part of text that stands for itself.
    pub(super) fn literal(&self, start: usize, end: usize, quoted: bool, parts: &mut Vec<WordPart>) {
        if start < end {
            let kind = PartKind::Literal(self.text[start..end].to_owned());
            push(parts, WordPart { range: self.range(start, end), kind, quoted });
        }
    }

    pub(super) fn double_quotes(&mut self, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        let known = parts.len();
        self.pos += 1;
        self.parts(Context::Quotes, parts)?;
        self.close_quotes(start, b'"', known, parts)
    }

    pub(super) fn single_quotes(&mut self, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        let known = parts.len();
        let rest = &self.text.as_bytes()[start + 1..];
        self.pos = start + 1 + rest.iter().position(|byte| *byte == b'\'').unwrap_or(rest.len());
        self.literal(start + 1, self.pos, true, parts);
        self.close_quotes(start, b'\'', known, parts)
    }

    /// Takes the closing quote. A pair of quotes with nothing between them is a part of its own.
    fn close_quotes(
        &mut self,
        start: usize,
        quote: u8,
        known: usize,
        parts: &mut Vec<WordPart>,
    ) -> Option<()> {
        if self.byte() != Some(quote) {
            self.unclosed(start, 1);
            return None;
        }
        if parts.len() == known {
            let kind = PartKind::Literal(String::new());
            push(parts, WordPart { range: self.range(self.pos, self.pos), kind, quoted: true });
        }
        self.pos += 1;
        Some(())
    }

    /// `$'…'`, the dollar taken.
    fn ansi_quotes(&mut self, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        let known = parts.len();
        self.pos += 1;
        let mut run = self.pos;
        while let Some(byte) = self.byte() {
            match byte {
                b'\'' => break,
                b'\\' => {
                    self.literal(run, self.pos, true, parts);
                    let at = self.pos;
                    let escaped = self.text[at + 1..].chars().next();
                    self.pos += 1 + escaped.map_or(0, char::len_utf8);
                    let kind = ansi_escape(escaped).map_or(PartKind::Unknown, PartKind::Literal);
                    push(parts, WordPart { range: self.range(at, self.pos), kind, quoted: true });
                    run = self.pos;
                }
                _ => self.pos += 1,
            }
        }
        self.literal(run, self.pos, true, parts);
        self.close_quotes(start, b'\'', known, parts)
    }

    /// `@(a|b)` and its kin; the operator's character was read before.
    fn extended_glob(&mut self, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos - 1;
        self.pos += 1;
        push(parts, WordPart { range: self.range(start, self.pos), kind: PartKind::Unknown, quoted: false });
        loop {
            self.blanks();
            self.parts(Context::Word, parts)?;
            self.blanks();
            let at = self.pos;
            if !matches!(self.byte(), Some(b'|' | b')')) {
                if self.byte().is_none() {
                    self.unclosed(start, 2);
                } else {
                    self.expected("`)`");
                }
                return None;
            }
            self.pos += 1;
            push(parts, WordPart { range: self.range(at, self.pos), kind: PartKind::Unknown, quoted: false });
            if self.byte_at(at) == Some(b')') {
                return Some(());
            }
        }
    }

    /// `( … )` of an assignment.
    fn array(&mut self) -> Option<WordPart> {
        let start = self.pos;
        self.pos += 1;
        let mut words = Vec::new();
        loop {
            self.blank_lines();
            if self.at_word() {
                words.push(self.word()?);
            } else if self.byte() == Some(b')') {
                self.bump(1);
                return Some(WordPart {
                    range: self.range(start, self.pos),
                    kind: PartKind::Array(words),
                    quoted: false,
                });
            } else {
                self.unclosed(start, 1);
                return None;
            }
        }
    }
}

/// Most words have one part: room for four, as a vector takes for the first, would be wasted on them.
pub(super) fn push(parts: &mut Vec<WordPart>, part: WordPart) {
    if parts.is_empty() {
        parts.reserve_exact(1);
    }
    parts.push(part);
}

fn is_glob_operator(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'?' | b'*' | b'+' | b'@' | b'!'))
}

/// Whether `bytes` are `NAME=` or `NAME+=`.
fn is_array_name(bytes: &[u8]) -> bool {
    let len = name_len(bytes);
    len > 0 && matches!(&bytes[len..], b"=" | b"+=")
}

fn ansi_escape(escaped: Option<char>) -> Option<String> {
    let value = match escaped? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'e' | 'E' => '\u{1b}',
        quoted @ ('\\' | '\'' | '"' | '?') => quoted,
        _ => return None,
    };
    Some(value.to_string())
}
