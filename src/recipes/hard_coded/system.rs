//! Folders of the system's libraries, and repositories of packages.

use super::{Fate, HardCoded, What, part_of, wrong_literal};
use crate::knowledge::{self, Does};
use crate::model::{Facts, Invocation, InvocationId, Stage};
use crate::syntax::{Body, Word};
use crate::text::TextRange;

/// Adds the folders and repositories of one architecture that a stage on the target platform names.
pub(super) fn find(facts: &Facts<'_>, stage: &Stage, found: &mut Vec<HardCoded>) {
    let first = found.len();
    for at in stage.span.body.clone() {
        let words: Vec<&Word> = match &facts.instruction(at).body {
            Body::Copy(copy) if facts.instruction(at).flag("from").is_some() => {
                copy.sources.iter().chain([&copy.destination]).collect()
            }
            Body::Env(pairs) => pairs.iter().filter_map(|pair| pair.value.as_ref()).collect(),
            _ => continue,
        };
        let in_word =
            |word: &&Word| Some((word.range, libraries(&word.text).filter(|_| word.is_contiguous())?));
        let Some(place) = words.iter().find_map(in_word) else { continue };
        let all: String = words.iter().flat_map(|word| [word.text.as_str(), " "]).collect();
        if wrong_literal(facts, &all).is_some() {
            push(facts, stage, at, place, What::Libraries(None), found);
        }
    }
    let is_multiarch = |invocation: &Invocation| {
        invocation.command.is_some_and(|command| command.name == "dpkg --add-architecture")
    };
    if !facts.invocations(stage.index).any(|(_, invocation)| is_multiarch(invocation)) {
        for (id, invocation) in facts.invocations(stage.index) {
            if invocation.worlds.is_all() && !invocation.conditional && !invocation.under_probe {
                look_at_words(facts, stage, id, invocation, found);
            }
        }
    }
    // With the folders of two architectures side by side, the author has thought of it.
    let own = &found[first..];
    if own.iter().any(|other| matches!(other.what, What::Libraries(_)) && other.text != own[0].text) {
        found.retain(|other| other.stage != stage.index || !matches!(other.what, What::Libraries(_)));
    }
}

fn look_at_words(
    facts: &Facts<'_>,
    stage: &Stage,
    id: InvocationId,
    invocation: &Invocation,
    found: &mut Vec<HardCoded>,
) {
    let prints = matches!(invocation.program(), Some("echo" | "printf" | "add-apt-repository"));
    let tolerates = invocation
        .command
        .is_some_and(|command| matches!(command.does, Does::Print | Does::Edit | Does::Test))
        || invocation.program() == Some("find");
    for word in invocation.arguments() {
        let written = facts.slice(word.range);
        let (start, what) = match (repository(written).filter(|_| prints), libraries(written)) {
            (Some(start), _) => (start, What::Packages(id)),
            (None, Some(start)) if !tolerates => (start, What::Libraries(Some(id))),
            _ => continue,
        };
        let at = facts.run(id).instruction;
        if !found.iter().any(|other| other.instruction == at && other.what == what) {
            push(facts, stage, at, (word.range, start), what, found);
        }
    }
}

fn push(
    facts: &Facts<'_>,
    stage: &Stage,
    instruction: usize,
    (range, start): (TextRange, usize),
    what: What,
    found: &mut Vec<HardCoded>,
) {
    let Some((literal, wrong_for)) = wrong_literal(facts, facts.slice(range)) else { return };
    let fate = if stage.exported { Fate::Exported } else { Fate::Stays };
    found.push(HardCoded {
        range: part_of(range, start, literal.text.len()),
        text: literal.text,
        wrong_for,
        stage: stage.index,
        instruction,
        what,
        fate,
    });
}

/// Where a word names a folder of libraries of one architecture: `/usr/lib/x86_64-linux-gnu`.
fn libraries(written: &str) -> Option<usize> {
    const TRIPLE: &str = "-linux-gnu";
    if !written.contains(TRIPLE) {
        return None;
    }
    let found = knowledge::literals(written);
    let folder = found.iter().find(|literal| {
        let is_triple = literal.text.contains(TRIPLE) && !literal.text.contains("unknown");
        let before = &written[..literal.start];
        is_triple
            && (before.ends_with("lib/") || before.ends_with("lib64/"))
            && !written[literal.end()..].starts_with('-')
    })?;
    Some(folder.start)
}

/// Where a line for apt's sources names the one architecture whose packages it is to take: `[arch=amd64 …]`.
fn repository(written: &str) -> Option<usize> {
    let start = written.find("arch=")? + "arch=".len();
    let is_option = written[..start].contains("deb [") || written[..start].contains("deb-src [");
    let literal = knowledge::literals(written).into_iter().find(|literal| literal.start == start)?;
    (is_option && !written[literal.end()..].starts_with(',')).then_some(start)
}
