//! What begins with `$`, a backtick or `<(`.

use std::ops::Range;

use super::cursor::Parser;
use super::words::{Context, name_len};
use super::{PartKind, Variable, Word, WordPart};
use crate::text::LogicalText;

/// The operators in `${X…}`, the longer before the shorter.
const OPERATORS: [&str; 21] = [
    ":-", ":=", ":?", ":+", "%%", "##", "//", "^^", ",,", "-", "=", "?", "+", "%", "#", "/", "^", ",", "@",
    ":", "[",
];

/// What the text behind `((` is.
enum Arithmetic {
    /// An expression up to the offset of its `))`.
    Expression(usize),
    /// Commands in a subshell within the outer bracket.
    Commands,
    /// It has no end.
    Unclosed,
}

fn is_special_parameter(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}

impl Parser<'_> {
    /// Whether the dollar here is more than a dollar.
    pub(super) fn at_expansion(&self) -> bool {
        self.byte_at(self.pos + 1).is_some_and(|next| {
            matches!(next, b'(' | b'{' | b'_') || next.is_ascii_alphabetic() || is_special_parameter(next)
        })
    }

    /// Reads what the dollar here begins.
    pub(super) fn expansion(&mut self, quoted: bool, parts: &mut Vec<WordPart>) -> Option<()> {
        let rest = &self.text.as_bytes()[self.pos + 1..];
        match rest {
            [b'(', b'(', ..] => match self.arithmetic_end(self.pos + 3) {
                Arithmetic::Expression(end) => {
                    self.arithmetic_expansion(end, quoted, parts);
                    Some(())
                }
                Arithmetic::Commands => self.command_substitution(quoted, parts),
                Arithmetic::Unclosed => {
                    self.unclosed(self.pos, 3);
                    None
                }
            },
            [b'(', ..] => self.command_substitution(quoted, parts),
            [b'{', ..] => self.braced_variable(quoted, parts),
            _ => {
                self.plain_variable(name_len(rest).max(1), quoted, parts);
                Some(())
            }
        }
    }

    fn plain_variable(&mut self, len: usize, quoted: bool, parts: &mut Vec<WordPart>) {
        let start = self.pos;
        self.pos += 1 + len;
        let variable = self.variable(start + 1, self.pos);
        self.push(parts, start, PartKind::Variable(Box::new(variable)), quoted);
    }

    fn variable(&self, start: usize, end: usize) -> Variable {
        Variable {
            name: self.text[start..end].to_owned(),
            name_range: self.range(start, end),
            operation: None,
        }
    }

    fn arithmetic_expansion(&mut self, end: usize, quoted: bool, parts: &mut Vec<WordPart>) {
        let start = self.pos;
        let word = self.arithmetic(start + 3, end, quoted);
        self.pos = end + 2;
        self.push(parts, start, PartKind::Arithmetic(Box::new(word)), quoted);
    }

    /// `$( … )`
    fn command_substitution(&mut self, quoted: bool, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        self.pos += 2;
        let list = self.list();
        self.close_bracket(start, 2)?;
        self.push(parts, start, PartKind::CommandSubstitution(list), quoted);
        Some(())
    }

    /// `<( … )` and `>( … )`
    pub(super) fn process_substitution(&mut self, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        self.pos += 2;
        let list = self.list();
        self.close_bracket(start, 2)?;
        self.push(parts, start, PartKind::ProcessSubstitution(list), false);
        Some(())
    }

    /// Takes the bracket that closes what begins with the `len` bytes at `start`.
    pub(super) fn close_bracket(&mut self, start: usize, len: usize) -> Option<()> {
        if self.eat(")") {
            return Some(());
        }
        self.not_closed(start, len);
        None
    }

    /// Says that a closing bracket should stand here, or is never to come.
    pub(super) fn not_closed(&mut self, start: usize, len: usize) {
        if self.byte().is_none() {
            self.unclosed(start, len);
        } else {
            self.expected("`)`");
        }
    }

    /// `${ … }`
    fn braced_variable(&mut self, quoted: bool, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        self.pos += 2;
        let prefix = self.braced_prefix();
        self.pos += prefix.map_or(0, |_| 1);
        let name = self.pos;
        self.pos += self.parameter_len();
        let name = name..self.pos;
        let operator = match self.byte() {
            // Most have none.
            Some(b'}') => None,
            _ => OPERATORS.into_iter().find(|operator| self.looking_at(operator)),
        };
        self.pos += operator.map_or(0, str::len);
        let operand = self.operand(start, quoted, operator)?;
        let kind = self.braced_kind(prefix, name, operator, operand);
        self.push(parts, start, kind, quoted);
        Some(())
    }

    /// The length of the name or special parameter that begins here.
    fn parameter_len(&self) -> usize {
        let rest = &self.text.as_bytes()[self.pos..];
        match rest.first() {
            Some(byte) if byte.is_ascii_digit() => {
                rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
            }
            Some(byte) if is_special_parameter(*byte) => 1,
            _ => name_len(rest),
        }
    }

    fn braced_kind(
        &self,
        prefix: Option<&str>,
        name: Range<usize>,
        operator: Option<&str>,
        operand: Word,
    ) -> PartKind {
        let known = match prefix {
            Some("length") => operator.is_none_or(|operator| operator == "["),
            _ => operator.is_some() || operand.is_empty(),
        };
        if name.is_empty() || !known {
            return PartKind::Unknown;
        }
        let mut variable = self.variable(name.start, name.end);
        variable.operation = prefix.or(operator).map(|operation| (operation.to_owned(), operand));
        PartKind::Variable(Box::new(variable))
    }

    /// `#` in `${#X}` and `!` in `${!X}`, which are names themselves in `${#}` and `${!}`.
    fn braced_prefix(&self) -> Option<&'static str> {
        let next = self.byte_at(self.pos + 1)?;
        let named = next.is_ascii_alphanumeric() || next == b'_';
        match self.byte()? {
            b'#' if named || (is_special_parameter(next) && self.byte_at(self.pos + 2) == Some(b'}')) => {
                Some("length")
            }
            b'!' if named => Some("indirect"),
            _ => None,
        }
    }

    /// Reads what stands in front of the brace that closes the expansion, and takes the brace.
    fn operand(&mut self, start: usize, quoted: bool, operator: Option<&str>) -> Option<Word> {
        let in_value = operator
            .is_none_or(|operator| operator.trim_start_matches(':').starts_with(['-', '=', '?', '+']));
        let context = Context::Operand { quoted, single_quotes: !(quoted && in_value) };
        let word = self.word_in(context)?;
        if self.byte().is_none() {
            self.unclosed(start, 2);
            return None;
        }
        self.pos += 1;
        Some(word)
    }

    /// Finds the `))` that ends the expression at `from`, without a look into what stands in it.
    ///
    /// Where the outer bracket closes alone, it is a subshell in a substitution: `$((a); b)`.
    fn arithmetic_end(&self, from: usize) -> Arithmetic {
        let bytes = self.text.as_bytes();
        let mut open = 2;
        let mut quote = None;
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' if quote != Some(b'\'') => at += 1,
                b'"' | b'\'' if quote.is_none() => quote = Some(byte),
                _ if quote == Some(byte) => quote = None,
                _ if quote.is_some() => {}
                b'(' => open += 1,
                b')' if open == 2 => {
                    let closed = bytes.get(at + 1) == Some(&b')');
                    return if closed { Arithmetic::Expression(at) } else { Arithmetic::Commands };
                }
                b')' => open -= 1,
                _ => {}
            }
            at += 1;
        }
        Arithmetic::Unclosed
    }

    /// Whether `((` here begins an expression rather than a subshell in a subshell.
    pub(super) fn at_arithmetic(&self) -> bool {
        self.looking_at("((") && !matches!(self.arithmetic_end(self.pos + 2), Arithmetic::Commands)
    }

    /// `(( … ))` as a command.
    pub(super) fn arithmetic_command(&mut self) -> Option<Word> {
        let start = self.pos;
        let Arithmetic::Expression(end) = self.arithmetic_end(start + 2) else {
            self.unclosed(start, 2);
            return None;
        };
        let word = self.arithmetic(start + 2, end, false);
        self.pos = end;
        self.bump(2);
        Some(word)
    }

    /// An arithmetic expression: names in it are variables even without a dollar.
    fn arithmetic(&mut self, start: usize, end: usize, quoted: bool) -> Word {
        let text = &self.text[..end];
        let parts = self.part(text, start, None, |parser| {
            let mut parts = Vec::new();
            if parser.arithmetic_parts(quoted, &mut parts).is_none() {
                let range = parser.range(start, end);
                parts = vec![WordPart { range, kind: PartKind::Unknown, quoted }];
            }
            parts
        });
        Word { range: self.range(start, end), parts }
    }

    fn arithmetic_parts(&mut self, quoted: bool, parts: &mut Vec<WordPart>) -> Option<()> {
        let mut run = self.pos;
        while let Some(byte) = self.byte() {
            let at = self.pos;
            let rest = &self.text.as_bytes()[at..];
            let name = name_len(rest);
            if byte.is_ascii_digit() {
                // A number with its base (`0x1f`, `16#ff`) is not a name.
                self.pos +=
                    rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
                continue;
            }
            if name == 0 && !matches!(byte, b'`' | b'"' | b'\'') && !(byte == b'$' && self.at_expansion()) {
                self.pos += 1;
                continue;
            }
            self.literal(run, at, quoted, parts);
            match byte {
                b'"' => self.double_quotes(parts)?,
                b'\'' => self.single_quotes(parts)?,
                b'`' => self.nested(|parser| parser.backticks(quoted, parts))?,
                b'$' => self.nested(|parser| parser.expansion(quoted, parts))?,
                _ => {
                    self.pos += name;
                    let variable = self.variable(at, self.pos);
                    self.push(parts, at, PartKind::Variable(Box::new(variable)), quoted);
                }
            }
            run = self.pos;
        }
        self.literal(run, self.pos, quoted, parts);
        Some(())
    }

    /// Backticks. A backslash in them is taken away once before the commands are read, so that nested ones can be
    /// told from the closing one.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method is one parser's, not every parser's"
    )]
    pub(super) fn backticks(&mut self, quoted: bool, parts: &mut Vec<WordPart>) -> Option<()> {
        let start = self.pos;
        let inner = start + 1;
        let bytes = self.text.as_bytes();
        let mut end = inner;
        while !matches!(bytes.get(end), None | Some(b'`')) {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            self.unclosed(start, 1);
            return None;
        }
        let list = if self.text[inner..end].contains('\\') {
            let unescaped = self.unescape(inner, end, quoted);
            self.part(unescaped.as_str(), 0, Some(&unescaped), |parser| parser.script())
        } else {
            let text = &self.text[..end];
            self.part(text, inner, None, |parser| parser.script())
        };
        self.pos = end + 1;
        self.push(parts, start, PartKind::CommandSubstitution(list), quoted);
        Some(())
    }

    /// The inside of backticks without one level of backslashes.
    fn unescape(&self, start: usize, end: usize, quoted: bool) -> LogicalText {
        let text = &self.text[start..end];
        let mut unescaped = LogicalText::default();
        let mut run = 0;
        let mut chars = text.char_indices();
        while let Some((at, char)) = chars.next() {
            if char == '\\'
                && let Some((next, escaped)) = chars.next()
                && (matches!(escaped, '\\' | '`' | '$') || (quoted && escaped == '"'))
            {
                self.push_mapped(&mut unescaped, start + run, start + at);
                run = next;
            }
        }
        self.push_mapped(&mut unescaped, start + run, end);
        unescaped
    }

    fn push_mapped(&self, to: &mut LogicalText, start: usize, end: usize) {
        if !self.is_mapped() {
            return to.push(&self.text[start..end], self.source(start));
        }
        for (at, char) in self.text[start..end].char_indices() {
            let at = start + at;
            to.push(&self.text[at..at + char.len_utf8()], self.source(at));
        }
    }
}
