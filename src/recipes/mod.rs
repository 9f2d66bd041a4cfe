//! How the commands of a toolchain are made to compile for the target platform, and what stands in the way.

mod agreement;
mod dotnet;
mod execution;
mod go;
mod pin;
mod rewrite;
mod sharing;

pub use agreement::{Disagreement, disagreements};
pub use execution::executed_product;
pub use pin::{Assessment, assess, command_name, compiling_commands};
pub use rewrite::Rewrite;
pub use sharing::{first_user, is_split, splitting_arguments};

use crate::diagnostics::Applicability;
use crate::model::{Facts, Follows, Invocation, InvocationId, Origin, Value};
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
        Self { range, message: message.into(), weight: Weight::Doubt }
    }

    fn block(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), weight: Weight::Block }
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

/// The toolchains that recipes exist for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Toolchain {
    /// .NET.
    Dotnet,
    /// Go.
    Go,
}

impl Toolchain {
    /// The toolchain of a command that compiles.
    pub fn of(invocation: &Invocation) -> Option<Self> {
        match invocation.command?.name.split(' ').next()? {
            "dotnet" => Some(Self::Dotnet),
            "go" | "xx-go" => Some(Self::Go),
            _ => None,
        }
    }

    /// Its name for a person.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dotnet => ".NET",
            Self::Go => "Go",
        }
    }
}

/// The architecture that a command compiles for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CompilesFor {
    /// That of the target platform.
    Target,
    /// That of the machine that it runs on.
    Machine,
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
            _ if value.probed => Self::Unknown,
            Follows::Target => Self::Target,
            Follows::Build => Self::Machine,
            Follows::Nothing => {
                value.constant().map_or(Self::Unknown, |constant| Self::Constant(constant.to_owned()))
            }
            Follows::Unknown => Self::Unknown,
        }
    }
}

/// The architecture that a command compiles for.
pub fn compiles_for(facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
    let invocation = facts.invocation(id);
    match Toolchain::of(invocation) {
        Some(Toolchain::Go) => go::compiles_for(facts, id),
        Some(Toolchain::Dotnet) => dotnet::compiles_for(invocation),
        None => by_knowledge(invocation),
    }
}

/// What a command without a recipe compiles for: what the options and variables say that the knowledge names.
fn by_knowledge(invocation: &Invocation) -> CompilesFor {
    let Some(command) = invocation.command.filter(|command| !command.target_options.is_empty()) else {
        return CompilesFor::Unknown;
    };
    if let Some(option) = invocation.option(command.target_options) {
        return CompilesFor::of_knob(&option.value());
    }
    if invocation.words.iter().any(|word| word.may_be_options) {
        return CompilesFor::Unknown;
    }
    let set = command.target_variables.iter().map(|name| invocation.environment.exported(name));
    let set = set.into_iter().find(Value::may_be_set);
    set.map_or(CompilesFor::Machine, |value| CompilesFor::of_knob(&value))
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

/// Adds the edits that make the compiling commands of an assessed stage follow the target platform, and says what is
/// in the way of that.
pub fn retarget(facts: &Facts<'_>, assessment: &Assessment, rewrite: &mut Rewrite<'_>) -> Vec<Obstacle> {
    let of = |toolchain| {
        let is = |id: &InvocationId| Toolchain::of(facts.invocation(*id)) == Some(toolchain);
        assessment.compiles.iter().copied().filter(is).collect::<Vec<_>>()
    };
    let mut obstacles = go::retarget(facts, &of(Toolchain::Go), rewrite);
    let dotnet = of(Toolchain::Dotnet);
    if !dotnet.is_empty() {
        obstacles.extend(dotnet::retarget(facts, assessment, &dotnet, rewrite));
    }
    obstacles
}

/// Whether what a command makes without being told the target runs on one architecture only, for certain.
pub fn is_native_output(facts: &Facts<'_>, assessment: &Assessment, id: InvocationId) -> bool {
    match Toolchain::of(facts.invocation(id)) {
        Some(Toolchain::Dotnet) => dotnet::is_native_output(facts, assessment, id),
        Some(Toolchain::Go) | None => true,
    }
}

/// What stands in the way of moving commands to the build platform that compile for the target already.
pub fn cross_obstacles(facts: &Facts<'_>, assessment: &Assessment) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    for &id in &assessment.compiles {
        let of_command = match Toolchain::of(facts.invocation(id)) {
            Some(Toolchain::Go) => go::cross_obstacles(facts, assessment, id),
            Some(Toolchain::Dotnet) => dotnet::cross_obstacles(facts, assessment, id),
            None => Vec::new(),
        };
        obstacles.extend(
            of_command.into_iter().filter(|obstacle| !obstacles.contains(obstacle)).collect::<Vec<_>>(),
        );
    }
    obstacles
}

/// Adds the edits that make one command that lags behind the others follow the target platform.
pub fn retarget_one(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    match Toolchain::of(facts.invocation(id)) {
        Some(Toolchain::Go) => go::retarget(facts, &[id], rewrite),
        Some(Toolchain::Dotnet) => dotnet::retarget_one(facts, assessment, id, rewrite),
        None => {
            let invocation = facts.invocation(id);
            let message = format!("dflint has no recipe for `{}`", command_name(invocation));
            vec![Obstacle::block(invocation.name_range(), message)]
        }
    }
}
