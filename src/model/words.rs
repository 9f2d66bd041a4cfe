//! The words of shell commands: their values in each build.

use smol_str::{SmolStr, format_smolstr};

use super::environment::Environment;
use super::invocation::Invocation;
use super::value::{Follows, Known, Value, WORLDS, target_platform};
use crate::knowledge;
use crate::shell::Variable;
use crate::shell::{Command, CommandKind, List, PartKind, Word, WordPart};

/// What a word becomes: one argument, or several where an unquoted variable holds spaces.
pub(crate) enum Field {
    /// One.
    One(Value),
    /// Several, or none.
    Several(Vec<Value>),
}

/// The value of a word. `substituted` yields the values of its command substitutions in the order of
/// [`substitutions`].
pub(crate) fn value(
    word: &Word,
    environment: &Environment,
    substituted: &mut dyn Iterator<Item = Value>,
) -> Value {
    if let Some(text) = word.literal() {
        return Value::text(&*text);
    }
    let mut parts = word.parts.iter().map(|part| part_value(part, environment, substituted));
    let Some(first) = parts.next() else { return Value::text("") };
    let joined = parts.fold(first, |sum, part| concatenate(&sum, &part));
    // A word is text even where all that it consists of is not set.
    concatenate(&joined, &Value::text(""))
}

/// Both texts, one behind the other; unset counts as empty.
pub(crate) fn concatenate(left: &Value, right: &Value) -> Value {
    left.combined(right, |left, right| match (left, right) {
        (Known::Unknown, _) | (_, Known::Unknown) => Known::Unknown,
        (Known::Given, _) | (_, Known::Given) => Known::Given,
        (Known::Unset, Known::Unset) => Known::Text("".into()),
        (text, Known::Unset) | (Known::Unset, text) => text.clone(),
        (Known::Text(left), Known::Text(right)) if right.is_empty() => Known::Text(left.clone()),
        (Known::Text(left), Known::Text(right)) if left.is_empty() => Known::Text(right.clone()),
        (Known::Text(left), Known::Text(right)) => Known::Text(format_smolstr!("{left}{right}")),
    })
}

fn part_value(
    part: &WordPart,
    environment: &Environment,
    substituted: &mut dyn Iterator<Item = Value>,
) -> Value {
    match &part.kind {
        PartKind::Literal(text) => Value::text(text.clone()),
        PartKind::Variable(variable) => variable_value(variable, environment, substituted),
        PartKind::CommandSubstitution(_) => substituted.next().unwrap_or_else(Value::unknown),
        PartKind::Arithmetic(_)
        | PartKind::ProcessSubstitution(_)
        | PartKind::Array(_)
        | PartKind::Unknown => Value::unknown(),
    }
}

fn variable_value(
    variable: &Variable,
    environment: &Environment,
    substituted: &mut dyn Iterator<Item = Value>,
) -> Value {
    let is_name = variable.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let held = if is_name { environment.value(&variable.name) } else { Value::unknown() };
    let Some((operator, operand)) = &variable.operation else { return held };
    let operand = value(operand, environment, substituted);
    held.combined(&operand, |held, operand| apply(operator, held, operand))
}

/// `${X<operator>operand}` in one build.
fn apply(operator: &str, held: &Known, operand: &Known) -> Known {
    let empty_counts_as_unset = operator.starts_with(':');
    let is_set = match held {
        Known::Unknown => return Known::Unknown,
        Known::Given => return if *operand == Known::Unknown { Known::Unknown } else { Known::Given },
        Known::Unset => false,
        Known::Text(text) => !(empty_counts_as_unset && text.is_empty()),
    };
    match operator {
        ":-" | "-" | ":=" | "=" | ":?" | "?" if is_set => held.clone(),
        ":-" | "-" | ":=" | "=" => operand.clone(),
        ":+" | "+" => {
            if is_set {
                operand.clone()
            } else {
                Known::Unset
            }
        }
        "#" | "##" | "%" | "%%" => match (held, operand) {
            (Known::Text(text), Known::Text(pattern)) => Known::Text(trim(operator, text, pattern)),
            (Known::Unset, _) => Known::Unset,
            _ => Known::Unknown,
        },
        _ => Known::Unknown,
    }
}

