//! Bringing tonistiigi/xx into a stage: its scripts, a compiler and linker for all architectures, and the libraries of the
//! target (tonistiigi/xx README.md).

use std::collections::BTreeMap;

use super::packages::OF_THE_C_LIBRARY;
use super::{Obstacle, Rewrite, argument_obstacle};
use crate::knowledge::Libc;
use crate::model::{BaseImage, Facts, Invocation, InvocationId, Origin, StageBase};
use crate::syntax::Keyword;

const IMAGE: &str = "tonistiigi/xx:1.6.1";
const STAGE: &str = "--platform=$BUILDPLATFORM tonistiigi/xx:1.6.1";

/// The package manager of a stage.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Manager {
    Apt,
    Apk,
}

impl Manager {
    fn of(libc: Libc) -> Option<Self> {
        match libc {
            Libc::Glibc => Some(Self::Apt),
            Libc::Musl => Some(Self::Apk),
            Libc::None => None,
        }
    }

    fn installs(self, invocation: &Invocation) -> bool {
        let subcommand = invocation.operands().first().and_then(|word| word.value.constant());
        match self {
            Self::Apt => {
                matches!(invocation.program(), Some("apt-get" | "apt")) && subcommand == Some("install")
            }
            Self::Apk => invocation.program() == Some("apk") && subcommand == Some("add"),
        }
    }

    fn for_builder(self) -> &'static str {
        match self {
            Self::Apt => "apt-get update && apt-get install -y --no-install-recommends clang lld",
            Self::Apk => "apk add --no-cache clang lld",
        }
    }

    fn for_target(self) -> &'static str {
        match self {
            Self::Apt => "xx-apt-get install -y --no-install-recommends xx-c-essentials",
            Self::Apk => "xx-apk add --no-cache gcc musl-dev",
        }
    }
}

/// Sees to it that xx cross-compiles for these commands, in stages of images whose package manager is known; what is in
/// the way of that has the advice of that id.
pub(super) fn set_up(
    facts: &Facts<'_>,
    commands: &[InvocationId],
    advice: &str,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    // What is to stand below which instruction: stages may share one.
    let mut below: BTreeMap<usize, Vec<(&str, String)>> = BTreeMap::new();
    let mut appended = Vec::new();
    for home in homes(facts, commands) {
        let first = commands.iter().copied().filter(|id| id.stage == home).min();
        let Some(first) = first else { continue };
        if let Err(obstacle) = set_up_stage(facts, first, &mut below, &mut appended, rewrite) {
            obstacles.push(obstacle.advised(advice));
        }
    }
    for (instruction, lines) in below {
        rewrite.insert_below(instruction, &lines);
    }
    obstacles
}

/// The stages of the commands that are built on no other of them.
fn homes(facts: &Facts<'_>, commands: &[InvocationId]) -> Vec<usize> {
    let mut homes: Vec<usize> = Vec::new();
    for id in commands {
        if !homes.iter().any(|&home| facts.is_built_on(id.stage, home)) {
            homes.push(id.stage);
        }
    }
    homes
}

