//! Quotes, escapes and variables in a word, as `BuildKit` reads them (shell/lex.go).
//!
//! One machine serves three: the expander and the list of references (both in `variables`), and the search for
//! heredocs, which `BuildKit` does with the same machine and no variables.

use super::pattern;
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

    fn missing_brace(&self, start: usize) -> Failure {
        Failure::Refused("the closing `}` is missing".into(), start..self.text.len())
    }

    /// What follows the name in `${name…}`.
    fn process_modifier(&mut self, start: usize, name: &Span, index: usize) -> Result<Value> {
        let modifier = self.at;
        let mut null_is_unset = false;
        let mut c = self.next();
        match c {
            Some('}') => return Ok(self.get(name).unwrap_or_else(|| self.unset(start))),
            Some('/') => return self.process_replacement(start, name, index),
            Some(':') => {
                null_is_unset = true;
                c = self.next();
            }
            Some('+' | '-' | '?' | '#' | '%') => {}
            _ => return Err(self.unsupported(start, modifier)),
        }
        let modifier = modifier..self.at;
        let pattern = matches!(c, Some('#' | '%'));
        if null_is_unset && pattern {
            return Err(self.unsupported(start, modifier.start));
        }
        let operand = self.at;
        let word = match self.process_until(Some('}'), pattern) {
            Ok((word, _)) => word,
            Err(Failure::Refused(..)) if self.at == self.text.len() => return Err(self.missing_brace(start)),
            Err(other) => return Err(other),
        };
        let operand = operand..self.at - 1;
        let doubled = pattern && c.is_some_and(|c| self.text[operand.clone()].starts_with(c));
        self.references[index].operand = Some(operand.start + usize::from(doubled)..operand.end);
        let longest = pattern && c.is_some_and(|c| word.text.starts_with(c));
        let value = self.get(name);
        if self.options.skip_unset && value.is_none() {
            let mut text = String::with_capacity(word.text.len() + 8);
            text.push_str("${");
            text.push_str(&self.text[name.clone()]);
            text.push_str(&self.text[modifier]);
            text.push_str(&word.text);
            text.push('}');
            return Ok(Value::known(text));
        }
        let operator = match c {
            Some('-') => Operator::Default { if_empty: null_is_unset },
            Some('+') => Operator::Alternative { if_empty: null_is_unset },
            Some('?') => Operator::Required { if_empty: null_is_unset },
            Some('#') => Operator::TrimPrefix { longest },
            Some('%') => Operator::TrimSuffix { longest },
            _ => return Err(self.unsupported(start, modifier.start)),
        };
        self.references[index].operator = Some(operator);
        self.apply(operator, value, word, start..self.at, name)
    }

    /// Refuses what stands behind a variable's name.
    fn unsupported(&self, start: usize, modifier: usize) -> Failure {
        let text = &self.text[modifier..self.at];
        if text.is_empty() {
            return self.missing_brace(start);
        }
        if text.starts_with([':', '+', '-', '?', '#', '%', '/', '^', ',', '@', '!', '[']) {
            let message = format!("`{text}` is no substitution that BuildKit supports");
            return Failure::Refused(message, modifier..self.at);
        }
        let message = format!("expected `}}` behind the variable's name, found {text:?}");
        Failure::Refused(message, start..modifier)
    }

    /// The value of a substitution with an operand.
    fn apply(
        &self,
        operator: Operator,
        value: Option<Value>,
        word: Value,
        span: Span,
        name: &Span,
    ) -> Result<Value> {
        let unknown = value.as_ref().is_some_and(|value| value.unknown);
        let missing = |if_empty: bool| {
            value.as_ref().is_none_or(|value| if_empty && !value.unknown && value.text.is_empty())
        };
        Ok(match operator {
            Operator::Default { if_empty } if missing(if_empty) => word,
            Operator::Alternative { if_empty } if missing(if_empty) => Value::default(),
            Operator::Alternative { .. } if unknown && (word.unknown || !word.text.is_empty()) => {
                Value::unknown()
            }
            Operator::Alternative { .. } => word,
            Operator::Required { if_empty } if missing(if_empty) => {
                if word.unknown {
                    return Ok(Value::unknown());
                }
                let state = if value.is_none() { "unset" } else { "empty" };
                let reason =
                    if word.text.is_empty() { format!("is not allowed to be {state}") } else { word.text };
                let message = format!("{}: {reason}", &self.text[name.clone()]);
                return Err(Failure::Refused(message, span));
            }
            Operator::Default { .. } | Operator::Required { .. } => value.unwrap_or_default(),
            Operator::TrimPrefix { longest } | Operator::TrimSuffix { longest } => {
                if word.unknown {
                    return Ok(Value::unknown());
                }
                let glob = if longest { &word.text[1..] } else { &word.text };
                if unknown {
                    return Self::matched(pattern::validate(glob), span);
                }
                let value = value.unwrap_or_default().text;
                let trimmed = if matches!(operator, Operator::TrimPrefix { .. }) {
                    pattern::trim_prefix(glob, &value, longest)
                } else {
                    pattern::trim_suffix(glob, &value, longest)
                };
                Self::matched(trimmed, span)?
            }
            Operator::Replace { .. } => unreachable!("a replacement has two operands"),
        })
    }

    fn process_replacement(&mut self, start: usize, name: &Span, index: usize) -> Result<Value> {
        let all = self.peek() == Some('/');
        if all {
            self.next();
        }
        let operand = self.at;
        let glob = match self.process_until(Some('/'), true) {
            Ok((word, _)) => word,
            Err(Failure::Refused(..)) if self.at == self.text.len() => {
                let message = "the `/` in front of the replacement is missing".into();
                return Err(Failure::Refused(message, start..self.text.len()));
            }
            Err(other) => return Err(other),
        };
        let replacement = match self.process_until(Some('}'), true) {
            Ok((word, _)) => word,
            Err(Failure::Refused(..)) if self.at == self.text.len() => return Err(self.missing_brace(start)),
            Err(other) => return Err(other),
        };
        self.references[index].operator = Some(Operator::Replace { all });
        self.references[index].operand = Some(operand..self.at - 1);
        let value = self.get(name);
        if self.options.skip_unset && value.is_none() {
            let name = &self.text[name.clone()];
            return Ok(Value::known(format!("${{{name}/{}/{}}}", glob.text, replacement.text)));
        }
        let value = value.unwrap_or_default();
        if glob.unknown {
            return Ok(Value::unknown());
        }
        if value.unknown || replacement.unknown {
            return Self::matched(pattern::validate(&glob.text), start..self.at);
        }
        let replaced = pattern::replace(&glob.text, &value.text, &replacement.text, all);
        Self::matched(replaced, start..self.at)
    }

    /// The outcome of a match; `None`: the pattern is right, but there is nothing to match.
    fn matched(
        result: std::result::Result<impl Into<Option<String>>, pattern::Failure>,
        span: Span,
    ) -> Result<Value> {
        match result.map(Into::into) {
            Ok(Some(text)) => Ok(Value::known(text)),
            Ok(None) | Err(pattern::Failure::TooLong) => Ok(Value::unknown()),
            Err(pattern::Failure::Escape(escaped)) => {
                let escape: String = std::iter::once('\\').chain(escaped).collect();
                Err(Failure::Refused(format!("`{escape}` is no escape that a pattern knows"), span))
            }
        }
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())
}
