//! Variables in words: where they stand, and what a word becomes.

use smol_str::SmolStr;

use super::heredoc;
use super::lexer::{self, Failure, Options};
use super::tree::{Body, CommandBody, Instruction, Keyword, Word};
use super::words::Span;
use crate::text::{LogicalText, TextRange, range};

/// What is known of a variable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Lookup {
    /// It has this value.
    Set(SmolStr),
    /// It has none.
    Unset,
    /// It may have a value or not.
    Unknown,
}

/// What a word becomes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expansion<T = String> {
    /// This, as `BuildKit` would have it.
    Known(T),
    /// That depends on a variable that is not known, or takes too long to find out.
    Unknown,
    /// `BuildKit` refuses it.
    Refused(Refusal),
}

/// Why `BuildKit` refuses a word.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// For a person.
    pub message: String,
    /// The smallest text that is wrong, as a range of the word's text.
    pub range: TextRange,
}

/// How `${name…}` modifies the value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operator {
    /// `${X-operand}`, or with `if_empty` `${X:-operand}`.
    Default {
        /// Whether an empty value counts as none.
        if_empty: bool,
    },
    /// `${X+operand}`, or with `if_empty` `${X:+operand}`.
    Alternative {
        /// Whether an empty value counts as none.
        if_empty: bool,
    },
    /// `${X?operand}`, or with `if_empty` `${X:?operand}`.
    Required {
        /// Whether an empty value counts as none.
        if_empty: bool,
    },
    /// `${X#operand}`, or with `longest` `${X##operand}`.
    TrimPrefix {
        /// Whether `*` takes as much as possible.
        longest: bool,
    },
    /// `${X%operand}`, or with `longest` `${X%%operand}`.
    TrimSuffix {
        /// Whether `*` takes as much as possible.
        longest: bool,
    },
    /// `${X/operand}`, or with `all` `${X//operand}`: the operand is the pattern, the slash and the replacement.
    Replace {
        /// Whether every match is replaced.
        all: bool,
    },
}

/// A reference to a variable. All ranges are ranges of the text it was found in; [`Word::to_source`] and
/// [`LogicalText::to_source`] lead to the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VariableReference {
    /// All of it: `$X` or `${X:-y}`.
    pub range: TextRange,
    /// The variable's name.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// What `${…}` does to the value.
    pub operator: Option<Operator>,
    /// Where the operand stands. References in it are listed behind the one that holds them.
    pub operand: Option<TextRange>,
}

/// The variables in a word that [`for_each_expanded_word`] names; those in single quotes or behind an escape are none.
///
/// A word that `BuildKit` refuses yields the references in front of the mistake.
pub fn references(text: &str, escape: char) -> Vec<VariableReference> {
    if !text.contains('$') {
        return Vec::new();
    }
    collect(text, lexer::references(text, Options::word(escape)).0)
}

/// The variables in the body of a heredoc that `COPY` or `ADD` expands: quotes mean nothing there.
pub fn heredoc_references(content: &LogicalText) -> Vec<VariableReference> {
    collect(content.as_str(), lexer::references(content.as_str(), heredoc_options()).0)
}

/// The value of a word (`BuildKit`'s `ProcessWord`): variables replaced, quotes and escapes removed.
pub fn expand(text: &str, escape: char, lookup: &mut dyn FnMut(&str) -> Lookup) -> Expansion {
    // Most words say what they mean.
    if !text.contains(['$', '\'', '"', escape]) {
        return Expansion::Known(text.to_owned());
    }
    single(lexer::process(text, Options::word(escape), lookup))
}

/// The words that a word of `EXPOSE` becomes (`BuildKit`'s `ProcessWords`).
pub fn expand_words(
    text: &str,
    escape: char,
    lookup: &mut dyn FnMut(&str) -> Lookup,
) -> Expansion<Vec<String>> {
    match lexer::process(text, Options::word(escape), lookup) {
        Ok((whole, words)) => {
            if whole.unknown || words.iter().any(|word| word.value.unknown) {
                return Expansion::Unknown;
            }
            Expansion::Known(words.into_iter().map(|word| word.value.text).collect())
        }
        Err(failure) => failure.into(),
    }
}

