//! Which steps of a pinned stage could run once for all platforms: those in front of which no `ARG` brings a value that
//! differs from platform to platform (A7).

use crate::knowledge::Does;
use crate::model::{Facts, Follows, Invocation, PLATFORM_ARGUMENTS, Run, Stage, StageBase};
use crate::syntax::Body;

/// The ARGs of a stage that declare nothing but platform arguments, with their names, where one of them differs from
/// target to target. `TARGETOS` and the build platform's do not.
pub fn splitting_arguments(facts: &Facts<'_>, stage: &Stage) -> Vec<(usize, Vec<&'static str>)> {
    // On a base of its own for each target, no step is the same as another's.
    let differs = stage.image().is_none_or(|image| image.name.follows() == Follows::Target);
    if differs && !matches!(stage.base, StageBase::Stage(_)) {
        return Vec::new();
    }
    let declared = stage.span.body.clone().filter_map(|at| {
        let Body::Arg(pairs) = &facts.instruction(at).body else { return None };
        let names: Option<Vec<&'static str>> = pairs
            .iter()
            .map(|pair| {
                let name = PLATFORM_ARGUMENTS.into_iter().find(|name| *name == pair.name.text)?;
                pair.value.is_none().then_some(name)
            })
            .collect();
        Some((at, names?))
    });
    declared
        .filter(|(_, names)| names.iter().any(|name| matches!(*name, "TARGETARCH" | "TARGETPLATFORM")))
        .collect()
}

/// Whether an ARG in front of the instruction, in the stage or in one that it is built on, splits the steps already.
pub fn is_split(facts: &Facts<'_>, instruction: usize) -> bool {
    let environment = &facts.scope(instruction).environment;
    ["TARGETARCH", "TARGETPLATFORM"].iter().any(|name| environment.binding(name).is_some())
}

/// The first instruction of a stage behind `at` that uses one of the names, or may do so unseen.
pub fn first_user(facts: &Facts<'_>, stage: usize, at: usize, names: &[&str]) -> Option<usize> {
    let written = facts
        .platform_uses(stage)
        .into_iter()
        .filter(|(_, of)| names.contains(&of.name))
        .map(|(user, _)| user);
    let unseen = facts.runs(stage).iter().filter(|run| may_read_environment(run)).map(|run| run.instruction);
    written.chain(unseen).filter(|user| *user > at).min()
}

/// Whether a RUN starts something that may look at its environment: anything that is not known, or runs the project's
/// own code or build files.
fn may_read_environment(run: &Run) -> bool {
    run.incomplete || run.invocations.iter().any(reads_environment)
}

fn reads_environment(invocation: &Invocation) -> bool {
    let Some(command) = invocation.command.filter(|_| !invocation.is_by_xx()) else { return true };
    // MSBuild takes every variable for a property.
    if invocation.program() == Some("dotnet") {
        return true;
    }
    match command.does {
        Does::Print | Does::Edit | Does::Copy | Does::Unpack | Does::Fetch | Does::Resolve => false,
        Does::Install => !command.output_folders.is_empty(),
        Does::Generate | Does::Test => true,
        Does::Bundle => invocation.program() != Some("composer"),
        Does::Compile => invocation.program() != Some("go"),
    }
}
