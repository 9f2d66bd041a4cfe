//! Deno: `deno compile --target TRIPLE` (B14; docs.deno.com/runtime/reference/cli/compile).

use super::target_option::{self, Place};
use super::{Assessment, CompilesFor, Obstacle, Recipe, Rewrite, Whose, compiles_for};
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
        let mut obstacles = Vec::new();
        for &id in commands {
            if compiles_for(facts, id) == CompilesFor::Target {
                continue;
            }
            let range = facts.invocation(id).name_range();
            let message = "native modules of npm packages would be those of the builder, and Deno downloads its runtime for the target";
            obstacles.push(Obstacle::doubt(range, message));
            match rewrite.spell(id, Whose::Target, "deno", "DENO_TARGET") {
                Ok(target) => {
                    let option = ("--target ", target.as_str());
                    let of_amd64 = ["x86_64-unknown-linux-gnu"];
                    obstacles.extend(target_option::set(
                        facts,
                        id,
                        option,
                        &of_amd64,
                        Place::BehindName,
                        rewrite,
                    ));
                }
                Err(obstacle) => obstacles.push(obstacle),
            }
        }
        obstacles
    }
}
