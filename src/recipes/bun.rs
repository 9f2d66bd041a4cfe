//! Bun: `bun build --compile --target=bun-linux-…` (B14; bun.sh/docs/bundler/executables).

use super::target_option::{self, Place, TargetOption};
use super::{Assessment, Obstacle, Recipe, Rewrite};
use crate::knowledge::Libc;
use crate::model::{BaseImage, Facts, InvocationId, Value};

pub(super) struct Bun;

impl Recipe for Bun {
    fn retarget(
        &self,
        facts: &Facts<'_>,
        _assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        target_option::retarget(facts, commands, rewrite, |id, obstacles| {
            let range = facts.invocation(id).name_range();
            let message = "native modules (`.node` files) would be those of the builder, and Bun downloads its runtime for the target";
            obstacles.push(Obstacle::doubt(range, message));
            // Without a target, Bun takes its own C library.
            let written = facts.invocation(id).option(&["--target"]).map(|option| option.value());
            let says_musl = written.as_ref().and_then(Value::constant).map(|value| value.ends_with("-musl"));
            let libc = facts.root_image(id.stage).and_then(BaseImage::libc);
            let is_musl = says_musl.or(libc.map(|libc| libc == Libc::Musl));
            if is_musl.is_none() {
                let message =
                    "dflint does not know the C library of this image, which the program is linked with";
                obstacles.push(Obstacle::block(facts.stages()[id.stage].label(), message));
            }
            let (libc, of_amd64): (_, &[&str]) = if is_musl == Some(true) {
                ("-musl", &["bun-linux-x64-musl", "bun-linux-amd64-musl"])
            } else {
                ("", &["bun-linux-x64", "bun-linux-amd64"])
            };
            TargetOption {
                spelling: "bun",
                variable: "BUN_ARCH",
                option: "--target=",
                around: ("bun-linux-", libc),
                of_amd64,
                place: Place::Last,
            }
        })
    }
}
