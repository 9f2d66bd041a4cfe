//! Quotes, escapes and variables in a word, as `BuildKit` reads them (shell/lex.go).
//!
//! One machine serves three: the expander and the list of references (both in `variables`), and the search for
//! heredocs, which `BuildKit` does with the same machine and no variables.

mod substitution;

use super::variables::{Lookup, Operator};
use super::words::Span;

/// How deep `${X:-${Y:-…}}` is followed.
const MAX_DEPTH: u32 = 200;

/// How the machine treats what it reads.
#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "they are independent, and named as in BuildKit")]
pub(super) struct Options {
    /// `\` or `` ` ``.
    pub(super) escape: char,
    /// Quotes stay in the result.
    pub(super) raw_quotes: bool,
    /// Escape characters stay in the result.
    pub(super) raw_escapes: bool,
    /// Quotes are ordinary characters.
    pub(super) skip_quotes: bool,
    /// References to variables that are not set stay in the result.
    pub(super) skip_unset: bool,
}

impl Options {
    /// As for a word of an instruction: quotes and escapes are removed, what is not set is empty.
    pub(super) fn word(escape: char) -> Self {
        Self { escape, raw_quotes: false, raw_escapes: false, skip_quotes: false, skip_unset: false }
    }
}

/// Why a word has no value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Failure {
    /// `BuildKit` refuses it.
    Refused(String, Span),
    /// It nests too deep to say.
    TooDeep,
}

/// A text, or the knowledge that it is not known.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) unknown: bool,
}

/// A word of the result, and from where to where it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Output {
    pub(super) value: Value,
    pub(super) span: Span,
}

/// A reference as it was met; nested ones follow the one that holds them.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) span: Span,
    pub(super) name: Span,
    pub(super) operator: Option<Operator>,
    pub(super) operand: Option<Span>,
}

type Result<T> = std::result::Result<T, Failure>;

/// Runs the machine over `text`.
pub(super) fn process(
    text: &str,
    options: Options,
    lookup: &mut dyn FnMut(&str) -> Lookup,
) -> Result<(Value, Vec<Output>)> {
    Lexer::new(text, options, lookup).process_until(None, options.raw_escapes)
}

/// The references in `text`, up to the point where it cannot be read whatever the variables are.
pub(super) fn references(text: &str, options: Options) -> (Vec<Reference>, Result<()>) {
    let mut unknown = |_: &str| Lookup::Unknown;
    let mut lexer = Lexer::new(text, options, &mut unknown);
    let done = lexer.process_until(None, options.raw_escapes).map(drop);
    (lexer.references, done)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    options: Options,
    raw_escapes: bool,
    lookup: &'a mut dyn FnMut(&str) -> Lookup,
    /// The word under way. `BuildKit` has one buffer for all levels: an operand empties it.
    word: Output,
    references: Vec<Reference>,
    depth: u32,
}

impl Value {
    fn known(text: impl Into<String>) -> Self {
        Self { text: text.into(), unknown: false }
    }

    fn unknown() -> Self {
        Self { text: String::new(), unknown: true }
    }

    fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.unknown |= other.unknown;
    }
}

