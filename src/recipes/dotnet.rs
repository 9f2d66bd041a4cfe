//! .NET: `-a` decides what is compiled; without it the output may be portable (B1; dotnet/sdk src/Cli, dotnet/docs).

use super::pin::command_name;
use super::{Assessment, CompilesFor, Obstacle, Rewrite, Toolchain, Weight};
use crate::knowledge::Libc;
use crate::model::{Argument, Facts, Follows, Invocation, InvocationId};
use crate::syntax::{Body, CommandBody, Keyword};
use crate::text::TextRange;

const ARCH: [&str; 2] = ["-a", "--arch"];
const RUNTIME: [&str; 2] = ["-r", "--runtime"];
const PROPERTY: [&str; 4] = ["-p", "/p", "--property", "-property"];

/// The option that decides what a command compiles for, if it has one.
pub(super) fn compiles_for(invocation: &Invocation) -> CompilesFor {
    if let Some(option) = invocation.option(&ARCH) {
        return CompilesFor::of_knob(&option.value());
    }
    if let Some(option) = invocation.option(&RUNTIME) {
        return CompilesFor::of_knob(&option.value());
    }
    let identifier = property(invocation, "RuntimeIdentifier");
    if let Some(value) = identifier {
        return match value.follows() {
            Follows::Target => CompilesFor::Target,
            Follows::Nothing => value.constant().map_or(CompilesFor::Unknown, |text| {
                CompilesFor::Constant(text.split_once('=').map_or(text, |(_, value)| value).to_owned())
            }),
            _ => CompilesFor::Unknown,
        };
    }
    if invocation.words.iter().any(|word| word.may_be_options) {
        return CompilesFor::Unknown;
    }
    CompilesFor::Machine
}

/// The value of `-p:Name=Value`, the name included.
fn property(invocation: &Invocation, name: &str) -> Option<crate::model::Value> {
    invocation.options().filter(|option| PROPERTY.contains(&option.name)).map(|option| option.value()).find(
        |value| {
            value.world(0).text().is_some_and(|text| {
                text.split_once('=').is_some_and(|(own, _)| own.eq_ignore_ascii_case(name))
            })
        },
    )
}

/// Whether the property is set to `true`.
fn is_on(invocation: &Invocation, name: &str) -> bool {
    property(invocation, name).is_some_and(|value| {
        value
            .constant()
            .and_then(|text| text.split_once('='))
            .is_none_or(|(_, value)| !value.eq_ignore_ascii_case("false"))
    })
}

/// The commands of the family that have to agree about the target: restore, build and publish.
fn chain(facts: &Facts<'_>, assessment: &Assessment) -> Vec<InvocationId> {
    let of_family = assessment.family.iter().flat_map(|&stage| facts.invocations(stage));
    of_family
        .filter(|(_, invocation)| {
            matches!(command_name(invocation).as_str(), "dotnet restore" | "dotnet build" | "dotnet publish")
                && !invocation.worlds.is_empty()
        })
        .map(|(id, _)| id)
        .collect()
}

pub(super) fn retarget(
    facts: &Facts<'_>,
    assessment: &Assessment,
    compiles: &[InvocationId],
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let with_arch = arch_obstacles(facts, assessment, compiles);
    let weight = |obstacles: &[Obstacle]| obstacles.iter().map(|obstacle| obstacle.weight).max();
    if weight(&with_arch).is_some() {
        let without = portability_obstacles(facts, assessment, compiles);
        if without.is_empty() && all_compile_for_machine(facts, assessment) {
            return without;
        }
    }
    if weight(&with_arch) != Some(Weight::Block) {
        add_arch(facts, assessment, rewrite);
    }
    with_arch
}

fn all_compile_for_machine(facts: &Facts<'_>, assessment: &Assessment) -> bool {
    chain(facts, assessment).iter().all(|&id| compiles_for(facts.invocation(id)) == CompilesFor::Machine)
}

fn add_arch(facts: &Facts<'_>, assessment: &Assessment, rewrite: &mut Rewrite<'_>) {
    for id in chain(facts, assessment) {
        let invocation = facts.invocation(id);
        match compiles_for(invocation) {
            CompilesFor::Machine => rewrite.append_option(id, "-a $TARGETARCH"),
            CompilesFor::Constant(constant) => {
                let Some((option, value)) = replaceable(invocation) else { continue };
                match option {
                    "-a" | "--arch" => rewrite.replace(value, "$TARGETARCH"),
                    _ => rewrite.replace(value, format!("{}$TARGETARCH", portable_part(&constant))),
                }
            }
            CompilesFor::Target | CompilesFor::Unknown => continue,
        }
        rewrite.need(id, "TARGETARCH");
    }
}

