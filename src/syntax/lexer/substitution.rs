//! What `${name…}` does to the value (`BuildKit` shell/lex.go, `processDollar`).

use super::super::pattern;
use super::super::variables::Operator;
use super::super::words::Span;
use super::{Failure, Lexer, Result, Value};

impl Lexer<'_> {
    pub(super) fn missing_brace(&self, start: usize) -> Failure {
        Failure::Refused("the closing `}` is missing".into(), start..self.text.len())
    }

    /// What follows the name in `${name…}`.
    pub(super) fn process_modifier(&mut self, start: usize, name: &Span, index: usize) -> Result<Value> {
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
