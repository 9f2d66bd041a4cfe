//! See rules/XC208-native-artefact-crosses.toml.

use std::path::Path;
use std::rc::Rc;

use crate::diagnostics::Confidence;
use crate::knowledge::{Command, Does};
use crate::model::{Cause, Facts, FilesFrom, Follows, Invocation, Stage, StagePlatform};
use crate::recipes::command_name;
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.platform != StagePlatform::Build {
            return;
        }
        for consumer in &stage.consumers {
            let to = &facts.stages()[consumer.stage];
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
    });
}

/// What put files for the build platform where the consumer takes them from, and nothing else in their place.
fn native_cause(facts: &Facts<'_>, stage: &Stage, consumer: &FilesFrom) -> Option<Cause> {
    let contents = facts.taken_from(stage.index, consumer.instruction);
    let cause = contents.native?;
    let command = match cause {
        Cause::Command(id) => Some(facts.invocation(id)),
        _ => None,
    };
    let paths = facts.paths_taken_from(stage.index, consumer.instruction);
    if command.is_some_and(may_be_for_target) || are_scripts(facts, cause, &paths) {
        return None;
    }
    let Some((command, folders)) = command.and_then(|command| Some((command, folders(command)?))) else {
        // Among the system's files, something else may have put this one there.
        let is_alone = !contents.portable || command.is_some_and(names_output);
        let is_certain = is_alone && contents.unknown.is_none() && contents.products.is_empty();
        return is_certain.then_some(cause);
    };
    // Behind an unknown command, what is not around such a folder may be what that one made of it.
    let is_around = paths.iter().flatten().any(|path| {
        let directory = command.directory.as_deref();
        path.split('/').any(|part| folders.contains(&part))
            || directory.is_some_and(|directory| Path::new(directory).starts_with(&**path))
    });
    let is_certain = is_around || contents.unknown.is_none();
    (is_certain && !installs_again(facts, consumer.stage, consumer.instruction)).then_some(cause)
}

/// Whether the paths are scripts of the image, which are the same on every architecture.
fn are_scripts(facts: &Facts<'_>, cause: Cause, paths: &[Option<Rc<str>>]) -> bool {
    let Cause::BaseImage(stage) = cause else { return false };
    let Some(known) = facts.stages()[stage].image().and_then(|image| image.known) else { return false };
    let is_script = |path: &str| path.rsplit('/').next().is_some_and(|name| known.scripts.contains(&name));
    paths.iter().all(|path| path.as_deref().is_some_and(is_script))
}

/// Whether a word of the command says where it installs.
fn names_output(invocation: &Invocation) -> bool {
    let named =
        |command: &Command| command.output_operands || invocation.option(command.output_options).is_some();
    invocation.command.is_some_and(named)
}

/// Whether a package manager was told to install for another platform, or may have been.
fn may_be_for_target(invocation: &Invocation) -> bool {
    let Some(command) = invocation.command else { return true };
    let mut told = command.target_variables.iter().map(|name| invocation.environment.exported(name));
    invocation.has_unknown_words()
        || invocation.words.iter().any(|word| word.value.follows() == Follows::Target)
        || invocation.option(command.target_options).is_some()
        || told.any(|value| value.may_be_set())
}

/// The folders of its own that a package manager fills, like `node_modules`.
fn folders(invocation: &Invocation) -> Option<&'static [&'static str]> {
    let command = invocation.command.filter(|command| command.does == Does::Install)?;
    Some(command.output_folders).filter(|folders| !folders.is_empty())
}

/// Whether a package manager runs in the stage behind the COPY, and so puts its own files in the place of what came.
fn installs_again(facts: &Facts<'_>, stage: usize, copy: usize) -> bool {
    let family = facts.family(stage).into_iter();
    family
        .flat_map(|member| facts.invocations(member))
        .any(|(id, invocation)| facts.run(id).instruction > copy && folders(invocation).is_some())
}
