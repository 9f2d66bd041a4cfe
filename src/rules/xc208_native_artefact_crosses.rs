//! See rules/XC208-native-artefact-crosses.toml.

use crate::diagnostics::Confidence;
use crate::model::{Cause, Facts, StagePlatform};
use crate::recipes::command_name;
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.platform == StagePlatform::Build) {
        for consumer in &stage.consumers {
            let to = &facts.stages[consumer.stage];
            if to.platform != StagePlatform::Target || !to.reachable {
                continue;
            }
            let Some(cause) = facts.taken_from(stage.index, consumer.instruction).native else { continue };
            let (what, confidence) = match cause {
                Cause::Command(id) => {
                    let name = command_name(facts.invocation(id));
                    (format!("what `{name}` installed for the build platform"), Confidence::Medium)
                }
                Cause::BaseImage(_) => ("files of an image for the build platform".to_owned(), Confidence::Medium),
                // A COPY from an image brings the target platform's variant, wherever it stands.
                Cause::Copy(_) => continue,
            };
            let instruction = facts.instruction(consumer.instruction);
            let finding = out.report(
                instruction.range,
                format!("this takes {what} from {} into {}, which is for the target platform", stage.display_name(), to.display_name()),
            );
            finding.confidence = confidence;
            finding.relate(facts.cause_range(cause), "for the build platform");
            finding.help = Some("install it in a stage on the target platform, and copy it from there".to_owned());
        }
    }
}
