//! How the commands of a toolchain are made to compile for the target platform, and what stands in the way.

mod advised;
mod agreement;
mod arch_maps;
mod assessment;
mod bun;
mod c;
mod caches;
mod dart;
mod deno;
mod dotnet;
mod execution;
mod go;
mod hard_coded;
mod java;
mod javascript;
mod literals;
mod maps;
mod packages;
mod rewrite;
mod rust;
mod sharing;
mod target_option;
mod undeclared;
mod xx;
mod zig;

use std::collections::BTreeMap;

pub use agreement::{Disagreement, disagreements};
pub use arch_maps::{PartialMap, complete, partial_maps};
pub use assessment::{Assessment, assess, compiling_commands, is_bound, is_movable};
pub use caches::{CacheKind, SharedCache, separate, shared_caches, taken_from_caches};
pub use execution::{executed_product, execution_obstacles};
pub use hard_coded::{Fate, HardCoded, What, hard_coded_fixes};
pub use literals::other_architecture;
pub use maps::Whose;
pub use rewrite::Rewrite;
pub use sharing::{first_user, is_split, splitting_arguments};
pub use undeclared::takes_another_turn;

use crate::diagnostics::Applicability;
use crate::knowledge::{self, Advice, Toolchain};
use crate::model::{Argument, Facts, Follows, Invocation, InvocationId, Origin, Value};
use crate::text::TextRange;

/// Why a stage cannot simply be moved to the build platform.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Obstacle {
    /// What stands in the way.
    pub range: TextRange,
    /// Why, as a sentence without its full stop.
    pub message: String,
    /// Whether the author could still agree to go on.
    pub weight: Weight,
    /// The way out, where the knowledge has one.
    pub advice: Option<&'static Advice>,
}

/// See [`Obstacle`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Weight {
    /// dflint cannot see that it is right; the author may know.
    Doubt,
    /// It would be wrong.
    Block,
}

impl Obstacle {
    fn doubt(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), weight: Weight::Doubt, advice: None }
    }

    pub(crate) fn block(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), weight: Weight::Block, advice: None }
    }

    fn advised(mut self, id: &str) -> Self {
        self.advice = Some(knowledge::advice(id));
        self
    }
}

/// How far a fix with these obstacles may be trusted; none where there is no fix at all.
pub fn applicability(obstacles: &[Obstacle]) -> Option<Applicability> {
    match obstacles.iter().map(|obstacle| obstacle.weight).max() {
        None => Some(Applicability::Safe),
        Some(Weight::Doubt) => Some(Applicability::Unsafe),
        Some(Weight::Block) => None,
    }
}

/// How the commands of a toolchain are made to compile for the target platform.
trait Recipe: Sync {
    /// The architecture that a command compiles for.
    fn compiles_for(&self, facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
        by_knowledge(facts, facts.invocation(id))
    }

    /// Adds the edits that make these commands of the assessed stages follow the target platform, and says what is in the
    /// way of that.
    fn retarget(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle>;

    /// The same for one command that lags behind the others.
    fn retarget_one(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        id: InvocationId,
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        self.retarget(facts, assessment, &[id], rewrite)
    }

    /// What stands in the way of moving a command to the build platform that compiles for the target already.
    fn cross_obstacles(
        &self,
        _facts: &Facts<'_>,
        _assessment: &Assessment,
        _id: InvocationId,
    ) -> Vec<Obstacle> {
        Vec::new()
    }

    /// What stands in the way of taking what a bundling command makes from the build platform.
    fn bundle_obstacles(
        &self,
        _facts: &Facts<'_>,
        _assessment: &Assessment,
        _id: InvocationId,
    ) -> Vec<Obstacle> {
        Vec::new()
    }

    /// Whether what a command makes without being told the target runs on one architecture only, for certain.
    fn is_native_output(&self, _facts: &Facts<'_>, _assessment: &Assessment, _id: InvocationId) -> bool {
        true
    }
}

/// The recipe of a toolchain, by its id in the knowledge.
fn recipe(toolchain: &str) -> &'static dyn Recipe {
    match toolchain {
        "bun" => &bun::Bun,
        "dart" => &dart::Dart,
        "deno" => &deno::Deno,
        "dotnet" => &dotnet::Dotnet,
        "go" => &go::Go,
        "c" => &c::C,
        "javascript" => &javascript::JavaScript,
        "java" => &java::Java,
        "rust" => &rust::Rust,
        "zig" => &zig::Zig,
        _ => &advised::Advised,
    }
}

/// The toolchain that a command belongs to.
pub fn toolchain_of(invocation: &Invocation) -> Option<&'static Toolchain> {
    knowledge::toolchain(invocation.command?.toolchain?)
}