/// The option that fixes the architecture, and where its value is written as plain text.
fn replaceable(invocation: &Invocation) -> Option<(&str, TextRange)> {
    let option = invocation.option(&ARCH).or_else(|| invocation.option(&RUNTIME))?;
    Some((option.name, option.plain_value_range()?))
}

/// `linux-musl-` of `linux-musl-x64`.
fn portable_part(identifier: &str) -> &str {
    identifier.rfind('-').map_or("", |dash| &identifier[..=dash])
}

/// What speaks against `-a $TARGETARCH` on restore, build and publish.
fn arch_obstacles(facts: &Facts<'_>, assessment: &Assessment, compiles: &[InvocationId]) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    for id in chain(facts, assessment) {
        look_at_command(facts, assessment, id, &mut obstacles);
    }
    look_at_versions(facts, assessment, compiles, &mut obstacles);
    look_at_libc(facts, assessment, &mut obstacles);
    look_at_tests(facts, assessment, &mut obstacles);
    look_at_output_paths(facts, assessment, &mut obstacles);
    obstacles
}

fn look_at_command(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    obstacles: &mut Vec<Obstacle>,
) {
    let invocation = facts.invocation(id);
    let name = command_name(invocation);
    let mut block = |message: String| obstacles.push(Obstacle::block(invocation.name_range(), message));
    if invocation.exec_form {
        block("a RUN in JSON form expands no variables".to_owned());
    }
    if is_on(invocation, "PublishAot") {
        block("native AOT needs a C toolchain and libraries for the target".to_owned());
    }
    if invocation.option(&["--locked-mode"]).is_some() || is_on(invocation, "RestoreLockedMode") {
        block("with `--locked-mode`, `-a` needs the runtime identifiers in the lock file".to_owned());
    }
    match compiles_for(invocation) {
        CompilesFor::Unknown => block(format!("dflint cannot tell what `{name}` compiles for")),
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
        CompilesFor::Machine | CompilesFor::Target => {}
    }
    if invocation.conditional || !invocation.worlds.is_all() {
        obstacles
            .push(Obstacle::doubt(invocation.name_range(), "it only runs under a condition or in a loop"));
    }
    if property(invocation, "PublishProfile").is_some() {
        obstacles.push(Obstacle::doubt(
            invocation.name_range(),
            "a publish profile may set the runtime identifier",
        ));
    }
    if name != "dotnet restore" {
        look_at_project(facts, assessment, id, obstacles);
    }
}

