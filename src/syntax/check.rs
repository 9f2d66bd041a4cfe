//! What `BuildKit` refuses when it gets to an instruction (instructions/parse.go, bflag.go).

use super::instruction::Context;
use super::tree::{Instruction, Keyword};

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
    let _ = known;
    format!("there is no {what} `{found}`")
}

pub(super) fn instruction(instruction: &Instruction, context: &mut Context) {
    let _ = (instruction, context);
}
