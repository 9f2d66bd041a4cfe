//! .NET: `-a` decides what is compiled; without it the output may be portable (B1; dotnet/sdk src/Cli, dotnet/docs).

mod obstacles;
mod output;
mod project;
mod spelling;

use obstacles::{arch_obstacles, look_at_command};
use output::{is_native_output, portability_obstacles};
use project::is_project;
use spelling::Spelling;

use super::{Assessment, CompilesFor, Disagreement, Obstacle, Recipe, Rewrite, Weight, command_name};
use crate::model::{Argument, Facts, Invocation, InvocationId, Known, Value};
use crate::text::TextRange;

const ARCH: [&str; 2] = ["-a", "--arch"];
const RUNTIME: [&str; 2] = ["-r", "--runtime"];
const PROPERTY: [&str; 4] = ["-p", "/p", "--property", "-property"];

pub(super) struct Dotnet;

impl Recipe for Dotnet {
    fn compiles_for(&self, facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
        compiles_for(facts, facts.invocation(id))
    }

    fn retarget(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        retarget(facts, assessment, commands, rewrite)
    }

    fn retarget_one(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        id: InvocationId,
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        retarget_one(facts, assessment, id, rewrite)
    }

    fn cross_obstacles(&self, facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> Vec<Obstacle> {
        cross_obstacles(facts, assessment, id)
    }

    fn is_native_output(&self, facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> bool {
        is_native_output(facts, assessment, id)
    }
}

/// The option that decides what a command compiles for, if it has one.
fn compiles_for(facts: &Facts<'_>, invocation: &Invocation) -> CompilesFor {
    if let Some(option) = invocation.option(&ARCH) {
        return CompilesFor::of_knob(&option.value());
    }
    if let Some(option) = invocation.option(&RUNTIME) {
        return CompilesFor::of_knob(&option.value());
    }
    if let Some(value) = property(facts, invocation, "RuntimeIdentifier") {
        return CompilesFor::of_knob(&value);
    }
    if invocation.words.iter().any(|word| word.may_be_options) {
        return CompilesFor::Open;
    }
    CompilesFor::Machine
}

/// The value of `-p:Name=Value`; several stand side by side with semicolons (`-p:A=1;B=2`).
fn property(facts: &Facts<'_>, invocation: &Invocation, name: &str) -> Option<Value> {
    let mut lists =
        invocation.options().filter(|option| PROPERTY.contains(&option.name)).map(|option| option.value());
    let known = lists.find_map(|list| {
        assigned(list.world(0).text()?, name)?;
        let each = Value::each(|world| match list.world(world) {
            Known::Text(text) => {
                assigned(text, name).map_or(Known::Unknown, |value| Known::Text(value.into()))
            }
            other => other.clone(),
        });
        Some(each.derived_from([&list]))
    });
    known.or_else(|| {
        // `-p:RuntimeIdentifier=linux-$(…)` is a word that is not known.
        let hides_it = |word: &&Argument| {
            !word.value.is_text()
                && facts.slice(word.range).split(':').any(|list| assigned(list, name).is_some())
        };
        let word = invocation.words.iter().find(hides_it)?;
        Some(Value::unknown().derived_from([&word.value]))
    })
}

fn assigned<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let pairs = list.trim_matches(['"', '\'']).split([';', ',']).filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Whether the property is set to `true`.
fn is_on(facts: &Facts<'_>, invocation: &Invocation, name: &str) -> bool {
    property(facts, invocation, name)
        .is_some_and(|value| !value.constant().is_some_and(|text| text.eq_ignore_ascii_case("false")))
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

fn retarget(
    facts: &Facts<'_>,
    assessment: &Assessment,
    compiles: &[InvocationId],
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let mut with_arch = arch_obstacles(facts, assessment, compiles);
    let weight = |obstacles: &[Obstacle]| obstacles.iter().map(|obstacle| obstacle.weight).max();
    if weight(&with_arch).is_some() {
        let without = portability_obstacles(facts, assessment, compiles);
        if without.is_empty() && all_compile_for_machine(facts, assessment) {
            return without;
        }
    }
    if weight(&with_arch) != Some(Weight::Block) {
        with_arch.extend(Spelling::of(facts, assessment).write(facts, assessment, rewrite));
    }
    with_arch
}

fn all_compile_for_machine(facts: &Facts<'_>, assessment: &Assessment) -> bool {
    chain(facts, assessment)
        .iter()
        .all(|&id| compiles_for(facts, facts.invocation(id)) == CompilesFor::Machine)
}

/// The option that fixes the architecture, and where its value is written as plain text; for a property, the whole word.
fn replaceable(invocation: &Invocation) -> Option<(&str, TextRange)> {
    let Some(option) = invocation.option(&ARCH).or_else(|| invocation.option(&RUNTIME)) else {
        return property_word(invocation);
    };
    Some((option.name, option.plain_value_range()?))
}

/// The plain word `-p:RuntimeIdentifier=…` that says nothing else.
fn property_word(invocation: &Invocation) -> Option<(&str, TextRange)> {
    let mut options = invocation.options().filter(|option| PROPERTY.contains(&option.name));
    options.find_map(|option| {
        let value = option.value();
        let (name, identifier) = value.constant()?.split_once('=')?;
        let alone = name.eq_ignore_ascii_case("RuntimeIdentifier") && !identifier.contains([';', ',']);
        (alone && option.word.plain).then_some((option.name, option.range()))
    })
}

/// `linux-musl-` of `linux-musl-x64`.
fn portable_part(identifier: &str) -> &str {
    identifier.rfind('-').map_or("", |dash| &identifier[..=dash])
}

/// The commands among restore, build and publish that are for the machine while a later one is for the target.
pub(super) fn disagreements(facts: &Facts<'_>, assessment: &Assessment) -> Vec<Disagreement> {
    let chain = chain(facts, assessment);
    let of = |id: InvocationId| facts.invocation(id);
    let skips = |id: InvocationId, option: &str| of(id).option(&[option]).is_some();
    let mut found = Vec::new();
    for &command in &chain {
        let first = of(command);
        if compiles_for(facts, first) != CompilesFor::Machine || first.conditional || !first.worlds.is_all() {
            continue;
        }
        let later = chain.iter().copied().find(|&other| {
            other > command
                && facts.is_built_on(other.stage, command.stage)
                && compiles_for(facts, of(other)) == CompilesFor::Target
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
fn cross_obstacles(facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    let root = &facts.stages()[assessment.root];
    let aot_image = root.image().and_then(|image| image.tag()).is_some_and(|tag| tag.ends_with("-aot"));
    let invocation = facts.invocation(id);
    if aot_image || is_on(facts, invocation, "PublishAot") {
        let message = "native AOT needs a C toolchain and libraries for the target";
        obstacles.push(Obstacle::block(invocation.name_range(), message).advised("dotnet-aot"));
    }
    obstacles
}

/// Adds `-a` to one command.
fn retarget_one(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    look_at_command(facts, assessment, id, &mut obstacles);
    // As the command says it that it has to agree with.
    let model = chain(facts, assessment).into_iter().map(|other| facts.invocation(other)).find(|other| {
        compiles_for(facts, other) == CompilesFor::Target && may_be_same_project(facts.invocation(id), other)
    });
    let option = model.and_then(|model| model.option(&ARCH).or_else(|| model.option(&RUNTIME)));
    let text = option.map_or("-a $TARGETARCH", |option| facts.slice(option.range()));
    if text.contains('\n') || !text.contains("$TARGETARCH") && !text.contains("${TARGETARCH}") {
        let message = "dflint cannot repeat how the others name the target";
        obstacles.push(Obstacle::block(facts.invocation(id).name_range(), message));
    }
    rewrite.append_option(id, text);
    rewrite.need(id, "TARGETARCH");
    obstacles
}

/// Whether a command is one of .NET's.
pub(super) fn is_dotnet(invocation: &Invocation) -> bool {
    super::toolchain_of(invocation).is_some_and(|toolchain| toolchain.id == "dotnet")
}