/// `-a` works on projects; with a solution, build and publish fail (NETSDK1134).
fn look_at_project(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    obstacles: &mut Vec<Obstacle>,
) {
    let invocation = facts.invocation(id);
    let operands = invocation.operands();
    let named = operands.iter().filter_map(|word| word.value.world(0).text()).find(|text| !is_boolean(text));
    match named {
        Some(path) if is_solution(path) => {
            let message = "`-a` does not work on a solution (NETSDK1134); name the project";
            obstacles.push(Obstacle::block(invocation.name_range(), message));
        }
        Some(path) if is_project(path) => {}
        folder => {
            let directory = invocation.directory.as_deref();
            let folder = crate::model::resolve_path(directory, folder.unwrap_or("."));
            let has_project = folder.is_some_and(|folder| holds_project(facts, assessment, id, &folder));
            if !has_project {
                let message = "dflint cannot see whether this builds a project or a solution, which `-a` does not work on \
                               (NETSDK1134); name the project";
                obstacles.push(Obstacle::doubt(invocation.name_range(), message));
            }
        }
    }
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn is_solution(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']);
    [".sln", ".slnx", ".slnf"].iter().any(|ending| path.ends_with(ending))
}

fn is_project(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']);
    [".csproj", ".fsproj", ".vbproj"].iter().any(|ending| path.ends_with(ending))
}

/// Whether a COPY above the command puts a project file into the folder, and none puts a solution there.
fn holds_project(facts: &Facts<'_>, assessment: &Assessment, id: InvocationId, folder: &str) -> bool {
    let run = facts.run(id).instruction;
    let mut project = false;
    for &stage in &assessment.family {
        for at in facts.stages[stage].span.body.clone().filter(|at| *at < run) {
            let instruction = facts.instruction(at);
            let Body::Copy(copy) = &instruction.body else { continue };
            if instruction.keyword != Keyword::Copy || instruction.flag("from").is_some() {
                continue;
            }
            let scope = facts.scope(at);
            let destination = copy.destination.text.trim_matches(['"', '\'']);
            for source in &copy.sources {
                let source = source.text.trim_matches(['"', '\'']);
                let is_file = is_project(destination);
                let into = if is_file {
                    destination.rsplit_once('/').map_or(".", |(folder, _)| folder)
                } else {
                    destination
                };
                let into = crate::model::resolve_path(scope.directory.as_deref(), into);
                if into.as_deref() == Some(folder) {
                    project |= is_project(source);
                    if is_solution(source) {
                        return false;
                    }
                }
            }
        }
    }
    project
}

/// `-a amd64` is understood since SDK 7.0.300; up to SDK 7, and for older frameworks, `-a` makes the output
/// self-contained unless told otherwise (dotnet/docs compatibility/sdk/8.0).
fn look_at_versions(
    facts: &Facts<'_>,
    assessment: &Assessment,
    compiles: &[InvocationId],
    obstacles: &mut Vec<Obstacle>,
) {
    let root = &facts.stages[assessment.family[0]];
    let sdk = root.image().and_then(|image| {
        image.known.filter(|known| known.toolchain == Some("dotnet"))?;
        major_version(image.tag())
    });
    if let Some(tag) = root.image().and_then(|image| image.tag()).filter(|tag| tag.ends_with("-aot")) {
        obstacles.push(Obstacle::block(
            root.label(),
            format!("an SDK for native AOT ({tag}) compiles for its own platform"),
        ));
    }
    match sdk {
        Some(version) if version >= 8 => {}
        Some(version) => {
            let message = format!("SDK {version} does not understand `-a $TARGETARCH` as SDK 8 does");
            obstacles.push(if version < 7 {
                Obstacle::block(root.label(), message)
            } else {
                Obstacle::doubt(root.label(), message)
            });
        }
        None => obstacles.push(Obstacle::doubt(root.label(), "dflint cannot see which SDK this is")),
    }
    let says_whether_contained = compiles.iter().all(|&id| {
        let invocation = facts.invocation(id);
        contained_option(invocation).is_some()
    });
    if says_whether_contained {
        return;
    }
    match target_framework(facts, assessment) {
        Some(version) if version >= 8 => {}
        Some(version) => {
            let message = format!(
                "for net{version}.0, `-a` would make the output self-contained; add `--self-contained false` first"
            );
            obstacles.push(Obstacle::doubt(root.label(), message));
        }
        None => obstacles
            .push(Obstacle::doubt(root.label(), "dflint cannot see which framework the project is for")),
    }
}

/// The first number of a tag: 8 of `8.0-jammy`. `latest` is newer than all that need care.
fn major_version(tag: Option<&str>) -> Option<u32> {
    let tag = tag.unwrap_or("latest");
    if matches!(tag, "latest" | "alpine") {
        return Some(u32::MAX);
    }
    tag.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The framework that the product is for, by the image that it ends up in.
fn target_framework(facts: &Facts<'_>, assessment: &Assessment) -> Option<u32> {
    let mut versions = assessment.consumers.iter().filter_map(|&(stage, _)| {
        let image = facts.root_image(stage)?;
        image.known.filter(|known| known.name.contains("dotnet/"))?;
        major_version(image.tag())
    });
    versions.next()
}

/// Whether a command says that its output is to be self-contained or not.
fn contained_option(invocation: &Invocation) -> Option<bool> {
    if invocation.option(&["--no-self-contained"]).is_some() {
        return Some(false);
    }
    if let Some(value) = property(invocation, "SelfContained") {
        return Some(value.constant().is_none_or(|text| !text.to_ascii_lowercase().ends_with("false")));
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

/// `-a` keeps the libc of the SDK's own runtime identifier.
fn look_at_libc(facts: &Facts<'_>, assessment: &Assessment, obstacles: &mut Vec<Obstacle>) {
    let root = &facts.stages[assessment.family[0]];
    let sdk = root.image().and_then(|image| image.libc());
    for &(stage, _) in &assessment.consumers {
        let consumer = &facts.stages[stage];
        let runtime = facts.root_image(stage).and_then(|image| image.libc());
        match (sdk, runtime) {
            (Some(sdk), Some(runtime)) if sdk == runtime || runtime == Libc::None => {}
            (Some(sdk), Some(runtime)) => {
                let identifier =
                    if runtime == Libc::Musl { "linux-musl-$TARGETARCH" } else { "linux-$TARGETARCH" };
                let message = format!(
                    "the SDK image has {} and {} has {}: `-a` would compile for the wrong one, use `-r {identifier}`",
                    sdk.name(),
                    consumer.display_name(),
                    runtime.name()
                );
                obstacles.push(Obstacle::block(consumer.label(), message));
            }
            _ => {
                let message = "dflint cannot see whether this image has the C library of the SDK image";
                obstacles.push(Obstacle::doubt(consumer.label(), message));
            }
        }
    }
}

/// A test between restore and publish writes the assets file without the runtime identifier (NETSDK1047), and one with
/// `--no-build` does not find what was built.
fn look_at_tests(facts: &Facts<'_>, assessment: &Assessment, obstacles: &mut Vec<Obstacle>) {
    let chain = chain(facts, assessment);
    for (id, invocation) in assessment.family.iter().flat_map(|&stage| facts.invocations(stage)) {
        let name = command_name(invocation);
        let skips = |option: &str| invocation.option(&[option]).is_some();
        if matches!(name.as_str(), "dotnet test" | "dotnet run") {
            let restored_before_publish = chain.iter().any(|&other| other < id)
                && chain
                    .iter()
                    .any(|&other| other > id && facts.invocation(other).option(&["--no-restore"]).is_some());
            if skips("--no-build") || (restored_before_publish && !skips("--no-restore")) {
                let message =
                    format!("`{name}` would no longer find, or would undo, what `-a` restores and builds");
                obstacles.push(Obstacle::block(invocation.name_range(), message));
            }
        } else if name == "dotnet pack" && skips("--no-build") {
            obstacles.push(Obstacle::block(
                invocation.name_range(),
                "`dotnet pack --no-build` would not find what `-a` builds",
            ));
        }
    }
}

/// With a runtime identifier and without `-o`, the output goes into another folder below `bin`.
fn look_at_output_paths(facts: &Facts<'_>, assessment: &Assessment, obstacles: &mut Vec<Obstacle>) {
    for &id in &assessment.products {
        let invocation = facts.invocation(id);
        let Some(command) = invocation.command else { continue };
        if Toolchain::of(invocation) == Some(Toolchain::Dotnet)
            && invocation.option(command.output_options).is_none()
        {
            let message = "without `-o`, `-a` moves the output into another folder below `bin`";
            obstacles.push(Obstacle::block(invocation.name_range(), message));
        }
    }
}

/// What speaks against taking the output as it is: only IL that `dotnet App.dll` starts runs everywhere.
pub(super) fn portability_obstacles(
    facts: &Facts<'_>,
    assessment: &Assessment,
    compiles: &[InvocationId],
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    for &id in compiles {
        let invocation = facts.invocation(id);
        let native =
            ["PublishSingleFile", "PublishTrimmed", "PublishReadyToRun", "PublishAot", "SelfContained"]
                .iter()
                .any(|name| is_on(invocation, name));
        if native
            || contained_option(invocation) == Some(true)
            || compiles_for(invocation) != CompilesFor::Machine
        {
            obstacles.push(Obstacle::block(invocation.name_range(), "its output is for one architecture"));
        }
    }
    for &(stage, instruction) in &assessment.consumers {
        if !starts_with_dotnet(facts, stage) {
            let range = facts.instruction(instruction).range;
            obstacles.push(Obstacle::doubt(range, "what is copied here may not be started with `dotnet`"));
        }
    }
    obstacles
}

/// Whether the image starts `dotnet App.dll`.
fn starts_with_dotnet(facts: &Facts<'_>, stage: usize) -> bool {
    let words = start_command(facts, stage);
    matches!(words.as_deref(), Some([dotnet, assembly, ..])
        if dotnet == "dotnet" && assembly.trim_matches(['"', '\'']).ends_with(".dll"))
}

/// Whether the image starts a program of its own: `./App`, `/app/App`.
fn starts_program(facts: &Facts<'_>, stage: usize) -> bool {
    let words = start_command(facts, stage);
    words.as_deref().and_then(<[String]>::first).is_some_and(|program| {
        let name = program.rsplit('/').next().unwrap_or_default();
        program.contains('/')
            && !name.contains("dotnet")
            && !name.ends_with(".sh")
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
            .flat_map(|&member| facts.stages[member].span.body.clone())
            .rfind(|&at| facts.instruction(at).keyword == keyword)
    };
    let at = last(Keyword::Entrypoint).or_else(|| last(Keyword::Cmd))?;
    match &facts.instruction(at).body {
        Body::Command(CommandBody::Exec(words)) => {
            Some(words.iter().map(|word| word.value.clone()).collect())
        }
        Body::Command(CommandBody::Shell(text)) => {
            Some(text.as_str().split_whitespace().map(str::to_owned).collect())
        }
        _ => None,
    }
}

/// Whether what a command makes without `-a` runs on one architecture only, for certain: it is self-contained, or the
/// image starts it as a program.
pub(super) fn is_native_output(facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> bool {
    let blocked = portability_obstacles(facts, assessment, &[id])
        .iter()
        .any(|obstacle| obstacle.weight == Weight::Block);
    blocked || assessment.consumers.iter().any(|&(stage, _)| starts_program(facts, stage))
}

/// Two commands of a project that are for different platforms.
pub struct Disagreement {
    /// The one that is for the machine that it runs on.
    pub command: InvocationId,
    /// The one that is for the target platform.
    pub with: InvocationId,
    /// Whether the build fails because of it.
    pub fails: bool,
    /// What comes of it.
    pub consequence: &'static str,
}

/// The commands among restore, build and publish that are for the machine while a later one is for the target.
pub fn disagreements(facts: &Facts<'_>, assessment: &Assessment) -> Vec<Disagreement> {
    let chain = chain(facts, assessment);
    let of = |id: InvocationId| facts.invocation(id);
    let skips = |id: InvocationId, option: &str| of(id).option(&[option]).is_some();
    let mut found = Vec::new();
    for &command in &chain {
        let first = of(command);
        if compiles_for(first) != CompilesFor::Machine || first.conditional || !first.worlds.is_all() {
            continue;
        }
        let later = chain.iter().copied().find(|&other| {
            other > command
                && facts.is_built_on(other.stage, command.stage)
                && compiles_for(of(other)) == CompilesFor::Target
                && command_name(of(other)) != command_name(first)
                && may_be_same_project(first, of(other))
        });
        let Some(with) = later else { continue };
        let (fails, consequence) = match command_name(of(command)).as_str() {
            "dotnet restore" if skips(with, "--no-restore") => {
                (true, "what was restored lacks the target (NETSDK1047), and the build fails")
            }
            "dotnet restore" => (false, "everything is restored twice"),
            _ if skips(with, "--no-build") => (true, "what was built is not found, and the build fails"),
            _ => (false, "everything is compiled twice"),
        };
        found.push(Disagreement { command, with, fails, consequence });
    }
    found
}

/// Whether two commands are about one project, or one of them about a solution that may hold the other's.
fn may_be_same_project(one: &Invocation, other: &Invocation) -> bool {
    let project = |invocation: &Invocation| {
        let operands = invocation.operands();
        let path =
            operands.iter().filter_map(|word| word.value.world(0).text()).find(|text| is_project(text))?;
        Some(path.trim_matches(['"', '\'']).rsplit(['/', '\\']).next().unwrap_or_default().to_owned())
    };
    match (project(one), project(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// What stands in the way of moving a command that has `-a` or `-r` for the target already.
pub(super) fn cross_obstacles(facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    let root = &facts.stages[assessment.family[0]];
    let aot_image = root.image().and_then(|image| image.tag()).is_some_and(|tag| tag.ends_with("-aot"));
    let invocation = facts.invocation(id);
    if aot_image || is_on(invocation, "PublishAot") {
        let message = "native AOT needs a C toolchain and libraries for the target";
        obstacles.push(Obstacle::block(invocation.name_range(), message));
    }
    obstacles
}

/// Adds `-a` to one command.
pub(super) fn retarget_one(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    look_at_command(facts, assessment, id, &mut obstacles);
    rewrite.append_option(id, "-a $TARGETARCH");
    rewrite.need(id, "TARGETARCH");
    obstacles
}
