//! Dart: `--target-arch` decides what is compiled (B13; dart.dev/tools/dart-compile).

use super::target_option::{self, Place, TargetOption};
use super::{Assessment, Obstacle, Recipe, Rewrite};
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
        target_option::retarget(facts, commands, rewrite, |id, obstacles| {
            obstacles.push(version_obstacle(facts, id));
            let has_system = facts.invocation(id).option(&["--target-os"]).is_some();
            TargetOption {
                spelling: "dart",
                variable: "DART_ARCH",
                option: if has_system { "--target-arch=" } else { "--target-os=linux --target-arch=" },
                around: ("", ""),
                of_amd64: &["x64", "x64_linux"],
                place: Place::Last,
            }
        })
    }
}

/// `--target-arch` is there since Dart 3.8, and fetches what it needs for the target when it runs.
fn version_obstacle(facts: &Facts<'_>, id: InvocationId) -> Obstacle {
    let image = facts.root_image(id.stage);
    let version = image.and_then(|image| {
        let mut parts = image.tag()?.split(['.', '-']);
        Some((parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?))
    });
    let label = facts.stages()[id.stage].label();
    match version {
        Some(version) if version < (3, 8) => {
            let (major, minor) = version;
            let message = format!("Dart {major}.{minor} compiles for its own machine only, 3.8 for others");
            Obstacle::block(label, message)
        }
        _ => {
            let message =
                "Dart compiles for another architecture since 3.8, with a runtime that it downloads for it";
            Obstacle::doubt(label, message)
        }
    }
}
