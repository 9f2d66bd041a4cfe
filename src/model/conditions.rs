//! What `[ … ]`, `test`, `[[ … ]]` and the patterns of `case` decide, in each build.

use super::interpreter::Status;
use super::value::{Known, Value, WORLDS, Worlds};

/// The outcome of a test with these words.
pub(crate) fn test(words: &[Value]) -> Status {
    let mut success = Worlds::NONE;
    let mut failure = Worlds::NONE;
    if words.iter().any(|word| word.replaceable) {
        return Status::known(success, failure);
    }
    for world in 0..WORLDS {
        let each: Option<Vec<&str>> = words
            .iter()
            .map(|word| match word.world(world) {
                Known::Text(text) => Some(&**text),
                Known::Unset => Some(""),
                Known::Given | Known::Unknown => None,
            })
            .collect();
        let only = Worlds::filter(|w| w == world);
        match each.and_then(|each| decide(&each)) {
            Some(true) => success = success.or(only),
            Some(false) => failure = failure.or(only),
            None => {}
        }
    }
    Status::known(success, failure)
}

fn decide(words: &[&str]) -> Option<bool> {
    if let Some(at) = words.iter().position(|word| matches!(*word, "||" | "-o")) {
        return Some(decide(&words[..at])? || decide(&words[at + 1..])?);
    }
    if let Some(at) = words.iter().position(|word| matches!(*word, "&&" | "-a")) {
        return Some(decide(&words[..at])? && decide(&words[at + 1..])?);
    }
    match *words {
        ["!", ref rest @ ..] => Some(!decide(rest)?),
        [left, "=" | "==", right] => Some(glob_matches(right, left)),
        [left, "!=", right] => Some(!glob_matches(right, left)),
        ["-n", text] | [text] => Some(!text.is_empty()),
        ["-z", text] => Some(text.is_empty()),
        _ => None,
    }
}

/// Whether a shell pattern of `*`, `?` and `[…]` matches all of `text`. A backslash takes the next character as it is.
pub(crate) fn glob_matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where to go back to: behind the last star, and the text that it then swallows one character more of.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match match_one(&pattern[p..], text[t]) {
            Some(length) => {
                p += length;
                t += 1;
            }
            None if pattern.get(p) == Some(&'*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            None => match &mut star {
                Some((behind, swallowed)) => {
                    *swallowed += 1;
                    (p, t) = (*behind, *swallowed);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// The length of the pattern's first element if it matches `c`.
fn match_one(pattern: &[char], c: char) -> Option<usize> {
    match *pattern {
        ['*', ..] | [] => None,
        ['?', ..] => Some(1),
        ['\\', escaped, ..] => (escaped == c).then_some(2),
        ['[', ref rest @ ..] => match rest.iter().skip(1).position(|&end| end == ']') {
            Some(end) => {
                let set = &rest[..=end];
                let (negated, set) = match set {
                    ['!' | '^', set @ ..] => (true, set),
                    set => (false, set),
                };
                (set_contains(set, c) != negated).then_some(end + 3)
            }
            None => (c == '[').then_some(1),
        },
        [literal, ..] => (literal == c).then_some(1),
    }
}

fn set_contains(set: &[char], c: char) -> bool {
    let mut at = 0;
    while at < set.len() {
        if let [from, '-', to, ..] = set[at..] {
            if (from..=to).contains(&c) {
                return true;
            }
            at += 3;
        } else if set[at] == c {
            return true;
        } else {
            at += 1;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_in_a_shell() {
        for (pattern, text, matches) in [
            ("linux/arm64*", "linux/arm64/v8", true),
            ("*", "", true),
            ("*64", "amd64", true),
            ("arm?4", "arm64", true),
            ("arm[0-9]4", "arm64", true),
            ("arm[!0-9]4", "arm64", false),
            ("amd64", "arm64", false),
            ("a*b*c", "aXbXc", true),
            ("a*b*c", "aXbX", false),
            ("[", "[", true),
        ] {
            assert_eq!(glob_matches(pattern, text), matches, "{pattern} {text}");
        }
    }

    #[test]
    fn tests_are_decided_where_every_word_is_known() {
        let words = |text: &str| text.split(' ').map(Value::text).collect::<Vec<_>>();
        assert!(test(&words("amd64 = amd64")).success.is_all());
        assert!(test(&words("amd64 != amd64")).failure.is_all());
        assert!(test(&words("! -z x && a == a")).success.is_all());
        let open = test(&words("-f /etc/passwd"));
        assert!(open.success.is_empty() && open.failure.is_empty());
    }
}