/// The toolchain, by its id, that the build files of a project find in some stages: the image's, else that of C where its
/// compiler is installed.
pub fn toolchain_at_hand(facts: &Facts<'_>, family: &[usize]) -> Option<&'static str> {
    const COMPILERS: [&str; 7] =
        ["build-essential", "build-base", "gcc", "g++", "clang", "musl-dev", "gcc-c++"];
    let image = family.first().and_then(|&stage| facts.root_image(stage)?.known?.toolchain);
    let mut commands = family.iter().flat_map(|&stage| facts.invocations(stage));
    image.or_else(|| {
        commands.any(|(_, invocation)| packages::installs_any(invocation, &COMPILERS)).then_some("c")
    })
}

fn recipe_of(invocation: &Invocation) -> Option<&'static dyn Recipe> {
    toolchain_of(invocation).map(|toolchain| recipe(toolchain.id))
}

/// The architecture that a command compiles for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CompilesFor {
    /// That of the target platform.
    Target,
    /// That of the machine that it runs on.
    Machine,
    /// The same, because the file asks the machine (`--target $(uname -m)-unknown-linux-musl`).
    Asked,
    /// The same, unless whoever builds adds options by a build argument (`cargo build $EXTRA_ARGS`).
    Open,
    /// Always this one, in the toolchain's spelling.
    Constant(String),
    /// The file does not tell.
    Unknown,
}

impl CompilesFor {
    /// Reads it off the value of the knob that decides it.
    fn of_knob(value: &Value) -> Self {
        match value.follows() {
            _ if value.is_unset() || value.constant() == Some("") => Self::Machine,
            _ if value.probed => Self::Asked,
            Follows::Target => Self::Target,
            Follows::Build => Self::Machine,
            Follows::Nothing => {
                value.constant().map_or(Self::Unknown, |constant| Self::Constant(constant.to_owned()))
            }
            Follows::Unknown => Self::Unknown,
        }
    }

    /// Whether it is that of the machine for certain, asked for or not.
    pub fn is_of_machine(&self) -> bool {
        matches!(self, Self::Machine | Self::Asked)
    }

    /// Why no rewrite can give a command another target, where that is so; `unclear` says it of what the file does not tell.
    fn obstacle(&self, range: TextRange, unclear: &str) -> Option<Obstacle> {
        match self {
            Self::Target | Self::Machine | Self::Constant(_) => None,
            Self::Asked => {
                let message =
                    "it asks the machine for its architecture: on the build platform, that is the builder's";
                Some(Obstacle::block(range, message))
            }
            Self::Open | Self::Unknown => Some(Obstacle::block(range, unclear)),
        }
    }
}

/// The architecture that a command compiles for.
pub fn compiles_for(facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
    let invocation = facts.invocation(id);
    recipe_of(invocation)
        .map_or_else(|| by_knowledge(facts, invocation), |recipe| recipe.compiles_for(facts, id))
}

/// What the options and variables say that the knowledge names.
fn by_knowledge(facts: &Facts<'_>, invocation: &Invocation) -> CompilesFor {
    let Some(command) = invocation.command else { return CompilesFor::Unknown };
    if let Some(option) = invocation.option(command.target_options) {
        return CompilesFor::of_knob(&option.value());
    }
    // `--target=$(cat triple)` is an option whose word is not known.
    let hides_target = |word: &Argument| {
        !word.value.is_text()
            && command.target_options.iter().any(|option| facts.slice(word.range).contains(option))
    };
    if invocation.words.iter().any(hides_target) {
        return CompilesFor::Unknown;
    }
    if invocation.words.iter().any(|word| word.may_be_options) {
        return CompilesFor::Open;
    }
    let set = command.target_variables.iter().map(|name| invocation.environment.exported(name));
    let set = set.into_iter().find(Value::may_be_set);
    set.map_or(CompilesFor::Machine, |value| CompilesFor::of_knob(&value))
}

/// What speaks against any edit of a command: nothing in it is expanded, or it only runs at times.
fn look_at_plainness(facts: &Facts<'_>, id: InvocationId, obstacles: &mut Vec<Obstacle>) {
    let invocation = facts.invocation(id);
    let range = invocation.name_range();
    if invocation.exec_form {
        let message = "a RUN in JSON form expands no variables";
        obstacles.push(Obstacle::block(range, message).advised("json-form"));
    }
    if invocation.conditional || !invocation.worlds.is_all() {
        obstacles.push(Obstacle::doubt(range, "it only runs under a condition or in a loop"));
    }
}

