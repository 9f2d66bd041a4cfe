//! See rules/XC208-native-artefact-crosses.toml.

use crate::diagnostics::Confidence;
use crate::knowledge::Does;
use crate::model::{Cause, Facts, FilesFrom, Invocation, Stage, StagePlatform};
use crate::recipes::command_name;
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.platform == StagePlatform::Build) {
        for consumer in &stage.consumers {
            let to = &facts.stages[consumer.stage];
            if !facts.is_for_target(consumer.stage) || !to.reachable {
                continue;
            }
            let Some(cause) = native_cause(facts, stage, consumer) else { continue };
            let (what, help) = match cause {
                Cause::Command(id) => (
                    format!("what `{}` installed for the build platform", command_name(facts.invocation(id))),
                    format!(
                        "install it in a stage on the target platform, or again in {}",
                        to.display_name()
                    ),
                ),
                Cause::BaseImage(_) => (
                    format!(
                        "files of the image that {} starts from, on the build platform,",
                        stage.display_name()
                    ),
                    "take them from a stage of that image without `--platform`".to_owned(),
                ),
                // A COPY from an image brings the target platform's variant, wherever it stands.
                Cause::Copy(_) => continue,
            };
            let finding = out.report(
                facts.instruction(consumer.instruction).range,
                format!(
                    "this takes {what} into {}, which is for the target platform: what is compiled in it does not run there",
                    to.display_name()
                ),
            );
            finding.confidence = Confidence::Medium;
            finding.relate(facts.cause_range(cause), "for the build platform");
            finding.help = Some(help);
        }
    }
}

/// What put files for the build platform where the consumer takes them from, and nothing else in their place.
fn native_cause(facts: &Facts<'_>, stage: &Stage<'_>, consumer: &FilesFrom) -> Option<Cause> {
    let contents = facts.taken_from(stage.index, consumer.instruction);
    let cause = contents.native?;
    let by_folder = match cause {
        Cause::Command(id) => package_folders(facts.invocation(id)).map(|folders| (id, folders)),
        _ => None,
    };
    let Some((id, folders)) = by_folder else {
        // Among the system's files, something else may have put this one there.
        return (contents.unknown.is_none() && contents.products.is_empty()).then_some(cause);
    };
    let paths = facts.paths_taken_from(stage.index, consumer.instruction);
    let names_folder = paths.iter().flatten().any(|path| path.split('/').any(|part| folders.contains(&part)));
    let is_certain = names_folder || !facts.invocation(id).has_unknown_words();
    (is_certain && !installs_again(facts, consumer.stage, consumer.instruction)).then_some(cause)
}

/// The folders of its own that a package manager fills.
fn package_folders(invocation: &Invocation) -> Option<&'static [&'static str]> {
    let command = invocation.command.filter(|command| command.does == Does::Install)?;
    Some(command.output_folders).filter(|folders| !folders.is_empty())
}

/// Whether a package manager runs in the stage behind the COPY, and so puts its own files in the place of what came.
fn installs_again(facts: &Facts<'_>, stage: usize, copy: usize) -> bool {
    let family = facts.family(stage).into_iter();
    family
        .flat_map(|member| facts.invocations(member))
        .any(|(id, invocation)| facts.run(id).instruction > copy && package_folders(invocation).is_some())
}
