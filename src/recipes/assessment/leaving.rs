//! What leaves a stage for others.

use super::Assessment;
use crate::knowledge::advice;
use crate::model::{Cause, Facts, StagePlatform};
use crate::recipes::{Obstacle, Weight};

impl Assessment {
    fn native_files_leave(&mut self, facts: &Facts<'_>, cause: Cause, from: usize, taking: usize) {
        let mut obstacle = Obstacle::block(facts.cause_range(cause), native_message(facts, from, taking));
        let advised = match cause {
            Cause::Command(id) => {
                if !self.natives.contains(&id) {
                    self.natives.push(id);
                }
                facts.invocation(id).command.and_then(|command| command.advice)
            }
            Cause::BaseImage(stage) => {
                facts.root_image(stage).and_then(|image| image.known).and_then(|known| known.advice)
            }
            Cause::Copy(_) => None,
        };
        obstacle.advice = advised.map(advice);
        self.obstacles.push(obstacle);
    }

    pub(super) fn look_at_what_leaves(&mut self, facts: &Facts<'_>) {
        for &stage in &self.family.clone() {
            for consumer in &facts.stages()[stage].consumers {
                if self.has(consumer.stage) {
                    continue;
                }
                self.consumers.push((consumer.stage, consumer.instruction));
                let contents = facts.taken_from(stage, consumer.instruction);
                if !contents.products.is_empty() || contents.unknown.is_some() {
                    self.takers.push((consumer.stage, consumer.instruction));
                }
                if facts.stages()[consumer.stage].platform == StagePlatform::Build {
                    let own = contents.products.iter().filter(|product| self.has(product.stage));
                    let own: Vec<_> = own.copied().filter(|product| !self.tools.contains(product)).collect();
                    self.tools.extend(own);
                }
                if facts.stages()[consumer.stage].platform == StagePlatform::Build
                    || (facts.stages()[consumer.stage].platform == StagePlatform::Target
                        && !facts.is_for_target(consumer.stage))
                {
                    continue;
                }
                let to = &facts.stages()[consumer.stage];
                let locked =
                    facts.root_image(consumer.stage).is_some_and(|image| image.architecture_lock().is_some());
                if locked || to.platform != StagePlatform::Target {
                    let message = format!("{} is for one architecture only, or may be", to.display_name());
                    self.obstacles.push(Obstacle::block(to.label(), message));
                }
                if let Some(native) = contents
                    .native
                    .filter(|native| !self.is_runtime(facts, stage, consumer.instruction, *native))
                {
                    self.native_files_leave(facts, native, stage, consumer.instruction);
                }
                if let Some(probed) = contents.probed {
                    let message = "it asks the machine for its architecture, and what comes of it is copied out of the stage";
                    self.obstacles.push(Obstacle::block(probed, message));
                }
                if let Some(unknown) = contents.unknown {
                    let message =
                        "dflint cannot tell what this leaves in the files that are copied out of the stage";
                    // Where all the work is bundling, an image that runs nothing probably takes a bundle.
                    let only_bundles = self.compiles.is_empty() && !self.bundles.is_empty();
                    let is_likely = only_bundles && has_no_runtime(facts, consumer.stage)
                        || !contents.products.is_empty();
                    let weight = if is_likely { Weight::Doubt } else { Weight::Block };
                    self.obstacles.push(Obstacle {
                        range: unknown,
                        message: message.to_owned(),
                        weight,
                        advice: None,
                    });
                }
                for product in &contents.products {
                    if self.has(product.stage) && !self.products.contains(product) {
                        self.products.push(*product);
                    }
                }
            }
        }
    }
}

/// Whether the image of a stage is known to bring no runtime that portable programs need.
fn has_no_runtime(facts: &Facts<'_>, stage: usize) -> bool {
    let known = facts.root_image(stage).and_then(|image| image.known);
    facts.starts_from_scratch(stage) || known.is_some_and(|known| known.runtime.is_none())
}

fn native_message(facts: &Facts<'_>, from: usize, taking: usize) -> String {
    let line = facts.line(facts.instruction(taking).range.start());
    let paths = facts.paths_taken_from(from, taking).into_iter().flatten();
    let native = paths.into_iter().find(|path| facts.contents(from, path).native.is_some());
    let path = native.map_or_else(String::new, |path| format!(" (`{path}`)"));
    format!("line {line} takes files out of it that are for the platform it runs on{path}")
}
