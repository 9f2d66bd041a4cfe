//! Deno: `deno compile --target TRIPLE` (B14; docs.deno.com/runtime/reference/cli/compile).

use super::target_option::{self, Place, TargetOption};
use super::{Assessment, Obstacle, Recipe, Rewrite};
use crate::model::{Facts, InvocationId};

pub(super) struct Deno;

impl Recipe for Deno {
    fn retarget(
        &self,
        facts: &Facts<'_>,
        _assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        target_option::retarget(facts, commands, rewrite, |id, obstacles| {
            let range = facts.invocation(id).name_range();
            let message = "native modules of npm packages would be those of the builder, and Deno downloads its runtime for the target";
            obstacles.push(Obstacle::doubt(range, message));
            TargetOption {
                spelling: "deno",
                variable: "DENO_TARGET",
                option: "--target ",
                around: ("", ""),
                of_amd64: &["x86_64-unknown-linux-gnu"],
                place: Place::BehindName,
            }
        })
    }
}
