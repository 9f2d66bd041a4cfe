//! What `BuildKit` refuses when it gets to an instruction: flags (instructions/bflag.go), their values, and words that
//! cannot be expanded (dockerfile2llb). Numbers of arguments are checked where arguments are typed.
//!
//! A value that depends on a variable is not judged.

mod flags;
mod mounts;
mod values;

use std::collections::HashMap;

use super::heredoc;
use super::instruction::Context;
use super::lexer::Options;
use super::tree::{Body, Heredoc, Instruction, Keyword, Word};
use super::variables::{self, Expansion, Lookup};
use crate::text::range;

pub(super) const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// The keyword in capitals.
pub(super) fn name(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::Add => "ADD",
        Keyword::Arg => "ARG",
        Keyword::Cmd => "CMD",
        Keyword::Copy => "COPY",
        Keyword::Entrypoint => "ENTRYPOINT",
        Keyword::Env => "ENV",
        Keyword::Expose => "EXPOSE",
        Keyword::From => "FROM",
        Keyword::Healthcheck => "HEALTHCHECK",
        Keyword::Label => "LABEL",
        Keyword::Maintainer => "MAINTAINER",
        Keyword::Onbuild => "ONBUILD",
        Keyword::Run => "RUN",
        Keyword::Shell => "SHELL",
        Keyword::StopSignal => "STOPSIGNAL",
        Keyword::User => "USER",
        Keyword::Volume => "VOLUME",
        Keyword::Workdir => "WORKDIR",
        Keyword::Unknown => "the instruction",
    }
}

/// Whether a stage may have this name.
pub(super) fn is_stage_name(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte))
}

/// The message for a name that is none of `known`.
pub(super) fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (distance(&found.to_lowercase(), &name.to_lowercase()), name))
        .filter(|&(distance, _)| distance < 3)
        .min_by_key(|&(distance, _)| distance);
    match nearest {
        // With another case it would be right.
        Some((_, name)) => format!("there is no {what} `{found}`: did you mean `{name}`?"),
        None => format!("there is no {what} `{found}`"),
    }
}

/// How many letters have to be changed, added or taken away; for long words just many.
fn distance(left: &str, right: &str) -> usize {
    if left.len() > 40 {
        return usize::MAX;
    }
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, c) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, &other) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(c != other);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

/// Reports what is wrong with an instruction beyond the number of its arguments.
pub(super) fn instruction(instruction: &Instruction, context: &mut Context) {
    flags::check(instruction, context);
    if instruction.keyword == Keyword::Run {
        instruction.flags_named("mount").for_each(|flag| mounts::check(flag, context));
    }
    let options = Options::word(context.escape);
    variables::for_each_expanded_word(instruction, |word| expandable(word, options, context));
    match (&instruction.body, instruction.keyword) {
        (Body::Words(words), Keyword::Expose) => words.iter().for_each(|word| port(word, context)),
        (Body::Words(words), Keyword::StopSignal) => words.iter().for_each(|word| signal(word, context)),
        (Body::Copy(copy), _) => contents(&copy.sources, instruction, context),
        _ => {}
    }
}

/// Reports heredocs that cannot be expanded. Only those that are a source are.
fn contents(sources: &[Word], instruction: &Instruction, context: &mut Context) {
    if instruction.heredocs.is_empty() {
        return;
    }
    // Of several heredocs with one name the last counts.
    let heredocs: HashMap<&str, &Heredoc> =
        instruction.heredocs.iter().map(|heredoc| (heredoc.name.as_str(), heredoc)).collect();
    for word in sources {
        let Some(marker) = heredoc::marker(&word.text, 0..0).filter(|marker| marker.expand) else { continue };
        let Some(body) = heredocs.get(marker.name.as_str()).map(|heredoc| &heredoc.content) else {
            continue;
        };
        if let Some((message, span)) = variables::mistake(body.as_str(), variables::heredoc_options()) {
            context.dispatch(body.to_source(range(span.start, span.end)), message);
        }
    }
}

/// Reports a word that cannot be expanded, whatever the variables are.
fn expandable(word: &Word, options: Options, context: &mut Context) {
    if let Some((message, span)) = variables::mistake(&word.text, options) {
        context.dispatch(word.to_source(range(span.start, span.end)), message);
    }
}

/// The value of a word that depends on no variable.
fn constant(word: &Word, escape: char) -> Option<String> {
    match variables::expand(&word.text, escape, &mut |_| Lookup::Unknown) {
        Expansion::Known(value) => Some(value),
        Expansion::Unknown | Expansion::Refused(_) => None,
    }
}

fn port(word: &Word, context: &mut Context) {
    let ports = variables::expand_words(&word.text, context.escape, &mut |_| Lookup::Unknown);
    let Expansion::Known(ports) = ports else { return };
    if let Some(port) = ports.iter().find(|port| !values::is_port(port)) {
        let message = format!(
            "`{port}` is no port: expected a number or a range up to 65535, and perhaps /tcp, /udp or /sctp"
        );
        context.dispatch(word.range, message);
    }
}

fn signal(word: &Word, context: &mut Context) {
    if constant(word, context.escape).is_some_and(|signal| !values::is_signal(&signal)) {
        context.dispatch(word.range, format!("there is no signal `{}`", word.text));
    }
}
