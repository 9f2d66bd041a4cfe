//! How the words of a command are held against a name in the knowledge.

use super::Command;

/// Whether the first words that are no options are those of the command's name.
pub(super) fn has_subcommand(command: &Command, arguments: &[Option<&str>]) -> bool {
    let mut at = 0;
    for part in command.parts {
        if stands_anywhere(part) {
            if !stands_among(arguments, part) {
                return false;
            }
            continue;
        }
        loop {
            let word = arguments.get(at).copied().flatten();
            at += 1;
            match word {
                Some(option) if option.starts_with('-') => {
                    at += usize::from(command.value_options.contains(&option));
                }
                Some(word) if fits(part, word) => break,
                _ => return false,
            }
        }
    }
    !command.alone || operands_behind(command, &arguments[at..]) == 0
}

/// How many of the words are neither options nor values of the command's options.
fn operands_behind(command: &Command, words: &[Option<&str>]) -> usize {
    let mut words = words.iter();
    let mut operands = 0;
    while let Some(word) = words.next() {
        match word {
            Some(option) if command.value_options.contains(option) => _ = words.next(),
            Some(option) if option.starts_with('-') => {}
            _ => operands += 1,
        }
    }
    operands
}

/// Whether a part of a command's name may be any of the arguments: an option that makes it another command, or a pattern
/// whose beginning is open.
pub(super) fn stands_anywhere(part: &str) -> bool {
    part.starts_with('-') || (part.starts_with('*') && part != "*")
}

/// Whether an argument is that part.
fn stands_among(arguments: &[Option<&str>], part: &str) -> bool {
    if part.contains('*') {
        return arguments.iter().flatten().any(|argument| fits(part, argument));
    }
    has_option(arguments, part)
}

/// Whether a text is what a pattern says, where `*` stands for any text.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let Some(star) = memchr::memchr(b'*', pattern.as_bytes()) else { return pattern == text };
    let (start, rest) = (&pattern[..star], &pattern[star + 1..]);
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(end)
}

/// Whether `-x`, or `--x=value` in one word or two, is among the arguments.
fn has_option(arguments: &[Option<&str>], option: &str) -> bool {
    let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
    let mut words = arguments.iter().enumerate();
    words.any(|(at, word)| match word.and_then(|word| word.strip_prefix(name)) {
        Some("") => value.is_none() || arguments.get(at + 1).copied().flatten() == value,
        Some(rest) => {
            rest.strip_prefix('=').is_some_and(|written| value.is_none_or(|value| value == written))
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits("-P*native*", "-Pnative") && fits("*native", "native") && fits("a*b*c", "a-bb-c"));
        assert!(!fits("-P*native*", "-Pprod") && !fits("*native", "native2") && !fits("a*b*c", "ac"));
        assert!(!fits("ab*ba", "aba"));
    }
}
