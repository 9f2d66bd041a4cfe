//! See rules/XC104-constant-build-platform.toml.

use crate::diagnostics::{Applicability, Confidence};
use crate::model::{Facts, StagePlatform};
use crate::recipes::{CompilesFor, Rewrite, assess, compiles_for};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in &facts.stages {
        let StagePlatform::Fixed(platform) = &stage.platform else { continue };
        // An image for one platform may as well be built on it.
        if facts.exported_stage().is_some_and(|exported| exported.platform == stage.platform) {
            continue;
        }
        let Some(flag) = stage.from.flag("platform").filter(|_| stage.image().is_some()) else { continue };
        let assessment = assess(facts, stage.index);
        let has_runs = assessment.family.iter().any(|&member| !facts.stages[member].runs.is_empty());
        let exported = assessment.family.iter().any(|&member| facts.stages[member].exported);
        // A stage for one architecture among others says so in its name.
        let by_name = stage.name().is_some_and(|name| name.contains(&platform.architecture));
        let follows = assessment.products.iter().all(|&id| compiles_for(facts, id) == CompilesFor::Target);
        if !has_runs
            || exported
            || by_name
            || !stage.reachable
            || !follows
            || !assessment.leaves_only_known(facts)
        {
            continue;
        }
        let finding = out.report(
            flag.range,
            format!(
                "{} always runs on {platform}: on a builder of another architecture it is emulated, whatever is built",
                stage.display_name(),
            ),
        );
        finding.confidence = Confidence::Medium;
        let mut rewrite = Rewrite::new(facts);
        rewrite.pin(stage.index);
        finding.fix("Run it on the build platform", Applicability::Unsafe, rewrite);
        finding.help = Some("the fix is unsafe: the image, or something that the stage downloads, may exist for one platform only".to_owned());
    }
}