/// The content of a heredoc that `COPY` or `ADD` expands: the escape character is always `\`, quotes stay.
pub fn expand_heredoc(content: &str, lookup: &mut dyn FnMut(&str) -> Lookup) -> Expansion {
    single(lexer::process(content, heredoc_options(), lookup))
}

/// Calls `each` with the words in which `BuildKit` expands variables, in the order of the file, flags first.
///
/// `RUN`, `CMD` and `ENTRYPOINT` leave that to the shell; the words of an instruction behind `ONBUILD` are expanded
/// by the build that runs it, so they are not among those of the `ONBUILD`.
pub fn for_each_expanded_word(instruction: &Instruction, mut each: impl FnMut(&Word)) {
    let flags: &[&str] = match instruction.keyword {
        Keyword::Add => &["chown", "chmod", "checksum"],
        Keyword::Copy => &["chown", "chmod"],
        Keyword::From => &["platform"],
        _ => &[],
    };
    for flag in &instruction.flags {
        if flags.contains(&flag.name.as_str()) {
            flag.value.iter().for_each(&mut each);
        }
        if instruction.keyword == Keyword::Run {
            flag.keys().filter_map(|key| key.value()).for_each(|value| each(&value));
        }
    }
    match &instruction.body {
        Body::Copy(copy) => {
            copy.sources.iter().filter(|word| !is_heredoc(word)).for_each(&mut each);
            each(&copy.destination);
        }
        Body::Arg(pairs) => pairs.iter().filter_map(|pair| pair.value.as_ref()).for_each(each),
        Body::Env(pairs) | Body::Label(pairs) => {
            for pair in pairs {
                each(&pair.name);
                pair.value.iter().for_each(&mut each);
            }
        }
        Body::From(from) => each(&from.image),
        Body::Words(list) if instruction.keyword != Keyword::Maintainer => list.iter().for_each(each),
        Body::Words(_)
        | Body::Command(CommandBody::Exec(_) | CommandBody::Shell(_))
        | Body::Healthcheck(_)
        | Body::Onbuild(_)
        | Body::Shell(_)
        | Body::Invalid => {}
    }
}

/// Whether a source of `COPY` or `ADD` is a heredoc's marker.
fn is_heredoc(word: &Word) -> bool {
    word.text.contains("<<") && heredoc::marker(&word.text, 0..0).is_some()
}

/// What is wrong with a word whatever the variables are.
pub(super) fn mistake(text: &str, options: Options) -> Option<(String, Span)> {
    if !text.contains(['$', '\'', '"']) {
        return None;
    }
    match lexer::references(text, options).1 {
        Err(Failure::Refused(message, span)) => Some((message, span)),
        Ok(()) | Err(Failure::TooDeep) => None,
    }
}

pub(super) fn heredoc_options() -> Options {
    Options { skip_quotes: true, ..Options::word('\\') }
}

fn collect(text: &str, found: Vec<lexer::Reference>) -> Vec<VariableReference> {
    let convert = |span: Span| range(span.start, span.end);
    found
        .into_iter()
        .map(|reference| VariableReference {
            range: convert(reference.span),
            name: text[reference.name.clone()].to_owned(),
            name_range: convert(reference.name),
            operator: reference.operator,
            operand: reference.operand.map(convert),
        })
        .collect()
}

fn single(result: Result<(lexer::Value, Vec<lexer::Output>), Failure>) -> Expansion {
    match result {
        Ok((value, _)) if value.unknown => Expansion::Unknown,
        Ok((value, _)) => Expansion::Known(value.text),
        Err(failure) => failure.into(),
    }
}

impl<T> From<Failure> for Expansion<T> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(message, span) => {
                Self::Refused(Refusal { message, range: range(span.start, span.end) })
            }
            Failure::TooDeep => Self::Unknown,
        }
    }
}
