//! See rules/XC205-host-arch-probe.toml.

use crate::model::{Facts, StagePlatform};
use crate::recipes::assess;
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in
        facts.stages.iter().filter(|stage| stage.platform == StagePlatform::Build && stage.image().is_some())
    {
        let assessment = assess(facts, stage.index);
        for &(consumer, instruction) in &assessment.consumers {
            if facts.stages[consumer].platform == StagePlatform::Build || !facts.stages[consumer].reachable {
                continue;
            }
            let taken =
                facts.sources_of(instruction).find_map(|source| facts.taken_from(source, instruction).probed);
            let Some(probed) = taken else { continue };
            let finding = out.report(
                probed,
                format!(
                    "this depends on the machine that it runs on, the builder, and what comes of it ends up in {}, \
                     which is for the target platform",
                    facts.stages[consumer].display_name(),
                ),
            );
            finding.relate(stage.label(), "runs on the build platform");
            finding.relate(facts.instruction(instruction).range, "copied here");
            finding.help = Some(
                "decide by TARGETARCH (after `ARG TARGETARCH`) instead of asking the machine".to_owned(),
            );
        }
    }
}
