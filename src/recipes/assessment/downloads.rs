//! What a stage downloads for the target platform, which is another than its own once it is pinned.

use super::Assessment;
use crate::model::{Cause, Facts, Invocation, InvocationId};
use crate::recipes::hard_coded::execution;
use crate::recipes::{Obstacle, Rewrite};
use crate::text::TextRange;

impl Assessment {
    pub(super) fn look_at_download(&mut self, facts: &Facts<'_>, id: InvocationId, invocation: &Invocation) {
        // What asks the machine goes on fitting it.
        if !invocation.words.iter().any(|word| word.value.is_for_target()) {
            return;
        }
        let message = "what is downloaded is for the target platform and could not run here any more";
        match (execution(facts, &self.family, id), self.is_shipped(facts, id)) {
            (Some(run), false) if is_only_user_of_target(facts, id) => {
                let message = "it runs what is downloaded for the target platform: the fix downloads it for the builder";
                self.obstacles.push(Obstacle::doubt(run, message));
                self.own_downloads.push(id);
            }
            (Some(run), _) => self.obstacles.push(Obstacle::block(run, message)),
            (None, false) => self.obstacles.push(Obstacle::doubt(invocation.name_range(), message)),
            (None, true) if self.downloads.contains(&id) => {}
            (None, true) => self.downloads.push(id),
        }
    }

    /// Whether a stage on the target platform takes what a command downloads.
    fn is_shipped(&self, facts: &Facts<'_>, id: InvocationId) -> bool {
        self.consumers.iter().any(|&(consumer, instruction)| {
            let sources = facts.sources_of(instruction).filter(|source| self.has(*source));
            let downloads = |source| facts.taken_from(source, instruction).downloads.clone();
            facts.is_for_target(consumer)
                && sources.into_iter().any(|source| downloads(source).contains(&Cause::Command(id)))
        })
    }

    /// Lets the tools that the family downloads for itself be for the platform that it moves to.
    pub(super) fn download_for_builder(&self, facts: &Facts<'_>, rewrite: &mut Rewrite<'_>) {
        for &id in &self.own_downloads {
            for (range, name) in target_uses(facts, id) {
                rewrite.replace(range, facts.slice(range).replace(name, of_builder(name)));
                rewrite.need(id, of_builder(name));
            }
        }
    }
}

/// Whether the platform arguments of the target that a RUN uses stand in this command of it, so that others of its
/// commands need not follow.
fn is_only_user_of_target(facts: &Facts<'_>, id: InvocationId) -> bool {
    let of_run = facts.run(id).platform_uses.iter().filter(|of| of.name.starts_with("TARGET")).count();
    let own = target_uses(facts, id);
    let replaced = own.iter().all(|(_, name)| of_builder(name) != *name);
    !own.is_empty() && own.len() == of_run && replaced
}

fn target_uses(facts: &Facts<'_>, id: InvocationId) -> Vec<(TextRange, &'static str)> {
    let whole = facts.invocation(id).range;
    let uses = facts.run(id).platform_uses.iter();
    uses.filter(|of| of.name.starts_with("TARGET") && whole.contains_range(of.range))
        .map(|of| (of.range, of.name))
        .collect()
}

/// The builder's argument in the place of the target's.
fn of_builder(name: &'static str) -> &'static str {
    match name {
        "TARGETARCH" => "BUILDARCH",
        "TARGETPLATFORM" => "BUILDPLATFORM",
        "TARGETVARIANT" => "BUILDVARIANT",
        "TARGETOS" => "BUILDOS",
        other => other,
    }
}
