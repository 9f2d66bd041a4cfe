//! Whether the output runs everywhere: only IL that `dotnet App.dll` starts does.

use super::super::command_name;
use super::super::{Assessment, CompilesFor, Obstacle, Weight};
use super::obstacles::{contained_option, is_build_script};
use super::{compiles_for, is_on};
use crate::model::{Facts, InvocationId};
use crate::syntax::{Body, CommandBody, Keyword};

/// What speaks against taking the output as it is: only IL that `dotnet App.dll` starts runs everywhere.
pub(in crate::recipes) fn portability_obstacles(
    facts: &Facts<'_>,
    assessment: &Assessment,
    compiles: &[InvocationId],
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    for &id in compiles {
        let invocation = facts.invocation(id);
        let for_machine = invocation.option(&["--use-current-runtime", "--ucr", "--os"]).is_some()
            || is_build_script(invocation)
            || command_name(invocation) == "dotnet ef migrations bundle";
        let native = [
            "UseCurrentRuntimeIdentifier",
            "PublishSingleFile",
            "PublishTrimmed",
            "PublishReadyToRun",
            "PublishAot",
            "SelfContained",
        ]
        .iter()
        .any(|name| is_on(facts, invocation, name));
        if native
            || for_machine
            || contained_option(facts, invocation) == Some(true)
            || compiles_for(facts, invocation) != CompilesFor::Machine
        {
            obstacles.push(Obstacle::block(invocation.name_range(), "its output is for one architecture"));
        }
    }
    for &(stage, instruction) in &assessment.takers {
        if !starts_with_dotnet(facts, stage) && !takes_static_files(facts, assessment, instruction) {
            let range = facts.instruction(instruction).range;
            obstacles.push(Obstacle::doubt(range, "what is copied here may not be started with `dotnet`"));
        }
    }
    obstacles
}

/// Whether a COPY takes nothing but what browsers get: a Blazor `WebAssembly` app is for them, not for the image.
pub(in crate::recipes) fn takes_static_files(
    facts: &Facts<'_>,
    assessment: &Assessment,
    instruction: usize,
) -> bool {
    let sources = facts.sources_of(instruction).filter(|source| assessment.family.contains(source));
    let mut paths = sources.flat_map(|source| facts.paths_taken_from(source, instruction));
    paths.all(|path| path.is_some_and(|path| path.split('/').any(|part| part == "wwwroot")))
}

/// Whether the image starts `dotnet App.dll`.
fn starts_with_dotnet(facts: &Facts<'_>, stage: usize) -> bool {
    let words = start_command(facts, stage);
    matches!(words.as_deref(), Some([dotnet, assembly, ..])
        if dotnet == "dotnet" && has_extension(assembly.trim_matches(['"', '\'']), "dll"))
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(extension))
}

/// Whether the image starts a program of its own: `./App`, `/app/App`.
fn starts_program(facts: &Facts<'_>, stage: usize) -> bool {
    let words = start_command(facts, stage);
    words.as_deref().and_then(<[String]>::first).is_some_and(|program| {
        let name = program.rsplit('/').next().unwrap_or_default();
        program.contains('/')
            && !name.contains("dotnet")
            && !has_extension(name, "sh")
            && name != "sh"
            && name != "bash"
    })
}

/// The words of the last ENTRYPOINT, else CMD, of a stage and what is built on it.
fn start_command(facts: &Facts<'_>, stage: usize) -> Option<Vec<String>> {
    let family = facts.family(stage);
    let last = |keyword: Keyword| {
        family
            .iter()
            .flat_map(|&member| facts.stages()[member].span.body.clone())
            .rfind(|&at| facts.instruction(at).keyword == keyword)
    };
    let at = last(Keyword::Entrypoint).or_else(|| last(Keyword::Cmd))?;
    match &facts.instruction(at).body {
        Body::Command(CommandBody::Exec(words)) => {
            Some(words.iter().map(|word| word.value.to_string()).collect())
        }
        _ => Some(facts.shell_line(at)?.as_str().split_whitespace().map(str::to_owned).collect()),
    }
}

/// Whether what a command makes without `-a` runs on one architecture only, for certain: it is self-contained, or the
/// image starts it as a program.
pub(in crate::recipes) fn is_native_output(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
) -> bool {
    let blocked = portability_obstacles(facts, assessment, &[id])
        .iter()
        .any(|obstacle| obstacle.weight == Weight::Block);
    blocked || assessment.takers.iter().any(|&(stage, _)| starts_program(facts, stage))
}
