//! See rules/XC205-host-arch-probe.toml.

use crate::model::{Facts, StagePlatform};
use crate::recipes::assess;
use crate::rules::Findings;
use crate::text::TextRange;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.platform != StagePlatform::Build || stage.image().is_none() {
            return;
        }
        let assessment = assess(facts, stage.index);
        let mut said: Vec<TextRange> = Vec::new();
        for &(consumer, instruction) in &assessment.consumers {
            if !facts.is_for_target(consumer) || !facts.stages()[consumer].reachable {
                continue;
            }
            let mut sources =
                facts.sources_of(instruction).filter(|source| assessment.family.contains(source));
            let probed = sources.find_map(|source| {
                let contents = facts.taken_from(source, instruction);
                // What nobody knows comes behind it: that may have made the file, with what the probe was for.
                let probed = contents.probed?;
                contents.unknown.is_none_or(|unknown| unknown.start() < probed.start()).then_some(probed)
            });
            let Some(probed) = probed.filter(|probed| !said.contains(probed)) else { continue };
            said.push(probed);
            let finding = out.report(
                probed,
                format!(
                    "this follows the architecture of the builder, and what comes of it is copied into {}: an image for \
                     another platform gets the files for the builder's",
                    facts.stages()[consumer].display_name(),
                ),
            );
            finding.relate(stage.label(), "runs on the build platform");
            finding.relate(facts.instruction(instruction).range, "copied here");
            finding.help = Some(
                "decide by TARGETARCH (after `ARG TARGETARCH`) instead of asking the machine".to_owned(),
            );
        }
    });
}
