//! What leaves a stage for others.

use super::Assessment;
use crate::knowledge::advice;
use crate::model::{Cause, Facts, StagePlatform};
use crate::recipes::{Obstacle, Weight};
use crate::text::TextRange;

impl Assessment {
    fn native_files_leave(&mut self, facts: &Facts<'_>, cause: Cause, taken: TextRange) {
        let mut obstacle = Obstacle::block(facts.cause_range(cause), native_message(facts, taken));
        if let Cause::Command(id) = cause {
            if !self.natives.contains(&id) {
                self.natives.push(id);
            }
            obstacle.advice = facts.invocation(id).command.and_then(|command| command.advice).map(advice);
        }
        self.obstacles.push(obstacle);
    }

    pub(super) fn look_at_what_leaves(&mut self, facts: &Facts<'_>) {
        for &stage in &self.family.clone() {
            for consumer in &facts.stages[stage].consumers {
                if self.has(consumer.stage) {
                    continue;
                }
                self.consumers.push((consumer.stage, consumer.instruction));
                let contents = facts.taken_from(stage, consumer.instruction);
                if !contents.products.is_empty() || contents.unknown.is_some() {
                    self.takers.push((consumer.stage, consumer.instruction));
                }
                if facts.stages[consumer.stage].platform == StagePlatform::Build {
                    let own = contents.products.iter().filter(|product| self.has(product.stage));
                    let own: Vec<_> = own.copied().filter(|product| !self.tools.contains(product)).collect();
                    self.tools.extend(own);
                }
                if facts.stages[consumer.stage].platform == StagePlatform::Build
                    || (facts.stages[consumer.stage].platform == StagePlatform::Target
                        && !facts.is_for_target(consumer.stage))
                {
                    continue;
                }
                let taken = facts.instruction(consumer.instruction).range;
                let to = &facts.stages[consumer.stage];
                let locked =
                    facts.root_image(consumer.stage).is_some_and(|image| image.architecture_lock().is_some());
                if locked || to.platform != StagePlatform::Target {
                    let message = format!("{} is for one architecture only, or may be", to.display_name());
                    self.obstacles.push(Obstacle::block(to.label(), message));
                }
                if let Some(native) = contents.native {
                    self.native_files_leave(facts, native, taken);
                }
                if let Some(probed) = contents.probed {
                    let message = "it asks the machine for its architecture, and what comes of it is copied out of the stage";
                    self.obstacles.push(Obstacle::block(probed, message));
                }
                if let Some(unknown) = contents.unknown {
                    let message =
                        "dflint cannot tell what this leaves in the files that are copied out of the stage";
                    let weight = if contents.products.is_empty() { Weight::Block } else { Weight::Doubt };
                    self.obstacles.push(Obstacle {
                        range: unknown,
                        message: message.to_owned(),
                        weight,
                        advice: None,
                    });
                }
                for product in contents.products {
                    if self.has(product.stage) && !self.products.contains(&product) {
                        self.products.push(product);
                    }
                }
            }
        }
    }
}

fn native_message(facts: &Facts<'_>, taken: TextRange) -> String {
    let line = facts.file.line(taken.start());
    format!("line {line} takes files out of it that are for the platform it runs on")
}
