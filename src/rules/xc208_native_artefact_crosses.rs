//! See rules/XC208-native-artefact-crosses.toml.

use crate::diagnostics::Confidence;
use crate::knowledge::Does;
use crate::model::{Cause, Facts, StagePlatform};
use crate::recipes::command_name;
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.platform == StagePlatform::Build) {
        for consumer in &stage.consumers {
            let to = &facts.stages[consumer.stage];
            if !facts.is_for_target(consumer.stage) || !to.reachable {
                continue;
            }
            let contents = facts.taken_from(stage.index, consumer.instruction);
            let Some(cause) = contents.native else { continue };
            // Among the system's files, something else may have put this one there.
            let by_folder = matches!(cause, Cause::Command(id)
                if facts.invocation(id).command.is_some_and(|command| !command.output_folders.is_empty()));
            if !by_folder && (contents.unknown.is_some() || !contents.products.is_empty()) {
                continue;
            }
            if by_folder && installs_again(facts, consumer.stage, consumer.instruction) {
                continue;
            }
            let (what, confidence) = match cause {
                Cause::Command(id) => {
                    let name = command_name(facts.invocation(id));
                    (format!("what `{name}` installed for the build platform"), Confidence::Medium)
                }
                Cause::BaseImage(_) => {
                    ("files of an image for the build platform".to_owned(), Confidence::Medium)
                }
                // A COPY from an image brings the target platform's variant, wherever it stands.
                Cause::Copy(_) => continue,
            };
            let instruction = facts.instruction(consumer.instruction);
            let finding = out.report(
                instruction.range,
                format!(
                    "this takes {what} from {} into {}, which is for the target platform",
                    stage.display_name(),
                    to.display_name()
                ),
            );
            finding.confidence = confidence;
            finding.relate(facts.cause_range(cause), "for the build platform");
            finding.help =
                Some("install it in a stage on the target platform, and copy it from there".to_owned());
        }
    }
}

/// Whether a package manager runs in the stage behind the COPY, and so puts its own files in the place of what came.
fn installs_again(facts: &Facts<'_>, stage: usize, copy: usize) -> bool {
    let family = facts.family(stage).into_iter();
    family.flat_map(|member| facts.invocations(member)).any(|(id, invocation)| {
        facts.run(id).instruction > copy
            && invocation
                .command
                .is_some_and(|command| command.does == Does::Install && !command.output_folders.is_empty())
    })
}
