//! What speaks against `-a $TARGETARCH` on restore, build and publish.

use super::super::command_name;
use super::super::{Assessment, CompilesFor, Obstacle, packages};
use super::is_dotnet;
use super::output::takes_static_files;
use super::project::look_at_project;
use super::spelling::Spelling;
use super::{chain, compiles_for, is_on, property, replaceable};
use crate::model::{Argument, Facts, Invocation, InvocationId};

/// What speaks against `-a $TARGETARCH` on restore, build and publish.
pub(in crate::recipes) fn arch_obstacles(
    facts: &Facts<'_>,
    assessment: &Assessment,
    compiles: &[InvocationId],
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    for id in chain(facts, assessment) {
        look_at_command(facts, assessment, id, &mut obstacles);
    }
    obstacles.extend(Spelling::of(facts, assessment).obstacles(facts, assessment, compiles));
    look_at_tests(facts, assessment, &mut obstacles);
    look_at_output_paths(facts, assessment, &mut obstacles);
    look_at_native_code(facts, assessment, compiles, &mut obstacles);
    for &id in compiles {
        let invocation = facts.invocation(id);
        if command_name(invocation) == "dotnet ef migrations bundle" {
            let message = "a bundle of migrations is a program for the machine; it needs `--target-runtime`";
            obstacles.push(Obstacle::block(invocation.name_range(), message));
        }
        if is_build_script(invocation) {
            let message = "a script of the project decides what is compiled, and for what";
            obstacles.push(Obstacle::block(invocation.name_range(), message).advised("dotnet-build-script"));
        }
    }
    for &(_, instruction) in &assessment.takers {
        if takes_static_files(facts, assessment, instruction) {
            let message = "what is copied here is for browsers: `-a` would compile it for a machine";
            obstacles.push(Obstacle::block(facts.instruction(instruction).range, message));
        }
    }
    obstacles
}

/// Whether a command leaves it to the project's own script what is compiled: Cake, Nuke, FAKE.
pub(in crate::recipes) fn is_build_script(invocation: &Invocation) -> bool {
    invocation.command.is_some_and(|command| command.advice == Some("dotnet-build-script"))
}

pub(in crate::recipes) fn look_at_command(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    obstacles: &mut Vec<Obstacle>,
) {
    let invocation = facts.invocation(id);
    let name = command_name(invocation);
    if compiles_for(facts, invocation) != CompilesFor::Target {
        obstacles.extend(super::super::argument_obstacle(facts, id, "TARGETARCH"));
    }
    let advised = |message: &str, advice| Obstacle::block(invocation.name_range(), message).advised(advice);
    if invocation.exec_form {
        obstacles.push(advised("a RUN in JSON form expands no variables", "dotnet-shell-form"));
    }
    if is_on(facts, invocation, "PublishAot") {
        obstacles.push(advised("native AOT needs a C toolchain and libraries for the target", "dotnet-aot"));
    }
    if invocation.option(&["--locked-mode"]).is_some() || is_on(facts, invocation, "RestoreLockedMode") {
        let message = "with `--locked-mode`, `-a` needs the runtime identifiers in the lock file";
        obstacles.push(advised(message, "dotnet-locked-mode"));
    }
    let mut block = |message: String| obstacles.push(Obstacle::block(invocation.name_range(), message));
    if invocation.words.iter().any(|word| word.value.constant() == Some("--")) {
        block("what stands behind `--` is not for dotnet".to_owned());
    }
    let what = compiles_for(facts, invocation);
    let unclear =
        what.obstacle(invocation.name_range(), &format!("dflint cannot tell what `{name}` compiles for"));
    match what {
        CompilesFor::Constant(constant) if replaceable(invocation).is_none() => {
            block(format!("`{constant}` is written out in a way that `-a` does not replace"));
        }
        CompilesFor::Constant(constant) if !constant.ends_with("x64") && !constant.ends_with("amd64") => {
            block(format!("`{constant}` is written out: this is not for amd64"));
        }
        CompilesFor::Constant(constant) => {
            let message = format!("`{constant}` is written out: is this image meant for other platforms?");
            obstacles.push(Obstacle::doubt(invocation.name_range(), message));
        }
        _ => obstacles.extend(unclear),
    }
    if invocation.conditional || !invocation.worlds.is_all() {
        obstacles
            .push(Obstacle::doubt(invocation.name_range(), "it only runs under a condition or in a loop"));
    }
    let of_machine = invocation.option(&["--use-current-runtime", "--ucr"]).is_some();
    if of_machine || is_on(facts, invocation, "UseCurrentRuntimeIdentifier") {
        let message = "it asks for the runtime identifier of the machine";
        obstacles.push(Obstacle::block(invocation.name_range(), message));
    }
    if property(facts, invocation, "PlatformTarget").is_some()
        || property(facts, invocation, "Platform").is_some()
    {
        let message = "PlatformTarget fixes the architecture by itself";
        obstacles.push(Obstacle::block(invocation.name_range(), message));
    }
    if property(facts, invocation, "PublishProfile").is_some() {
        obstacles.push(Obstacle::doubt(
            invocation.name_range(),
            "a publish profile may set the runtime identifier",
        ));
    }
    if name != "dotnet restore" {
        look_at_project(facts, assessment, id, obstacles);
    }
}

