//! The patterns of `${X#p}`, `${X%p}` and `${X/p/r}` (`BuildKit` shell/lex.go): `*`, `?` and escapes, no brackets.
//!
//! `BuildKit` turns a pattern into a regular expression; here it is matched as such an expression would be, trying
//! alternatives in the same order, without one: an expression's dot matches no line feed.

/// How many steps a match may take before its outcome is given up.
const MAX_STEPS: usize = 1 << 22;

/// Why there is no result.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Failure {
    /// A backslash in front of this character (or the end), which needs none.
    Escape(Option<char>),
    /// It would take too long to find out.
    TooLong,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token {
    Literal(char),
    AnyCharacter,
    AnyText,
}

struct Pattern {
    tokens: Vec<Token>,
    /// `*` prefers the longest text.
    longest: bool,
}

/// Whether `pattern` is one; there is no value to match.
pub(super) fn validate(pattern: &str) -> Result<Option<String>, Failure> {
    Pattern::new(pattern, true).map(|_| None)
}

/// `value` without the prefix that `pattern` matches.
pub(super) fn trim_prefix(pattern: &str, value: &str, longest: bool) -> Result<String, Failure> {
    let value: Vec<char> = value.chars().collect();
    let end = Pattern::new(pattern, longest)?.find_at(&value, 0, &mut 0)?.unwrap_or(0);
    Ok(value[end..].iter().collect())
}

/// `value` without the suffix that `pattern` matches: both are reversed.
pub(super) fn trim_suffix(pattern: &str, value: &str, longest: bool) -> Result<String, Failure> {
    let value: String = value.chars().rev().collect();
    Ok(trim_prefix(&reverse(pattern), &value, longest)?.chars().rev().collect())
}

/// `value` with what `pattern` matches replaced, at the first place or wherever it does.
pub(super) fn replace(pattern: &str, value: &str, replacement: &str, all: bool) -> Result<String, Failure> {
    let pattern = Pattern::new(pattern, true)?;
    let value: Vec<char> = value.chars().collect();
    let mut steps = 0;
    let mut result = String::new();
    let (mut at, mut last_end) = (0, 0);
    // The order of things is that of Go's Regexp.ReplaceAllString.
    while at <= value.len() {
        let Some((start, end)) = pattern.find(&value, at, &mut steps)? else { break };
        result.extend(&value[last_end..start]);
        if !all {
            result.push_str(replacement);
        } else if end > last_end || start == 0 {
            let matched: String = value[start..end].iter().collect();
            expand_template(replacement, &matched, &mut result);
        }
        last_end = end;
        if !all {
            break;
        }
        at = end.max(at + 1);
    }
    result.extend(&value[last_end..]);
    Ok(result)
}

/// Appends a replacement as Go's Regexp.Expand does: `$0` is the match, every other name is empty, `$$` a dollar.
fn expand_template(template: &str, matched: &str, result: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        result.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            result.push('$');
            rest = after;
            continue;
        }
        let inner = rest.strip_prefix('{').unwrap_or(rest);
        let length =
            inner.find(|c: char| c != '_' && !c.is_alphabetic() && !c.is_numeric()).unwrap_or(inner.len());
        let (name, mut behind) = inner.split_at(length);
        let mut valid = !name.is_empty();
        if inner.len() < rest.len() {
            valid &= behind.starts_with('}');
            behind = behind.strip_prefix('}').unwrap_or(behind);
        }
        if !valid {
            result.push('$');
            continue;
        }
        if name == "0" {
            result.push_str(matched);
        }
        rest = behind;
    }
    result.push_str(rest);
}

/// The pattern back to front; an escape stays in front of what it escapes.
fn reverse(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut units = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let length = if chars[at] == '\\' && at + 1 < chars.len() { 2 } else { 1 };
        units.push(&chars[at..at + length]);
        at += length;
    }
    units.into_iter().rev().flatten().collect()
}

impl Pattern {
    fn new(pattern: &str, longest: bool) -> Result<Self, Failure> {
        let mut tokens = Vec::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '*' => Token::AnyText,
                '?' => Token::AnyCharacter,
                '\\' => match chars.peek() {
                    // They had to be escaped inside `${}`; the escape is not part of the pattern.
                    Some('}' | '/') => continue,
                    Some(&escaped @ ('*' | '?' | '\\')) => {
                        chars.next();
                        Token::Literal(escaped)
                    }
                    other => return Err(Failure::Escape(other.copied())),
                },
                c => Token::Literal(c),
            });
        }
        Ok(Self { tokens, longest })
    }

    /// The first match at or behind `from`.
    fn find(
        &self,
        value: &[char],
        from: usize,
        steps: &mut usize,
    ) -> Result<Option<(usize, usize)>, Failure> {
        for start in from..=value.len() {
            if let Some(end) = self.find_at(value, start, steps)? {
                return Ok(Some((start, end)));
            }
        }
        Ok(None)
    }

    /// Where the preferred match that starts at `start` ends.
    fn find_at(&self, value: &[char], start: usize, steps: &mut usize) -> Result<Option<usize>, Failure> {
        // A `*` that is followed by another need not be tried again once the later one was reached: whatever the
        // earlier takes, the later can make up for it. So one place to come back to is enough.
        let mut retry: Option<(usize, usize)> = None;
        let (mut token, mut at) = (0, start);
        loop {
            *steps += 1;
            if *steps > MAX_STEPS {
                return Err(Failure::TooLong);
            }
            let fits = match self.tokens.get(token) {
                None if self.longest => return Ok(Some(self.longest_end(value, at, steps)?)),
                None => return Ok(Some(at)),
                Some(Token::AnyText) => {
                    token += 1;
                    retry = Some((token, at));
                    continue;
                }
                Some(Token::AnyCharacter) => value.get(at).is_some_and(|&c| c != '\n'),
                Some(Token::Literal(literal)) => value.get(at) == Some(literal),
            };
            if fits {
                token += 1;
                at += 1;
                continue;
            }
            // Let the last `*` take one more character.
            let Some((star_end, consumed)) = retry else { return Ok(None) };
            if value.get(consumed).is_none_or(|&c| c == '\n') {
                return Ok(None);
            }
            retry = Some((star_end, consumed + 1));
            (token, at) = (star_end, consumed + 1);
        }
    }

    /// The end of the longest match, where `shortest` is the end of the shortest.
    fn longest_end(&self, value: &[char], shortest: usize, steps: &mut usize) -> Result<usize, Failure> {
        let Some(star) = self.tokens.iter().rposition(|&token| token == Token::AnyText) else {
            return Ok(shortest);
        };
        // The text behind the last `*` may stand anywhere up to the end of the line: take the last place.
        let tail = &self.tokens[star + 1..];
        let first = shortest - tail.len();
        let limit =
            value[first..].iter().position(|&c| c == '\n').map_or(value.len(), |length| first + length);
        for at in (first..=limit).rev() {
            *steps += tail.len() + 1;
            if *steps > MAX_STEPS {
                return Err(Failure::TooLong);
            }
            let fits = tail.iter().enumerate().all(|(index, token)| match token {
                Token::Literal(literal) => value.get(at + index) == Some(literal),
                _ => value.get(at + index).is_some_and(|&c| c != '\n'),
            });
            if fits {
                return Ok(at + tail.len());
            }
        }
        Ok(shortest)
    }
}
