//! Flags and their values (`BuildKit` instructions/bflag.go and parse.go).

use super::super::instruction::Context;
use super::super::tree::{Body, Flag, Instruction, Keyword, Word};
use super::super::variables::{self, Expansion, Lookup};
use super::values;

/// What a flag takes.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Boolean,
    Text,
    /// A text, and the flag may be repeated.
    Texts,
}

use Kind::{Boolean, Text, Texts};

type Known = &'static [(&'static str, Kind)];

const ADD: Known = &[
    ("checksum", Text),
    ("chmod", Text),
    ("chown", Text),
    ("exclude", Texts),
    ("keep-git-dir", Boolean),
    ("link", Boolean),
    ("unpack", Boolean),
];
const COPY: Known = &[
    ("chmod", Text),
    ("chown", Text),
    ("exclude", Texts),
    ("from", Text),
    ("link", Boolean),
    ("parents", Boolean),
];
const FROM: Known = &[("platform", Text)];
const HEALTHCHECK: Known = &[
    ("interval", Text),
    ("retries", Text),
    ("start-interval", Text),
    ("start-period", Text),
    ("timeout", Text),
];
const RUN: Known = &[("device", Texts), ("mount", Texts), ("network", Text), ("security", Text)];

/// The flags that an instruction knows; `None` where `BuildKit` does not look at them.
fn known(instruction: &Instruction) -> Option<Known> {
    match instruction.keyword {
        Keyword::Arg | Keyword::StopSignal | Keyword::Unknown => None,
        Keyword::Healthcheck if matches!(instruction.body, Body::Healthcheck(None)) => None,
        Keyword::Add => Some(ADD),
        Keyword::Copy => Some(COPY),
        Keyword::From => Some(FROM),
        Keyword::Healthcheck => Some(HEALTHCHECK),
        Keyword::Run => Some(RUN),
        _ => Some(&[]),
    }
}

/// Reports flags that are unknown, repeated or have a wrong value.
pub(super) fn check(instruction: &Instruction, context: &mut Context) {
    let Some(known) = known(instruction) else { return };
    let mut seen: Vec<&str> = Vec::new();
    for flag in &instruction.flags {
        let Some(&(name, kind)) = known.iter().find(|(name, _)| *name == flag.name) else {
            context.dispatch(flag.name_range, unknown(instruction, flag, known));
            continue;
        };
        if kind != Texts {
            if seen.contains(&name) {
                context.dispatch(flag.range, format!("--{name} is given twice"));
                continue;
            }
            seen.push(name);
        }
        match (&flag.value, kind) {
            (None, Boolean) => {}
            (None, Text | Texts) => {
                context.dispatch(flag.range, format!("--{name} needs a value: `--{name}=…`"));
            }
            (Some(value), Boolean) => {
                if !["true", "false"].contains(&value.text.to_lowercase().as_str()) {
                    let message = format!("--{name} is true or false, not `{}`", value.text);
                    context.dispatch(if value.text.is_empty() { flag.range } else { value.range }, message);
                }
            }
            (Some(value), Text | Texts) => text(instruction.keyword, name, value, context),
        }
    }
}

fn unknown(instruction: &Instruction, flag: &Flag, known: Known) -> String {
    let keyword = super::name(instruction.keyword);
    if known.is_empty() {
        return format!("{keyword} has no flags, so `--{}` is not known", flag.name);
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    super::unknown(&format!("flag of {keyword}"), &flag.name, &names)
}

/// Reports a wrong value of a flag that takes a text.
fn text(keyword: Keyword, name: &str, value: &Word, context: &mut Context) {
    let message = match (keyword, name) {
        (Keyword::Healthcheck, "retries") => retries(&value.text),
        (Keyword::Healthcheck, _) => interval(&value.text),
        (Keyword::Run, "network") if !["default", "none", "host"].contains(&value.text.as_str()) => {
            Some(format!("the network is default, none or host, not `{}`", value.text))
        }
        (Keyword::Run, "security") if !["insecure", "sandbox"].contains(&value.text.as_str()) => {
            Some(format!("the security mode is insecure or sandbox, not `{}`", value.text))
        }
        (Keyword::Run, "device") => values::device(&value.text),
        (Keyword::Copy, "from") => from(&value.text, context.escape),
        (Keyword::From, "platform") => super::constant(value, context.escape)
            .filter(|platform| !platform.is_empty() && !values::is_platform(platform))
            .map(|platform| format!("`{platform}` is no platform: expected `os/architecture[/variant]`")),
        _ => None,
    };
    if let Some(message) = message {
        context.dispatch(value.range, message);
    }
}

fn retries(text: &str) -> Option<String> {
    let valid = text.is_empty() || text.parse::<i32>().is_ok_and(|number| number >= 0);
    (!valid).then(|| format!("`{text}` is no number of retries: expected 0 or more"))
}

fn interval(text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    match values::duration(text) {
        None => Some(format!("`{text}` is no duration: expected something like 30s or 1m30s")),
        Some(nanoseconds) if nanoseconds != 0 && nanoseconds < 1_000_000 => {
            Some("the duration cannot be less than one millisecond".into())
        }
        Some(_) => None,
    }
}

/// `COPY --from` takes no variable (`BuildKit` dockerfile2llb/convert.go): the value must expand to itself.
fn from(text: &str, escape: char) -> Option<String> {
    match variables::expand(text, escape, &mut |_| Lookup::Unset) {
        Expansion::Known(value) if value != text => Some(
            "--from takes no variable: define a stage with `FROM` and a global `ARG`, and copy from that stage".into(),
        ),
        Expansion::Refused(refusal) => Some(refusal.message),
        _ => None,
    }
}
