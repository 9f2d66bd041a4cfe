//! URLs of RUN and ADD.

use super::{Fate, HardCoded, What, part_of, wrong_literal};
use crate::knowledge;
use crate::model::{Cause, Facts, Invocation, InvocationId, Stage, StagePlatform, resolve_path};
use crate::syntax::{Body, Keyword};
use crate::text::TextRange;

/// Adds the downloads of a stage that name an architecture.
pub(super) fn find(facts: &Facts<'_>, stage: &Stage, found: &mut Vec<HardCoded>) {
    for (id, invocation) in facts.invocations(stage.index) {
        let always = invocation.worlds.is_all() && !invocation.conditional && !invocation.under_probe;
        if !invocation.fetches() || !always {
            continue;
        }
        for word in invocation.operands() {
            let written = facts.slice(word.range);
            let value = word.value.constant().filter(|_| !word.value.replaceable);
            let held = value.filter(|_| knowledge::literals(written).is_empty());
            let Some(url) = url_of(held.unwrap_or(written)) else { continue };
            let Some((literal, wrong_for)) = wrong_literal(facts, held.unwrap_or(written)) else { continue };
            let Some(fate) = fate(facts, stage, Cause::Command(id)) else { continue };
            let range = match held {
                Some(_) => word.range,
                None => part_of(word.range, literal.start, literal.text.len()),
            };
            let what = What::Download(id, knowledge::release(value.unwrap_or(url)));
            let instruction = facts.run(id).instruction;
            // One finding for an architecture of a RUN: one fix is for all of it.
            let same = |other: &HardCoded| other.instruction == instruction && other.text == literal.text;
            if !found.iter().any(same) {
                found.push(HardCoded {
                    range,
                    text: literal.text,
                    wrong_for,
                    stage: stage.index,
                    instruction,
                    what,
                    fate,
                });
            }
        }
    }
    for at in stage.span.body.clone().filter(|&at| facts.instruction(at).keyword == Keyword::Add) {
        let Body::Copy(add) = &facts.instruction(at).body else { continue };
        for source in add.sources.iter().filter(|source| source.is_contiguous()) {
            let Some(url) = url_of(&source.text) else { continue };
            let Some((literal, wrong_for)) = wrong_literal(facts, &source.text) else { continue };
            let Some(fate) = fate(facts, stage, Cause::Copy(at)) else { continue };
            if matches!(fate, Fate::Exported | Fate::Taken { .. }) || stage.platform == StagePlatform::Target
            {
                found.push(HardCoded {
                    range: part_of(source.range, literal.start, literal.text.len()),
                    text: literal.text,
                    wrong_for,
                    stage: stage.index,
                    instruction: at,
                    what: What::Add(knowledge::release(url)),
                    fate,
                });
            }
        }
    }
}

/// The URL in a word, if it names a file for Linux that depends on the architecture.
fn url_of(written: &str) -> Option<&str> {
    const OTHERS: [&str; 15] = [
        "windows", "win32", "win64", "-win-", "_win_", "darwin", "macos", "osx", "freebsd", "android",
        ".exe", ".msi", "/win-", "_all.deb", "noarch",
    ];
    const NO_PROGRAMS: [&str; 19] = [
        ".asc",
        ".sig",
        ".sha1",
        ".sha256",
        ".sha512",
        ".sha256sum",
        ".md5",
        ".txt",
        ".json",
        ".md",
        ".yaml",
        ".yml",
        ".html",
        ".xml",
        ".png",
        ".svg",
        ".patch",
        ".repo",
        ".key",
    ];
    let url = written.trim_matches(['"', '\'']);
    let lower = url.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let is_url = lower.contains("://") || lower.starts_with('$');
    let is_other = OTHERS.iter().any(|part| lower.contains(part))
        || NO_PROGRAMS.iter().any(|end| path.ends_with(end))
        // A compiler for another architecture is named by the one that it compiles for.
        || lower.contains("cross");
    (is_url && !is_other).then_some(url)
}

/// What becomes of a download; none where the architecture may be the right one.
fn fate(facts: &Facts<'_>, stage: &Stage, cause: Cause) -> Option<Fate> {
    let family = facts.family(stage.index);
    let on_target = stage.platform == StagePlatform::Target;
    if family.iter().any(|&member| facts.stages()[member].exported) {
        return on_target.then_some(Fate::Exported);
    }
    let consumers = family
        .iter()
        .flat_map(|&member| facts.stages()[member].consumers.iter().map(move |consumer| (member, consumer)));
    let mut on_builder = false;
    for (member, consumer) in consumers {
        if family.contains(&consumer.stage) || !facts.stages()[consumer.stage].reachable {
            continue;
        }
        let contents = facts.taken_from(member, consumer.instruction);
        // Among what is compiled there, it may be anything that lies around.
        if contents.downloads.contains(&cause) && contents.products.is_empty() {
            if facts.is_for_target(consumer.stage) {
                return Some(Fate::Taken { by: consumer.stage, certain: contents.unknown.is_none() });
            }
            on_builder |= facts.stages()[consumer.stage].platform != StagePlatform::Target;
        }
    }
    match (on_target, cause) {
        (true, _) => (!on_builder).then_some(Fate::Stays),
        (false, Cause::Command(id)) => execution(facts, &family, id).map(Fate::Run),
        (false, _) => None,
    }
}

/// Where a stage runs what it has downloaded itself.
pub(in crate::recipes) fn execution(
    facts: &Facts<'_>,
    family: &[usize],
    id: InvocationId,
) -> Option<TextRange> {
    let mut later =
        family.iter().flat_map(|&member| facts.invocations(member)).filter(|(other, _)| *other > id);
    later
        .find(|(other, invocation)| runs_download(facts, *other, invocation, id))
        .map(|(_, of)| of.name_range())
}

fn runs_download(facts: &Facts<'_>, other: InvocationId, invocation: &Invocation, id: InvocationId) -> bool {
    let Some(name) = invocation.words.first().and_then(|word| word.value.constant()) else { return false };
    let holds = |path: &str| {
        resolve_path(invocation.directory.as_deref(), path)
            .is_some_and(|path| facts.contents(other.stage, &path).downloads.contains(&Cause::Command(id)))
    };
    if name.contains('/') {
        return holds(name);
    }
    let folders = ["/usr/local/bin", "/usr/bin", "/bin"].map(|folder| format!("{folder}/{name}"));
    let outputs = facts.outputs(facts.invocation(id));
    let is_named = outputs.iter().flatten().any(|output| folders.iter().any(|path| **path == **output));
    let is_of_system = invocation.command.is_some_and(|command| command.toolchain.is_none());
    is_named || (!is_of_system && folders.iter().any(|path| holds(path)))
}