/// `${X#pattern}` and its kin.
fn trim(operator: &str, text: &str, pattern: &str) -> SmolStr {
    let boundaries = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let matches = |at: &usize| {
        let (start, end) = text.split_at(*at);
        super::conditions::glob_matches(pattern, if operator.starts_with('#') { start } else { end })
    };
    let mut cuts = boundaries.filter(matches);
    // The shortest start ends first, the shortest end begins last.
    let cut = if matches!(operator, "#" | "%%") { cuts.next() } else { cuts.next_back() };
    let Some(cut) = cut else { return text.into() };
    if operator.starts_with('#') { text[cut..].into() } else { text[..cut].into() }
}

/// The pattern of a `case` arm: quoted parts stand for themselves.
pub(crate) fn pattern(word: &Word, environment: &Environment) -> Value {
    let mut sum = Value::text("");
    for part in &word.parts {
        let text = part_value(part, environment, &mut std::iter::empty());
        let text = if part.quoted { text.combined(&text, |known, _| escaped(known)) } else { text };
        sum = concatenate(&sum, &text);
    }
    sum
}

fn escaped(known: &Known) -> Known {
    match known {
        Known::Text(text) if text.contains(['*', '?', '[', '\\']) => {
            let mut escaped = String::with_capacity(text.len() + 1);
            for c in text.chars() {
                if matches!(c, '*' | '?' | '[' | '\\') {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
            Known::Text(escaped.into())
        }
        known => known.clone(),
    }
}

/// Splits the value of a word with unquoted variables at white space.
pub(crate) fn split(word: &Word, value: Value) -> Field {
    let may_split = word.parts.iter().any(|part| {
        !part.quoted && matches!(part.kind, PartKind::Variable(_) | PartKind::CommandSubstitution(_))
    });
    let splits =
        |known: &Known| known.text().is_some_and(|text| text.is_empty() || text.contains([' ', '\t', '\n']));
    if !may_split || !(0..WORLDS).any(|world| splits(value.world(world))) {
        return Field::One(value);
    }
    match value.constant() {
        // A build argument, or the image, may make it any number of words.
        Some(_) if value.replaceable => Field::One(Value::same(Known::Given).as_replaceable()),
        Some(text) => {
            let each = text.split_whitespace().map(|field| Value::text(field).derived_from([&value]));
            Field::Several(each.collect())
        }
        None => Field::One(Value::unknown()),
    }
}

/// Calls `found` for the body of every command substitution of the word, operands of variables included, in order.
pub(crate) fn substitutions(word: &Word, found: &mut dyn FnMut(&List)) {
    for part in &word.parts {
        match &part.kind {
            PartKind::CommandSubstitution(list) => found(list),
            PartKind::Variable(variable) => {
                if let Some((_, operand)) = &variable.operation {
                    substitutions(operand, found);
                }
            }
            _ => {}
        }
    }
}

/// What a command substitution prints: known for questions about the machine and for `echo`.
pub(crate) fn printed(list: &List, executed: &[Invocation], machine: &Value) -> Value {
    let ([_], [invocation]) = (list.as_slice(), executed) else {
        let unknown = Value::unknown();
        return if executed.iter().any(Invocation::asks_machine) { unknown.as_probe() } else { unknown };
    };
    if let Some(spelling) = probe(invocation) {
        return Value::each(|world| match machine.world(world) {
            Known::Text(architecture) => knowledge::spelled(architecture, spelling)
                .map_or(Known::Unknown, |spelled| Known::Text(spelled.into())),
            _ => Known::Unknown,
        })
        .as_probe();
    }
    if let Some(triple) = xx_triple(invocation, machine) {
        return triple;
    }
    match (invocation.program(), invocation.arguments()) {
        (Some("echo"), [word]) => word.value.clone(),
        (Some("printf"), [format, word]) if format.value.constant() == Some("%s") => word.value.clone(),
        _ => Value::unknown(),
    }
}

/// The triple that xx prints: that of `TARGETPLATFORM`, where it is declared, with wildcards for what the image decides.
fn xx_triple(invocation: &Invocation, machine: &Value) -> Option<Value> {
    let asks = match (invocation.program()?, invocation.arguments()) {
        ("xx-info", []) => true,
        ("xx-info", [word]) => word.value.constant() == Some("triple"),
        ("xx-cargo" | "xx-clang", [word]) => word.value.constant() == Some("--print-target-triple"),
        _ => false,
    };
    let declared = ["TARGETPLATFORM", "TARGETARCH", "TARGETPAIR"]
        .iter()
        .any(|name| invocation.environment.exported(name).follows() == Follows::Target);
    let architecture = |world: usize| match machine.world(world) {
        _ if declared => Some(target_platform(world).architecture),
        Known::Text(architecture) => Some(architecture.clone()),
        _ => None,
    };
    asks.then(|| {
        Value::each(|world| {
            let spelled = architecture(world).and_then(|docker| knowledge::spelled(&docker, "uname"));
            spelled.map_or(Known::Unknown, |spelled| Known::Text(format!("{spelled}-*linux-*").into()))
        })
    })
}

/// The spelling in which the command prints the architecture that it runs on, if that is what it does.
pub(crate) fn probe(invocation: &Invocation) -> Option<&'static str> {
    let words: Vec<_> = invocation.arguments().iter().map(|word| word.value.constant()).collect();
    knowledge::probe(invocation.program()?, &words)
}

/// Whether the word is written as it is: one piece of literal text without escapes, in quotes or not.
pub(crate) fn is_plain(word: &Word) -> bool {
    match word.parts.as_slice() {
        [WordPart { kind: PartKind::Literal(text), range, .. }] => {
            let written = usize::from(range.len());
            written == text.len() || written == text.len() + 2
        }
        _ => false,
    }
}

/// Whether the word begins with an unquoted variable or substitution, whose value may be any number of arguments.
pub(crate) fn begins_unquoted(word: &Word) -> bool {
    word.parts.first().is_some_and(|part| !part.quoted && !matches!(part.kind, PartKind::Literal(_)))
}

/// Splits `NAME=value`, as `export` and its kin take it.
pub(crate) fn assignment(word: &Word) -> Option<(String, Word)> {
    let (first, rest) = word.parts.split_first()?;
    let PartKind::Literal(text) = &first.kind else { return None };
    let (name, value) = text.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || first.quoted {
        return None;
    }
    let mut parts = Vec::with_capacity(word.parts.len());
    let start = first.range.start() + text_size::TextSize::of(name) + text_size::TextSize::of('=');
    let range = crate::text::TextRange::new(start, first.range.end().max(start));
    if !value.is_empty() {
        parts.push(WordPart { range, kind: PartKind::Literal(value.into()), quoted: false });
    }
    parts.extend(rest.iter().cloned());
    Some((name.to_owned(), Word { range: crate::text::TextRange::new(start, word.range.end()), parts }))
}

/// Calls `found` for every variable that a command assigns, at any depth.
pub(crate) fn assigned_names(command: &Command, found: &mut dyn FnMut(&str)) {
    let mut lists: Vec<&List> = Vec::new();
    match &command.kind {
        CommandKind::Simple(simple) => {
            if simple.words.is_empty() {
                simple.assignments.iter().for_each(|assignment| found(&assignment.name));
            } else if simple.words.first().and_then(Word::literal).is_some_and(|name| {
                matches!(&*name, "export" | "declare" | "typeset" | "local" | "readonly" | "read" | "unset")
            }) {
                for word in &simple.words[1..] {
                    if let Some((name, _)) = assignment(word) {
                        found(&name);
                    } else if let Some(name) = word.literal() {
                        found(&name);
                    }
                }
            }
        }
        CommandKind::Subshell(list) | CommandKind::Group(list) => lists.push(list),
        CommandKind::If { branches, otherwise } => {
            for branch in branches {
                lists.extend([&branch.condition, &branch.body]);
            }
            lists.extend(otherwise);
        }
        CommandKind::Case { arms, .. } => lists.extend(arms.iter().map(|arm| &arm.body)),
        CommandKind::While { condition, body, .. } => lists.extend([condition, body]),
        CommandKind::For { variable, body, .. } => {
            found(variable);
            lists.push(body);
        }
        CommandKind::Function { body, .. } => assigned_names(body, found),
        CommandKind::Test(_) | CommandKind::Arithmetic(_) | CommandKind::Unknown => {}
    }
    for item in lists.into_iter().flatten() {
        assigned_names(&item.command, found);
    }
}
