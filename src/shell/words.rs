//! Words and their quoting.

use smol_str::SmolStr;

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

    /// Whether a backslash in front of `escaped` goes away.
    fn escapes(self, escaped: char) -> bool {
        match self {
            Self::Word | Self::Regex | Self::Operand { quoted: false, .. } => true,
            Self::Quotes => matches!(escaped, '$' | '`' | '"' | '\\'),
            Self::Heredoc => matches!(escaped, '$' | '`' | '\\'),
            Self::Operand { quoted: true, .. } => matches!(escaped, '$' | '`' | '"' | '\\' | '}'),
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
    ///
    /// What needs room on the stack stands in functions of its own: this one is in every recursion.
    pub(super) fn parts(&mut self, context: Context, parts: &mut Vec<WordPart>) -> Option<()> {
        let quoted = context.is_quoted();
        let start = self.pos;
        // The beginning of the literal text that is not yet a part.
        let mut run = start;
        let mut brackets = 0;
        while let Some(byte) = self.next_of(context.stops()) {
            let at = self.pos;
            let next = self.byte_at(at + 1);
            let special = match byte {
                b'\\' => self.escape_len(context) > 0,
                b'"' if context == Context::Quotes => break,
                b'"' => context != Context::Heredoc,
                b'\'' => !matches!(context, Context::Operand { single_quotes: false, .. }),
                b'$' => self.at_expansion() || (!quoted && matches!(next, Some(b'"' | b'\''))),
                b'`' => true,
                b'\r' if self.line_break_at(at) == 0 => false,
                b'(' | b')' | b'|' | b'<' | b'>' | b' ' | b'\t' | b';' | b'&'
                    if context == Context::Regex =>
                {
                    if !in_regex(byte, &mut brackets) {
                        break;
                    }
                    false
                }
                b'<' | b'>' if next == Some(b'(') => true,
                b'(' if at > run && is_glob_operator(self.byte_at(at - 1)) => true,
                b'(' if parts.is_empty() && is_array_name(&self.text.as_bytes()[start..at]) => true,
                _ => break,
            };
            if special {
                self.literal(run, at, quoted, parts);
                self.special(byte, context, parts)?;
                run = self.pos;
            } else {
                self.pos += 1;
            }
        }
        self.literal(run, self.pos, quoted, parts);
        Some(())
    }

    /// Reads what is more than text.
    fn special(&mut self, byte: u8, context: Context, parts: &mut Vec<WordPart>) -> Option<()> {
        let quoted = context.is_quoted();
        match byte {
            b'\\' => {
                self.escape(context, parts);
                Some(())
            }
            b'"' => self.double_quotes(parts),
            b'\'' => self.single_quotes(parts),
            b'`' => self.nested(|parser| parser.backticks(quoted, parts)),
            b'$' if self.at_expansion() => self.nested(|parser| parser.expansion(quoted, parts)),
            b'$' => {
                self.pos += 1;
                if self.byte() == Some(b'"') { self.double_quotes(parts) } else { self.ansi_quotes(parts) }
            }
            b'(' if is_glob_operator(self.byte_at(self.pos - 1)) => {
                self.nested(|parser| parser.extended_glob(parts))
            }
            b'(' => self.nested(|parser| parser.array(parts)),
            _ => self.nested(|parser| parser.process_substitution(parts)),
        }
    }

    /// The length of the escape that the backslash here begins; 0 where it is just a backslash.
    fn escape_len(&self, context: Context) -> usize {
        let line_break = self.line_break_at(self.pos + 1);
        if line_break > 0 {
            return 1 + line_break;
        }
        match self.text[self.pos + 1..].chars().next() {
            Some(escaped) if context.escapes(escaped) => 1 + escaped.len_utf8(),
            _ => 0,
        }
    }

    fn escape(&mut self, context: Context, parts: &mut Vec<WordPart>) {
        let start = self.pos;
        self.pos += self.escape_len(context);
        if self.line_break_at(start + 1) == 0 {
            let kind = PartKind::Literal(SmolStr::new(&self.text[start + 1..self.pos]));
            self.push(parts, start, kind, true);
        }
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
            let kind = PartKind::Literal(SmolStr::new(&self.text[start..end]));
            push(parts, WordPart { range: self.range(start, end), kind, quoted });
        }
    }

    /// Makes a part of what stands between `start` and here.
    pub(super) fn push(&self, parts: &mut Vec<WordPart>, start: usize, kind: PartKind, quoted: bool) {
        push(parts, WordPart { range: self.range(start, self.pos), kind, quoted });
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
            self.push(parts, self.pos, PartKind::Literal(SmolStr::default()), true);
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
                    self.push(parts, at, kind, true);
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
        let start = self.pos;
        self.pos += 1;
        self.push(parts, start, PartKind::Unknown, false);
        loop {
            self.blanks();
            self.parts(Context::Word, parts)?;
            self.blanks();
            let at = self.pos;
            if !matches!(self.byte(), Some(b'|' | b')')) {
                self.not_closed(start, 1);
                return None;
            }
            self.pos += 1;
            self.push(parts, at, PartKind::Unknown, false);
            if self.byte_at(at) == Some(b')') {
                return Some(());
            }
        }
    }

    /// `( … )` of an assignment.
    fn array(&mut self, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        self.pos += 1;
        let mut words = Vec::new();
        loop {
            self.blank_lines();
            if self.at_word() {
                words.push(self.word()?);
            } else if self.eat(")") {
                self.push(parts, start, PartKind::Array(words), false);
                return Some(());
            } else {
                self.not_closed(start, 1);
                return None;
            }
        }
    }
}

/// Most words have one part: room for four, as a vector takes for the first, would be wasted on them.
fn push(parts: &mut Vec<WordPart>, part: WordPart) {
    if parts.is_empty() {
        parts.reserve_exact(1);
    }
    parts.push(part);
}

/// Whether a regular expression goes on with a byte that would end a word, so many brackets deep.
fn in_regex(byte: u8, brackets: &mut usize) -> bool {
    match byte {
        b'(' => *brackets += 1,
        b')' if *brackets > 0 => *brackets -= 1,
        b'|' | b'<' | b'>' => {}
        _ => return *brackets > 0 && byte != b')',
    }
    true
}

fn is_glob_operator(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'?' | b'*' | b'+' | b'@' | b'!'))
}

/// Whether `bytes` are `NAME=` or `NAME+=`.
fn is_array_name(bytes: &[u8]) -> bool {
    let len = name_len(bytes);
    len > 0 && matches!(&bytes[len..], b"=" | b"+=")
}

fn ansi_escape(escaped: Option<char>) -> Option<SmolStr> {
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
    Some(SmolStr::from_iter([value]))
}
