//! Bun: `bun build --compile --target=bun-linux-…` (B14; bun.sh/docs/bundler/executables).

use super::target_option::{self, Place};
use super::{Assessment, CompilesFor, Obstacle, Recipe, Rewrite, Whose, compiles_for};
use crate::knowledge::Libc;
use crate::model::{Facts, InvocationId, Value};

pub(super) struct Bun;

impl Recipe for Bun {
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
            let message = "native modules (`.node` files) would be those of the builder, and Bun downloads its runtime for the target";
            obstacles.push(Obstacle::doubt(range, message));
            // Without a target, Bun takes its own C library.
            let written = facts.invocation(id).option(&["--target"]).map(|option| option.value());
            let says_musl = written.as_ref().and_then(Value::constant).map(|value| value.ends_with("-musl"));
            let libc = facts.root_image(id.stage).and_then(|image| image.libc());
            let is_musl = says_musl.or(libc.map(|libc| libc == Libc::Musl));
            if is_musl.is_none() {
                let message =
                    "dflint does not know the C library of this image, which the program is linked with";
                obstacles.push(Obstacle::block(facts.stages[id.stage].label(), message));
            }
            match rewrite.spell(id, Whose::Target, "bun", "BUN_ARCH") {
                Ok(arch) => {
                    let (libc, of_amd64) = if is_musl == Some(true) {
                        ("-musl", ["bun-linux-x64-musl", "bun-linux-amd64-musl"])
                    } else {
                        ("", ["bun-linux-x64", "bun-linux-amd64"])
                    };
                    let value = format!("bun-linux-{arch}{libc}");
                    let option = ("--target=", value.as_str());
                    obstacles.extend(target_option::set(facts, id, option, &of_amd64, Place::Last, rewrite));
                }
                Err(obstacle) => obstacles.push(obstacle),
            }
        }
        obstacles
    }
}
