//! See rules/XC104-constant-build-platform.toml.

use crate::diagnostics::Confidence;
use crate::knowledge::spelled;
use crate::model::{Facts, InvocationId, Platform, Stage, StagePlatform};
use crate::recipes::{
    Assessment, CompilesFor, Obstacle, Rewrite, Weight, assess, command_name, compiles_for, is_native_output,
    retarget,
};
use crate::rules::Findings;
use crate::text::TextRange;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        let StagePlatform::Fixed(platform) = &stage.platform else { return };
        let Some(flag) = facts.from(stage.index).flag("platform").filter(|_| stage.image().is_some()) else { return };
        let mut assessment = (*assess(facts, stage.index)).clone();
        if !is_builder(facts, stage, platform, &assessment) {
            return;
        }
        let lagging = lagging(facts, &assessment);
        let untargeted = lagging.iter().any(CompilesFor::is_of_machine);
        let is_unclear = !lagging.iter().all(CompilesFor::is_of_machine);
        if is_unclear || (!untargeted && !assessment.leaves_only_known(facts)) {
            return;
        }
        let mut rewrite = Rewrite::new(facts);
        rewrite.pin(stage.index);
        let mut obstacles = vec![doubt(flag.range)];
        if untargeted {
            assessment.compiles = untargeted_products(facts, &assessment).into();
            let first = assessment.compiles[0];
            let finding = out.report(
                flag.range,
                format!(
                    "{} always runs on {platform}, and `{}` compiles for that: an image for another platform gets \
                     programs for {platform}",
                    stage.display_name(),
                    command_name(facts.invocation(first)),
                ),
            );
            finding.confidence = Confidence::Medium;
            finding.relate(facts.invocation(first).name_range(), format!("compiles for {platform}"));
            obstacles.extend(assessment.obstacles.clone());
            obstacles.extend(retarget(facts, &assessment, &mut rewrite));
            finding.fix_unless(
                "Run it on the build platform and compile for the target",
                rewrite,
                &obstacles,
            );
        } else {
            let finding = out.report(
                flag.range,
                format!(
                    "{} always runs on {platform}: a builder of another architecture emulates it, whatever it builds for",
                    stage.display_name(),
                ),
            );
            finding.confidence = Confidence::Medium;
            finding.fix_unless("Run it on the build platform", rewrite, &obstacles);
        }
    });
}

/// Whether the stage builds something for an image that is not bound to its platform.
fn is_builder(facts: &Facts<'_>, stage: &Stage, platform: &Platform, assessment: &Assessment) -> bool {
    // An image for one platform may as well be built on it.
    let is_locked = !facts.exported_stages().any(|exported| exported.platform == StagePlatform::Target);
    // A stage for one architecture among others says so in its name.
    let is_one_of_many = stage.name().is_some_and(|name| {
        let architecture = platform.architecture.as_str();
        name.contains(architecture)
            || spelled(architecture, "uname").is_some_and(|other| name.contains(other))
    });
    let has_runs = assessment.family.iter().any(|&member| facts.stages()[member].has_runs());
    let exported = assessment.family.iter().any(|&member| facts.stages()[member].exported);
    stage.reachable && has_runs && !exported && !is_locked && !is_one_of_many
}

/// What the products compile for that do not follow the target.
fn lagging(facts: &Facts<'_>, assessment: &Assessment) -> Vec<CompilesFor> {
    let products = assessment
        .products
        .iter()
        .filter(|&&id| !compiles_for(facts, id).is_of_machine() || is_native_output(facts, assessment, id));
    products.map(|&id| compiles_for(facts, id)).filter(|what| *what != CompilesFor::Target).collect()
}

fn untargeted_products(facts: &Facts<'_>, assessment: &Assessment) -> Vec<InvocationId> {
    let is_untargeted = |&id: &InvocationId| {
        compiles_for(facts, id).is_of_machine() && is_native_output(facts, assessment, id)
    };
    assessment.products.iter().copied().filter(is_untargeted).collect()
}

fn doubt(range: TextRange) -> Obstacle {
    let message =
        "the image, or something that the stage downloads, may exist for this platform only".to_owned();
    Obstacle { range, message, weight: Weight::Doubt, advice: None }
}
