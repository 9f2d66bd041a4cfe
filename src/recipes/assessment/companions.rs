//! Stages that can only move together: one installs what the other works with.

use super::could_be_pinned;
use crate::knowledge::Does;
use crate::model::{Cause, Facts, StageBase, StagePlatform};

/// The stage, and those that hand it installed files or take such files from it. One that has to stay on the target
/// platform is none of them: what it gives or takes is in the way.
pub(super) fn companions(facts: &Facts<'_>, stage: usize) -> Vec<usize> {
    let mut roots = vec![stage];
    let mut next = 0;
    while next < roots.len() {
        for neighbour in neighbours(facts, roots[next]) {
            if !roots.contains(&neighbour) && could_be_pinned(facts, neighbour) {
                roots.push(neighbour);
            }
        }
        next += 1;
    }
    roots.sort_unstable();
    roots
}

/// The roots of the stages on the target platform that give installed files to, or take them from, a stage or what is
/// built on it.
fn neighbours(facts: &Facts<'_>, root: usize) -> Vec<usize> {
    let family = facts.family(root);
    let mut found = Vec::new();
    for &member in &family {
        let takers =
            facts.stages()[member].consumers.iter().map(|taker| (member, taker.stage, taker.instruction));
        let givers = facts.stages()[member]
            .span
            .body
            .clone()
            .flat_map(|at| facts.sources_of(at).map(move |source| (source, source, at)));
        for (source, other, instruction) in takers.chain(givers) {
            let is_outside = !family.contains(&other);
            if is_outside
                && facts.stages()[other].platform == StagePlatform::Target
                && hands_on_installed(facts, source, instruction)
            {
                found.push(movable_root(facts, other));
            }
        }
    }
    found
}

/// The stage whose FROM decides where a stage runs.
fn movable_root(facts: &Facts<'_>, stage: usize) -> usize {
    let mut stage = stage;
    while let StageBase::Stage(base) = facts.stages()[stage].base {
        if facts.bare_image_below(stage).is_some() && !could_be_pinned(facts, base) {
            break;
        }
        stage = base;
    }
    stage
}

fn hands_on_installed(facts: &Facts<'_>, source: usize, instruction: usize) -> bool {
    let Some(Cause::Command(id)) = facts.taken_from(source, instruction).native else { return false };
    let command = facts.invocation(id).command;
    command.is_some_and(|command| command.does == Does::Install && !command.output_folders.is_empty())
}
