//! Dart: `--target-arch` decides what is compiled (B13; dart.dev/tools/dart-compile).

use super::{Assessment, Obstacle, Recipe, Rewrite, Whose, look_at_plainness};
use crate::model::{Facts, InvocationId};

pub(super) struct Dart;

impl Recipe for Dart {
    fn retarget(
        &self,
        facts: &Facts<'_>,
        _assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        for &id in commands {
            look_at_plainness(facts, id, &mut obstacles);
            match rewrite.spell(id, Whose::Target, "dart", "DART_ARCH") {
                Ok(arch) => {
                    rewrite.append_option(id, &format!("--target-os=linux --target-arch={arch}"));
                }
                Err(obstacle) => obstacles.push(obstacle),
            }
        }
        obstacles
    }
}