/// The words of one level.
#[derive(Default)]
struct Words {
    done: Vec<Output>,
    in_word: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, options: Options, lookup: &'a mut dyn FnMut(&str) -> Lookup) -> Self {
        // Go's text/scanner ignores a byte-order mark in front.
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let raw_escapes = options.raw_escapes;
        let word = Output::default();
        Self { text, at, options, raw_escapes, lookup, word, references: Vec::new(), depth: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn add_raw(&mut self, words: &mut Words, value: &Value, from: usize) {
        if self.word.value.text.is_empty() && !self.word.value.unknown {
            self.word.span.start = from;
        }
        self.word.span.end = self.at;
        self.word.value.append(value);
        words.in_word = true;
    }

    fn add_raw_char(&mut self, words: &mut Words, c: char, from: usize) {
        if self.word.value.text.is_empty() && !self.word.value.unknown {
            self.word.span.start = from;
        }
        self.word.span.end = self.at;
        self.word.value.text.push(c);
        words.in_word = true;
    }

    fn add_char(&mut self, words: &mut Words, c: char, from: usize) {
        if !c.is_whitespace() {
            self.add_raw_char(words, c, from);
        } else if words.in_word && (!self.word.value.text.is_empty() || self.word.value.unknown) {
            words.done.push(std::mem::take(&mut self.word));
            words.in_word = false;
        }
    }

    fn finish(&mut self, mut words: Words) -> Vec<Output> {
        if !self.word.value.text.is_empty() || self.word.value.unknown {
            words.done.push(std::mem::take(&mut self.word));
        }
        words.done
    }

    /// Reads up to `stop`, or to the end.
    fn process_until(&mut self, stop: Option<char>, raw_escapes: bool) -> Result<(Value, Vec<Output>)> {
        let outer = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let result = self.process_level(stop);
        self.raw_escapes = outer;
        result
    }

    fn process_level(&mut self, stop: Option<char>) -> Result<(Value, Vec<Output>)> {
        let start = self.at;
        let mut result = Value::default();
        let mut words = Words::default();
        self.word = Output::default();
        while let Some(c) = self.peek() {
            let from = self.at;
            if stop == Some(c) {
                self.next();
                return Ok((result, self.finish(words)));
            }
            match c {
                '$' => {
                    let value = self.process_dollar()?;
                    for c in value.text.chars() {
                        self.add_char(&mut words, c, from);
                    }
                    if value.unknown {
                        self.add_raw(&mut words, &value, from);
                    }
                    result.append(&value);
                }
                '<' => {
                    let value = Value::known(self.process_possible_heredoc());
                    self.add_raw(&mut words, &value, from);
                    result.append(&value);
                }
                '\'' | '"' if !self.options.skip_quotes => {
                    let value =
                        if c == '"' { self.process_double_quote()? } else { self.process_single_quote()? };
                    self.add_raw(&mut words, &value, from);
                    result.append(&value);
                }
                _ => {
                    self.next();
                    if c == self.options.escape {
                        if self.raw_escapes {
                            self.add_raw_char(&mut words, c, from);
                            result.text.push(c);
                        }
                        let Some(escaped) = self.next() else { break };
                        self.add_raw_char(&mut words, escaped, from);
                        result.text.push(escaped);
                    } else {
                        self.add_char(&mut words, c, from);
                        result.text.push(c);
                    }
                }
            }
        }
        match stop {
            Some(stop) => {
                let message = format!("there is no `{stop}` to end this");
                Err(Failure::Refused(message, start..self.text.len()))
            }
            None => Ok((result, self.finish(words))),
        }
    }

    fn process_single_quote(&mut self) -> Result<Value> {
        let start = self.at;
        self.next();
        let Some(length) = self.text[self.at..].find('\'') else {
            self.at = self.text.len();
            return Err(Failure::Refused("the single quote is not closed".into(), start..start + 1));
        };
        let inner = self.at..self.at + length;
        self.at = inner.end + 1;
        Ok(Value::known(&self.text[if self.options.raw_quotes { start..self.at } else { inner }]))
    }

    fn process_double_quote(&mut self) -> Result<Value> {
        let start = self.at;
        let mut result = Value::default();
        self.next();
        if self.options.raw_quotes {
            result.text.push('"');
        }
        loop {
            match self.peek() {
                None => {
                    return Err(Failure::Refused("the double quote is not closed".into(), start..start + 1));
                }
                Some('"') => {
                    self.next();
                    if self.options.raw_quotes {
                        result.text.push('"');
                    }
                    return Ok(result);
                }
                Some('$') => result.append(&self.process_dollar()?),
                Some(mut c) => {
                    self.next();
                    if c == self.options.escape {
                        if self.raw_escapes {
                            result.text.push(c);
                        }
                        match self.peek() {
                            // An escape character at the end of the word is dropped; the quote is open anyway.
                            None => continue,
                            Some(escaped) if escaped == '"' || escaped == '$' || escaped == c => {
                                self.next();
                                c = escaped;
                            }
                            Some(_) => {}
                        }
                    }
                    result.text.push(c);
                }
            }
        }
    }

    fn process_possible_heredoc(&mut self) -> &'a str {
        let start = self.at;
        self.next();
        if self.peek() == Some('<') {
            self.next();
            while matches!(self.peek(), Some('\t' | '\r' | ' ')) {
                self.next();
            }
        }
        &self.text[start..self.at]
    }

    /// A variable's name, which may be empty.
    fn process_name(&mut self) -> Span {
        let start = self.at;
        match self.peek() {
            Some(c) if is_digit(c) => {
                while self.peek().is_some_and(is_digit) {
                    self.next();
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.next();
            }
            _ => {
                while self.peek().is_some_and(|c| c == '_' || c.is_alphabetic() || is_digit(c)) {
                    self.next();
                }
            }
        }
        start..self.at
    }

    /// The variable's value; `None` if it is not set.
    fn get(&mut self, name: &Span) -> Option<Value> {
        match (self.lookup)(&self.text[name.clone()]) {
            Lookup::Set(text) => Some(Value::known(text)),
            Lookup::Unknown => Some(Value::unknown()),
            Lookup::Unset => None,
        }
    }

    fn process_dollar(&mut self) -> Result<Value> {
        if self.depth == MAX_DEPTH {
            return Err(Failure::TooDeep);
        }
        self.depth += 1;
        let result = self.process_reference();
        self.depth -= 1;
        result
    }

    fn process_reference(&mut self) -> Result<Value> {
        let start = self.at;
        self.next();
        if self.peek() != Some('{') {
            let name = self.process_name();
            if name.is_empty() {
                return Ok(Value::known("$"));
            }
            let span = start..self.at;
            self.references.push(Reference { span, name: name.clone(), operator: None, operand: None });
            return Ok(self.get(&name).unwrap_or_else(|| self.unset(start)));
        }
        self.next();
        match self.peek() {
            None => return Err(self.missing_brace(start)),
            Some('{' | '}' | ':') => {
                let end = self.at + 1;
                return Err(Failure::Refused(
                    "bad substitution: a variable's name is missing".into(),
                    start..end,
                ));
            }
            Some(_) => {}
        }
        let name = self.process_name();
        let index = self.references.len();
        self.references.push(Reference {
            span: start..self.at,
            name: name.clone(),
            operator: None,
            operand: None,
        });
        let value = self.process_modifier(start, &name, index)?;
        self.references[index].span.end = self.at;
        Ok(value)
    }

    /// What stands for a reference to an unset variable.
    fn unset(&self, start: usize) -> Value {
        Value::known(if self.options.skip_unset { &self.text[start..self.at] } else { "" })
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())
}
