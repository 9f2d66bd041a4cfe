//! Toolchains that dflint gives advice for and rewrites nothing of.

use super::{Assessment, Obstacle, Recipe, Rewrite, command_name};
use crate::knowledge;
use crate::model::{Facts, InvocationId};

pub(super) struct Advised;

impl Recipe for Advised {
    fn retarget(
        &self,
        facts: &Facts<'_>,
        _assessment: &Assessment,
        commands: &[InvocationId],
        _rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        obstacles(facts, commands)
    }
}

/// What commands compile for the machine that they run on, with the way out.
pub(super) fn obstacles(facts: &Facts<'_>, commands: &[InvocationId]) -> Vec<Obstacle> {
    let obstacle = |&id: &InvocationId| {
        let invocation = facts.invocation(id);
        let name = command_name(invocation);
        let message = format!("`{name}` compiles for the machine that it runs on");
        let mut obstacle = Obstacle::block(invocation.name_range(), message);
        obstacle.advice = invocation.command.and_then(|command| command.advice).map(knowledge::advice);
        obstacle
    };
    commands.iter().map(obstacle).collect()
}
