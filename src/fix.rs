//! Applies fixes: all edits of a fix or none, and never one that breaks the file.

use std::collections::HashSet;

use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix};
use crate::model::stages::{StageSpan, stage_spans};
use crate::model::{Facts, Follows, Invocation, PLATFORM_ARGUMENTS, Project, Run, StagePlatform, Value};
use crate::syntax::{self, Parse};
use crate::text::{SourceFile, TextRange};

/// How often fixes may give rise to other findings with fixes.
pub(crate) const MAX_PASSES: usize = 10;

/// The best fix of each finding that is `at_least` so applicable and does not conflict with one before it.
pub(crate) fn choose(
    diagnostics: &[Diagnostic],
    at_least: Applicability,
    refused: &HashSet<Fix>,
) -> Vec<(usize, Fix)> {
    let mut chosen: Vec<(usize, Fix)> = Vec::new();
    let mut taken: Vec<Edit> = Vec::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        let fix =
            diagnostic.fixes.iter().find(|fix| fix.applicability >= at_least && !refused.contains(*fix));
        let Some(fix) = fix.filter(|fix| !fix.edits.iter().any(|edit| conflicts(&taken, edit))) else {
            continue;
        };
        for edit in &fix.edits {
            let at = taken.partition_point(|other| key(other) <= key(edit));
            if !taken.contains(edit) {
                taken.insert(at, edit.clone());
            }
        }
        chosen.push((index, fix.clone()));
    }
    chosen
}

fn key(edit: &Edit) -> (u32, u32) {
    (edit.range.start().into(), edit.range.end().into())
}

/// Whether an edit overlaps one that is taken already, or inserts another text at the same place.
fn conflicts(taken: &[Edit], edit: &Edit) -> bool {
    // Taken edits are disjoint and sorted, so only the neighbours of the edit's place can touch it.
    let from = taken.partition_point(|other| other.range.end() < edit.range.start());
    taken[from..].iter().take_while(|other| other.range.start() <= edit.range.end()).any(|other| {
        let both_insert = other.range.is_empty() && edit.range.is_empty();
        let overlap = other.range.intersect(edit.range).is_some_and(|common| !common.is_empty());
        let within = |inner: TextRange, outer: TextRange| {
            inner.is_empty() && outer.start() < inner.start() && inner.start() < outer.end()
        };
        other != edit
            && ((both_insert && other.range == edit.range)
                || overlap
                || within(other.range, edit.range)
                || within(edit.range, other.range))
    })
}

/// The text with the edits of the fixes made. `parse` is its tree.
pub(crate) fn apply(text: &str, parse: &Parse, fixes: &[(usize, Fix)]) -> (String, Vec<Edit>) {
    let mut edits: Vec<Edit> = fixes.iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect();
    edits.sort_by_key(key);
    edits.dedup();
    declare_once(&mut edits, parse);
    let mut result =
        String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in &edits {
        result.push_str(&text[at..usize::from(edit.range.start())]);
        result.push_str(&edit.text);
        at = usize::from(edit.range.end());
    }
    result.push_str(&text[at..]);
    (result, edits)
}

/// Takes out an ARG that another fix adds further up in the same stage.
fn declare_once(edits: &mut Vec<Edit>, parse: &Parse) {
    let spans = stage_spans(parse);
    let mut declared = HashSet::new();
    edits.retain(|edit| {
        let begins_above =
            |span: &StageSpan| parse.instructions[span.from].range.start() <= edit.range.start();
        let stage = spans.partition_point(begins_above);
        let lines = || edit.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let is_argument = |line: &&str| line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("ARG "));
        let added = lines().filter(is_argument).filter(|line| declared.insert((stage, (*line).to_owned())));
        added.count() > 0 || !edit.range.is_empty() || !lines().all(|line| is_argument(&line))
    });
}