/// Whether a command says that its output is to be self-contained or not.
pub(in crate::recipes) fn contained_option(facts: &Facts<'_>, invocation: &Invocation) -> Option<bool> {
    if invocation.option(&["--no-self-contained"]).is_some() {
        return Some(false);
    }
    if let Some(value) = property(facts, invocation, "SelfContained") {
        return Some(!value.constant().is_some_and(|text| text.eq_ignore_ascii_case("false")));
    }
    let option = invocation.option(&["--self-contained", "--sc"])?;
    let attached = option.value();
    let position = invocation.words.iter().position(|word| std::ptr::eq(word, option.word));
    let next = position
        .and_then(|at| invocation.words.get(at + 1))
        .and_then(|word: &Argument| word.value.constant());
    let says_false = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case("false"));
    Some(!says_false(attached.constant()) && !says_false(next))
}

/// A test between restore and publish writes the assets file without the runtime identifier (NETSDK1047), and one with
/// `--no-build` does not find what was built.
fn look_at_tests(facts: &Facts<'_>, assessment: &Assessment, obstacles: &mut Vec<Obstacle>) {
    let chain = chain(facts, assessment);
    for (id, invocation) in assessment.family.iter().flat_map(|&stage| facts.invocations(stage)) {
        let name = command_name(invocation);
        let skips = |option: &str| invocation.option(&[option]).is_some();
        if name == "dotnet pack" && skips("--no-build") {
            obstacles.push(Obstacle::block(
                invocation.name_range(),
                "`dotnet pack --no-build` would not find what `-a` builds",
            ));
            continue;
        }
        let restores = matches!(
            name.as_str(),
            "dotnet test"
                | "dotnet run"
                | "dotnet ef"
                | "dotnet ef migrations bundle"
                | "dotnet watch"
                | "dotnet format"
                | "dotnet pack"
        );
        if !restores {
            continue;
        }
        let restored_before_publish = chain.iter().any(|&other| other < id)
            && chain
                .iter()
                .any(|&other| other > id && facts.invocation(other).option(&["--no-restore"]).is_some());
        if skips("--no-build") || (restored_before_publish && !skips("--no-restore")) {
            let message =
                format!("`{name}` would no longer find, or would undo, what `-a` restores and builds");
            obstacles.push(Obstacle::block(invocation.name_range(), message).advised("dotnet-test-stage"));
        }
    }
}

/// With a runtime identifier, what is in `bin` and below `--artifacts-path` goes into another folder there.
fn look_at_output_paths(facts: &Facts<'_>, assessment: &Assessment, obstacles: &mut Vec<Obstacle>) {
    for &id in &assessment.products {
        let invocation = facts.invocation(id);
        let by_path = invocation.option(&["--artifacts-path"]).is_some();
        let without_path = invocation.option(&["-o", "--output"]).is_none();
        if is_dotnet(invocation) && !is_build_script(invocation) && (by_path || without_path) {
            let message = "without `-o`, `-a` moves the output into another folder below `bin`";
            obstacles.push(Obstacle::block(invocation.name_range(), message).advised("dotnet-output"));
        }
    }
    for &(_, instruction) in &assessment.takers {
        let sources = facts.sources_of(instruction).filter(|source| assessment.family.contains(source));
        let mut paths = sources.flat_map(|source| facts.paths_taken_from(source, instruction)).flatten();
        if paths.any(|path| {
            path.split('/').any(|part| matches!(part, "bin" | "obj" | "artifacts")) && path.contains("elease")
        }) {
            let message = "`-a` moves what this copies into another folder";
            let range = facts.instruction(instruction).range;
            obstacles.push(Obstacle::block(range, message).advised("dotnet-output"));
        }
    }
}

/// A C toolchain in the stage, or an image without .NET for an app that does not say that it brings its own: both mean
/// that the project may be compiled to native code, which cannot be linked for another architecture without more.
fn look_at_native_code(
    facts: &Facts<'_>,
    assessment: &Assessment,
    compiles: &[InvocationId],
    obstacles: &mut Vec<Obstacle>,
) {
    const NATIVE: [&str; 8] =
        ["clang", "gcc", "lld", "llvm", "zlib1g-dev", "zlib-dev", "build-base", "build-essential"];
    for (_, invocation) in assessment.family.iter().flat_map(|&stage| facts.invocations(stage)) {
        if packages::installs_any(invocation, &NATIVE) {
            let message = "the stage installs a C toolchain: the project may be compiled ahead of time, for this machine only";
            obstacles.push(Obstacle::block(invocation.name_range(), message).advised("dotnet-aot"));
        }
    }
    if compiles.iter().any(|&id| contained_option(facts, facts.invocation(id)) == Some(true)) {
        return;
    }
    for &(stage, instruction) in &assessment.takers {
        let lacks_runtime = facts
            .root_image(stage)
            .and_then(|image| image.known)
            .is_some_and(|known| known.runtime != Some("dotnet") && known.toolchain != Some("dotnet"));
        if lacks_runtime && !takes_static_files(facts, assessment, instruction) {
            let message =
                "this image has no .NET runtime: the project says elsewhere how its app is compiled";
            obstacles.push(Obstacle::doubt(facts.stages()[stage].label(), message));
        }
    }
}
