//! Whether the commands that build one project agree about what they build for.

use super::dotnet::{self, is_dotnet};
use super::{Assessment, CompilesFor, compiles_for};
use crate::knowledge::Does;
use crate::model::{Facts, Invocation, InvocationId};

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

/// The commands of the assessed stages that are for the machine while a later one of the same project is for the target.
pub fn disagreements(facts: &Facts<'_>, assessment: &Assessment) -> Vec<Disagreement> {
    let mut found = dotnet::disagreements(facts, assessment);
    let commands: Vec<InvocationId> = assessment
        .family
        .iter()
        .flat_map(|&stage| facts.invocations(stage))
        .filter(|(_, invocation)| is_compile(invocation))
        .map(|(id, _)| id)
        .collect();
    for &command in &commands {
        let first = facts.invocation(command);
        let fills_a_cache = first.command.is_some_and(|known| first.option(known.output_options).is_none());
        let is_used = assessment.products.contains(&command) || assessment.tools.contains(&command);
        if !fills_a_cache || is_used || compiles_for(facts, command) != CompilesFor::Machine {
            continue;
        }
        let later = commands.iter().copied().find(|&other| {
            let second = facts.invocation(other);
            other > command
                && facts.is_built_on(other.stage, command.stage)
                && second.program() == first.program()
                && chosen(second) == chosen(first)
                && compiles_for(facts, other) == CompilesFor::Target
        });
        if let Some(with) = later {
            let consequence = "nothing of what it compiles is used again";
            found.push(Disagreement { command, with, fails: false, consequence });
        }
    }
    found
}

/// Whether a command compiles, always, and is none of .NET's, whose steps depend on each other in ways of their own.
fn is_compile(invocation: &Invocation) -> bool {
    invocation.command.is_some_and(|command| command.does == Does::Compile)
        && !is_dotnet(invocation)
        && !invocation.conditional
        && invocation.worlds.is_all()
}

/// The parts of a project that a command is about, where its options choose some.
fn chosen(invocation: &Invocation) -> Vec<String> {
    let options = invocation
        .options()
        .filter(|option| matches!(option.name, "-p" | "--package" | "--bin" | "--example"));
    options.filter_map(|option| Some(option.value().constant()?.to_owned())).collect()
}
