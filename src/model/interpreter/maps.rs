//! Maps written by hand: a `case` or an `if` that sets variables to what an architecture is called elsewhere.

use super::super::value::{Follows, Known, Value, Worlds};
use super::super::words;
use super::{Interpreter, ShellText};
use crate::shell::{self, Branch, CaseArm, CommandKind, List, PartKind, Word, WordPart};
use crate::text::TextRange;

/// A map of architectures.
#[derive(Clone, Debug)]
pub struct ArchMap {
    /// What is matched: the word behind `case`, or the first condition of an `if`.
    pub range: TextRange,
    /// The value that is matched; unknown for an `if`.
    pub subject: Value,
    /// The variable that is matched, where it is nothing but one.
    pub variable: Option<String>,
    /// The arms in order, that of everything else aside.
    pub arms: Vec<MapArm>,
    /// Whether there is an arm for everything else.
    pub has_default: bool,
    /// The builds that no arm is for, and in which the variables stay unset.
    pub open: Worlds,
    /// What it sets that is not set before, and is used behind it.
    pub sets: Vec<String>,
}

/// An arm of a map.
#[derive(Clone, Debug)]
pub struct MapArm {
    /// From its pattern to its terminator.
    pub range: TextRange,
    /// The patterns of a `case`.
    pub patterns: Vec<String>,
    /// The pattern, where there is only one.
    pub pattern_range: Option<TextRange>,
    /// The values that it assigns, each with its place.
    pub values: Vec<(String, TextRange)>,
    /// Whether it does nothing but assign once.
    pub is_plain: bool,
}

impl Interpreter<'_> {
    /// The variables that lists assign and that nothing has set before.
    pub(super) fn unset_before<'l>(&self, bodies: impl IntoIterator<Item = &'l List>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for item in bodies.into_iter().flatten() {
            words::assigned_names(&item.command, &mut |name| {
                if self.environment.value(name).is_unset() && !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            });
        }
        names
    }

    /// Notes a `case` over an architecture that sets variables. `open` are the builds that no arm matches.
    pub(super) fn note_case(
        &mut self,
        (subject, value): (&Word, Value),
        arms: &[CaseArm],
        mut sets: Vec<String>,
        open: Worlds,
        text: ShellText<'_>,
    ) {
        let by_architecture =
            matches!(value.follows(), Follows::Target | Follows::Build) && !value.replaceable;
        let Some(last) = arms.last().filter(|_| by_architecture) else { return };
        sets.retain(|name| is_used(name, text, last.range.end().into()));
        let is_default =
            |arm: &&CaseArm| arm.patterns.iter().any(|word| word.literal().as_deref() == Some("*"));
        let has_default = arms.iter().any(|arm| is_default(&arm));
        let arms: Vec<MapArm> =
            arms.iter().filter(|arm| !is_default(arm)).map(|arm| map_arm(arm, text)).collect();
        let variable = match subject.parts.as_slice() {
            [WordPart { kind: PartKind::Variable(variable), .. }] if variable.operation.is_none() => {
                Some(variable.name.clone())
            }
            _ => None,
        };
        let range = text.to_source(subject.range);
        if !sets.is_empty() {
            self.maps.push(ArchMap { range, subject: value, variable, arms, has_default, open, sets });
        }
    }

    /// Notes an `if` without `else` that sets variables in some builds only.
    pub(super) fn note_if(
        &mut self,
        branches: &[Branch],
        mut sets: Vec<String>,
        open: Worlds,
        text: ShellText<'_>,
    ) {
        let source = |list: &List| {
            let (first, last) = (list.first()?, list.last()?);
            Some(text.to_source(first.command.range.cover(last.command.range)))
        };
        let (Some(first), Some(last)) = (branches.first(), branches.last()) else { return };
        let end = last.body.last().map_or(0, |item| item.command.range.end().into());
        sets.retain(|name| is_used(name, text, end));
        let arms: Vec<MapArm> = branches
            .iter()
            .filter_map(|branch| {
                let range = source(&branch.body)?;
                let values = values(&branch.body, text);
                Some(MapArm { range, patterns: Vec::new(), pattern_range: None, values, is_plain: false })
            })
            .collect();
        if let (Some(range), false) = (source(&first.condition), sets.is_empty()) {
            let subject = Value::unknown();
            self.maps.push(ArchMap { range, subject, variable: None, arms, has_default: false, open, sets });
        }
    }

    /// Drops from the maps what something behind them has set after all.
    pub(super) fn settle_maps(&mut self) {
        for map in &mut self.maps {
            let environment = &self.environment;
            let stays_unset = |name: &String| {
                let value = environment.value(name);
                (0..super::super::value::WORLDS)
                    .any(|world| map.open.contains(world) && *value.world(world) == Known::Unset)
            };
            if !map.open.is_empty() {
                map.sets.retain(stays_unset);
            }
        }
        self.maps.retain(|map| !map.sets.is_empty());
    }
}

fn map_arm(arm: &CaseArm, text: ShellText<'_>) -> MapArm {
    let literal = |word: &Word| word.literal().map(std::borrow::Cow::into_owned);
    let is_plain = matches!(
        arm.body.as_slice(),
        [shell::Item { command: shell::Command { kind: CommandKind::Simple(simple), .. }, .. }]
            if simple.assignments.len() == 1 && simple.words.is_empty()
    );
    let pattern_range = match arm.patterns.as_slice() {
        [only] => Some(text.to_source(only.range)),
        _ => None,
    };
    MapArm {
        range: text.to_source(arm.range),
        patterns: arm.patterns.iter().filter_map(literal).collect(),
        pattern_range,
        values: values(&arm.body, text),
        is_plain,
    }
}

/// The constants that a list assigns.
fn values(list: &List, text: ShellText<'_>) -> Vec<(String, TextRange)> {
    let mut values = Vec::new();
    for item in list {
        let CommandKind::Simple(simple) = &item.command.kind else { continue };
        let exported = simple.words.iter().filter_map(words::assignment).map(|(_, value)| value);
        let assigned = simple.assignments.iter().map(|assignment| assignment.value.clone());
        for value in assigned.chain(exported) {
            if let Some(constant) = value.literal() {
                values.push((constant.into_owned(), text.to_source(value.range)));
            }
        }
    }
    values
}

/// Whether a variable is used behind `from`, and nothing there says what holds where it is empty.
fn is_used(name: &str, text: ShellText<'_>, from: usize) -> bool {
    let Some(rest) = text.text.as_str().get(from..) else { return false };
    let mut used = false;
    for (at, _) in rest.match_indices(name) {
        let (before, behind) = (&rest[..at], &rest[at + name.len()..]);
        let is_end = !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if before.ends_with("${") && behind.starts_with([':', '?', '-', '+']) {
            return false;
        }
        if is_end && (before.ends_with('$') || before.ends_with("${")) {
            let operator = before.trim_end_matches(['$', '{', '"']).trim_end();
            if operator.ends_with("-z") || operator.ends_with("-n") {
                return false;
            }
            used = true;
        }
    }
    used
}