fn set_up_stage(
    facts: &Facts<'_>,
    first: InvocationId,
    below: &mut BTreeMap<usize, Vec<(&'static str, String)>>,
    appended: &mut Vec<InvocationId>,
    rewrite: &mut Rewrite<'_>,
) -> Result<(), Obstacle> {
    let range = facts.invocation(first).name_range();
    let run = facts.run(first).instruction;
    let libc = facts.root_image(first.stage).and_then(BaseImage::libc);
    let Some(manager) = libc.and_then(Manager::of) else {
        return Err(Obstacle::block(range, "dflint does not know the package manager of this image"));
    };
    if let Some(obstacle) = argument_obstacle(facts, first, "TARGETPLATFORM") {
        return Err(obstacle);
    }
    let chain = chain(facts, first.stage);
    let user = chain.iter().flat_map(|&stage| facts.stages()[stage].span.body.clone()).find(|&at| {
        let instruction = facts.instruction(at);
        at < run && instruction.keyword == Keyword::User && !facts.slice(instruction.range).contains("root")
    });
    if let Some(user) = user {
        let message = "packages of the target have to be installed, which this user may not do";
        return Err(Obstacle::block(facts.instruction(user).range, message));
    }
    let installing: Vec<InvocationId> = chain
        .iter()
        .flat_map(|&stage| facts.invocations(stage))
        .filter(|(id, invocation)| *id < first && manager.installs(invocation))
        .map(|(id, _)| id)
        .collect();
    let libraries = libraries(facts, &installing)?;

    let from = facts.stages()[first.stage].span.from;
    let mut at_top: Vec<(&'static str, String)> = Vec::new();
    if !has_xx(facts, &chain) {
        let source = source(facts, rewrite);
        at_top.push(("COPY", format!("--from={source} / /")));
    }
    let missing: Vec<&str> =
        ["clang", "lld"].into_iter().filter(|name| !installs(facts, &installing, name)).collect();
    let is_certain = |id: &&InvocationId| {
        let invocation = facts.invocation(**id);
        !invocation.conditional && invocation.worlds.is_all() && !invocation.exec_form
    };
    match installing.iter().rfind(is_certain) {
        _ if missing.is_empty() => {}
        Some(&id) if !appended.contains(&id) => {
            appended.push(id);
            rewrite.append_operands(id, &missing);
        }
        Some(_) => {}
        None => at_top.push(("RUN", manager.for_builder().to_owned())),
    }
    below.entry(from).or_default().extend(at_top);

    // In front of what is copied for the compiler, so that a change of the sources installs nothing again.
    let stage = &facts.stages()[first.stage];
    let before = facts
        .runs(stage.index)
        .iter()
        .map(|run| run.instruction)
        .filter(|at| *at < run)
        .max()
        .unwrap_or(from);
    let lines = below.entry(before).or_default();
    let declared = facts.scope(before).environment.binding("TARGETPLATFORM");
    if !declared.is_some_and(|binding| matches!(binding.origin, Origin::Automatic(_))) {
        lines.push(("ARG", "TARGETPLATFORM".to_owned()));
    }
    let packages: String = libraries.iter().flat_map(|library| [" ", library]).collect();
    lines.push(("RUN", format!("{}{packages}", manager.for_target())));
    Ok(())
}

/// A stage, and those that it is built on.
fn chain(facts: &Facts<'_>, stage: usize) -> Vec<usize> {
    let mut chain = vec![stage];
    while let Some(StageBase::Stage(base)) = chain.last().map(|&stage| &facts.stages()[stage].base) {
        chain.push(*base);
    }
    chain.reverse();
    chain
}

fn is_xx(image: &str) -> bool {
    image.split([':', '@']).next().is_some_and(|name| name.ends_with("tonistiigi/xx"))
}

fn has_xx(facts: &Facts<'_>, chain: &[usize]) -> bool {
    let copied = chain.iter().flat_map(|&stage| facts.stages()[stage].span.body.clone());
    let mut sources = copied.filter_map(|at| facts.instruction(at).flag("from")?.value.as_ref());
    sources.any(|from| match facts.stage_named(&from.text) {
        Some(stage) => is_stage_of_xx(facts, stage),
        None => is_xx(&from.text),
    })
}

fn is_stage_of_xx(facts: &Facts<'_>, stage: usize) -> bool {
    let image = facts.stages()[stage].image().and_then(|image| image.name.constant());
    image.is_some_and(is_xx) && facts.stages()[stage].span.body.is_empty()
}

/// What xx is copied from: the file's stage of it, else a new one, or the image where that would be in the way.
fn source(facts: &Facts<'_>, rewrite: &mut Rewrite<'_>) -> String {
    let stage = facts.stages().iter().find(|stage| is_stage_of_xx(facts, stage.index));
    if let Some(name) = stage.and_then(|stage| stage.name()) {
        return name.to_owned();
    }
    if facts.counts_stages() || facts.stage_named("xx").is_some() {
        return IMAGE.to_owned();
    }
    rewrite.insert_stage_above(0, STAGE, "xx");
    "xx".to_owned()
}

fn packages<'a>(facts: &'a Facts<'_>, installing: &[InvocationId]) -> Vec<(InvocationId, Option<&'a str>)> {
    let mut packages = Vec::new();
    for &id in installing {
        let operands = facts.invocation(id).operands();
        packages.extend(operands.iter().skip(1).map(|word| (id, word.value.constant())));
    }
    packages
}

fn installs(facts: &Facts<'_>, installing: &[InvocationId], name: &str) -> bool {
    packages(facts, installing).iter().any(|(_, package)| *package == Some(name))
}

/// The libraries among the packages that are installed, which the target needs as well.
fn libraries<'a>(facts: &'a Facts<'_>, installing: &[InvocationId]) -> Result<Vec<&'a str>, Obstacle> {
    let mut libraries = Vec::new();
    for (id, package) in packages(facts, installing) {
        let range = facts.invocation(id).name_range();
        let Some(package) = package else {
            return Err(Obstacle::block(
                range,
                "a variable names packages, which the target may need as well",
            ));
        };
        if matches!(package, "cmake" | "g++") {
            let message =
                format!("`{package}` is installed for a C++ library, which is more than the fix can set up");
            return Err(Obstacle::block(range, message));
        }
        let is_library = package.ends_with("-dev") || package.ends_with("-static");
        if is_library && package.contains('=') {
            return Err(Obstacle::block(
                range,
                format!("`{package}` is bound to a version of this architecture"),
            ));
        }
        if is_library && !is_of_builder(package) && !libraries.contains(&package) {
            libraries.push(package);
        }
    }
    Ok(libraries)
}

/// Whether a package with headers or archives is for tools of the builder, or what xx brings itself.
fn is_of_builder(package: &str) -> bool {
    ["libclang", "clang", "llvm", "libllvm", "libprotobuf", "protobuf"]
        .iter()
        .any(|start| package.starts_with(start))
        || OF_THE_C_LIBRARY.contains(&package)
        || package == "libgcc-dev"
}