/// What is wrong with a platform argument that a command is to use: a default of its own takes the place of what
/// `BuildKit` sets.
fn argument_obstacle(facts: &Facts<'_>, id: InvocationId, name: &'static str) -> Option<Obstacle> {
    let scope = facts.scope(facts.run(id).instruction);
    let own = scope
        .environment
        .binding(name)
        .is_some_and(|binding| !matches!(binding.origin, Origin::Automatic(_)));
    // What the shell has assigned before the command counts as well.
    let by_shell = facts.invocation(id).environment.binding(name).is_some_and(|binding| {
        matches!(binding.origin, Origin::Shell { .. } | Origin::Inline { .. } | Origin::Unknown)
    });
    (own || by_shell || facts.is_overridden(name)).then(|| {
        let range = facts.invocation(id).name_range();
        Obstacle::block(
            range,
            format!("{name} has a value of its own in this file, which would be used instead"),
        )
    })
}

/// Adds the edits that make the compiling commands of an assessed stage follow the target platform, and says what is in
/// the way of that.
pub fn retarget(facts: &Facts<'_>, assessment: &Assessment, rewrite: &mut Rewrite<'_>) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    let mut compiles = assessment.compiles.iter();
    let constant = compiles.find(|&&id| matches!(compiles_for(facts, id), CompilesFor::Constant(_)));
    if let Some(&id) = constant.filter(|_| hard_coded::is_for_one_architecture(facts)) {
        let message = "the file is for one architecture, as its name or its base image says";
        obstacles.push(Obstacle::block(facts.invocation(id).name_range(), message));
    }
    for (toolchain, commands) in by_toolchain(facts, &assessment.compiles) {
        obstacles.extend(recipe(toolchain).retarget(facts, assessment, &commands, rewrite));
    }
    obstacles.extend(bundle_obstacles(facts, assessment));
    obstacles
}

fn by_toolchain(facts: &Facts<'_>, commands: &[InvocationId]) -> BTreeMap<&'static str, Vec<InvocationId>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for &id in commands {
        if let Some(toolchain) = toolchain_of(facts.invocation(id)) {
            groups.entry(toolchain.id).or_default().push(id);
        }
    }
    groups
}

/// What stands in the way of taking what the bundling commands make from the build platform.
pub fn bundle_obstacles(facts: &Facts<'_>, assessment: &Assessment) -> Vec<Obstacle> {
    each_once(&assessment.bundles, |id| {
        let recipe = recipe_of(facts.invocation(id));
        recipe.map_or_else(Vec::new, |recipe| recipe.bundle_obstacles(facts, assessment, id))
    })
}

fn each_once(commands: &[InvocationId], of: impl Fn(InvocationId) -> Vec<Obstacle>) -> Vec<Obstacle> {
    let mut obstacles: Vec<Obstacle> = Vec::new();
    for &id in commands {
        for obstacle in of(id) {
            if !obstacles.contains(&obstacle) {
                obstacles.push(obstacle);
            }
        }
    }
    obstacles
}

/// Whether what a command makes without being told the target runs on one architecture only, for certain.
pub fn is_native_output(facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> bool {
    recipe_of(facts.invocation(id)).is_none_or(|recipe| recipe.is_native_output(facts, assessment, id))
}

/// What stands in the way of moving commands to the build platform that compile for the target already.
pub fn cross_obstacles(facts: &Facts<'_>, assessment: &Assessment) -> Vec<Obstacle> {
    let mut obstacles = each_once(&assessment.compiles, |id| {
        let recipe = recipe_of(facts.invocation(id));
        recipe.map_or_else(Vec::new, |recipe| recipe.cross_obstacles(facts, assessment, id))
    });
    obstacles.extend(bundle_obstacles(facts, assessment));
    obstacles
}

/// Adds the edits that make one command that lags behind the others follow the target platform.
pub fn retarget_one(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let recipe = recipe_of(facts.invocation(id));
    recipe.map_or_else(Vec::new, |recipe| recipe.retarget_one(facts, assessment, id, rewrite))
}

/// The first words of a command, as messages name it.
pub fn command_name(invocation: &Invocation) -> String {
    if let Some(command) = invocation.command {
        let arguments = invocation.arguments().iter().filter_map(|word| word.value.constant());
        return command.title(arguments);
    }
    let Some(program) = invocation.words.first().and_then(|word| word.value.constant()) else {
        return "a variable".to_owned();
    };
    let subcommand = invocation.words.get(1).and_then(|word| word.value.constant());
    match subcommand
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-'))
    {
        Some(subcommand) => format!("{program} {subcommand}"),
        None => program.to_owned(),
    }
}