/// Why the new text must not take the place of the old one; none where all is well.
pub(crate) fn damage(
    project: &Project,
    old: (&SourceFile, &Parse),
    new: &SourceFile,
    edits: &[Edit],
) -> Option<String> {
    let (old, old_parse) = old;
    let new_parse = syntax::parse(new);
    if new_parse.errors.len() > old_parse.errors.len() {
        return Some("it would add a syntax error".to_owned());
    }
    let directives = |parse: &Parse| -> Vec<(String, String)> {
        parse.directives.iter().map(|directive| (directive.name.clone(), directive.value.clone())).collect()
    };
    if directives(old_parse) != directives(&new_parse) {
        return Some("it would change a parser directive".to_owned());
    }
    if changes_others((old, old_parse), (new, &new_parse), edits) {
        return Some("it would change an instruction that it does not speak of".to_owned());
    }
    let (before, after) = (Facts::new(old, old_parse, project), Facts::new(new, &new_parse, project));
    let exported = |facts: &Facts<'_>| -> Vec<StagePlatform> {
        facts.exported_stages().map(|stage| stage.platform.clone()).collect()
    };
    if exported(&before) != exported(&after) {
        return Some("it would export the image for another platform".to_owned());
    }
    if emulated_runs(&after) > emulated_runs(&before) {
        return Some("it would make more RUNs run under emulation".to_owned());
    }
    if changes_other_runs(&before, &after) {
        return Some("it would change a command that it does not speak of".to_owned());
    }
    None
}

/// Whether a RUN that was left as it is would start something else or find another environment than before. What
/// follows a platform is for the fix to change: it declares an argument, or takes a wrong default away.
fn changes_other_runs(before: &Facts<'_>, after: &Facts<'_>) -> bool {
    if before.stages().len() != after.stages().len() {
        // A stage was put in front: what stands below it is as it was, as the instructions have shown.
        return false;
    }
    (0..before.stages().len()).any(|stage| {
        let (old_runs, mut new_runs) = (before.runs(stage), after.runs(stage));
        let text =
            |facts: &Facts<'_>, run: &Run| facts.slice(facts.instruction(run.instruction).range).to_owned();
        // A fix may add RUNs: those that were there are found again by their text.
        new_runs.len() < old_runs.len()
            || old_runs.iter().any(|old| {
                let same = new_runs.iter().position(|new| text(before, old) == text(after, new));
                let Some(same) = same else { return false };
                let new = &new_runs[same];
                new_runs = &new_runs[same + 1..];
                new.platform_uses.is_empty()
                    && (old.invocations.len() != new.invocations.len()
                        || old.invocations.iter().zip(&new.invocations).any(|(old, new)| differ(old, new)))
            })
    })
}

/// Whether two commands differ in a word or a variable that follows no platform.
fn differ(old: &Invocation, new: &Invocation) -> bool {
    let is_constant = |value: &Value| value.follows() == Follows::Nothing;
    old.words.len() != new.words.len()
        || old
            .words
            .iter()
            .zip(&new.words)
            .any(|(old, new)| is_constant(&new.value) && old.value != new.value)
        || !new.environment.agrees_with(&old.environment, |name, value| {
            is_constant(value) && !PLATFORM_ARGUMENTS.contains(&name)
        })
}

/// Whether an instruction that no edit touches is no longer there as it was.
fn changes_others(old: (&SourceFile, &Parse), new: (&SourceFile, &Parse), edits: &[Edit]) -> bool {
    let (old, old_parse) = old;
    let (new, new_parse) = new;
    let kept: HashSet<&str> =
        new_parse.instructions.iter().map(|instruction| new.slice(instruction.range)).collect();
    let mut edits = edits.iter().peekable();
    old_parse.instructions.iter().any(|instruction| {
        while edits.peek().is_some_and(|edit| edit.range.end() < instruction.range.start()) {
            edits.next();
        }
        let touched = edits.peek().is_some_and(|edit| edit.range.start() <= instruction.range.end());
        !touched && !kept.contains(old.slice(instruction.range))
    })
}

/// How many RUNs of the default target a build for a foreign platform emulates.
fn emulated_runs(facts: &Facts<'_>) -> usize {
    let emulated =
        facts.stages().iter().filter(|stage| stage.reachable && stage.platform != StagePlatform::Build);
    emulated.map(|stage| facts.runs(stage.index).len()).sum()
}
