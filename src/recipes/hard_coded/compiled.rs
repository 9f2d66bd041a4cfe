//! Options and variables of compilers.

use super::{Fate, HardCoded, What, wrong_literal};
use crate::model::{Facts, InvocationId, Stage, StagePlatform};
use crate::recipes::{CompilesFor, assess, compiles_for};
use crate::syntax::Keyword;

/// Adds what a pinned stage compiles for one architecture and ships. In a stage on the target platform it is XC101's.
pub(super) fn find(facts: &Facts<'_>, stage: &Stage, found: &mut Vec<HardCoded>) {
    if stage.platform != StagePlatform::Build || stage.image().is_none() {
        return;
    }
    let assessment = assess(facts, stage.index);
    let taker = assessment.takers.iter().find(|(consumer, _)| facts.is_for_target(*consumer));
    let constants: Vec<_> = assessment
        .products
        .iter()
        .filter_map(|&id| match compiles_for(facts, id) {
            CompilesFor::Constant(constant) => Some((id, constant)),
            _ => None,
        })
        .collect();
    let (Some(&(consumer, _)), Some((id, constant))) = (taker, constants.first()) else { return };
    let system = facts.invocation(*id).environment.exported("GOOS");
    let is_linux = system.is_unset() || matches!(system.constant(), Some("linux" | ""));
    let command = facts.invocation(*id);
    if command.conditional || !command.worlds.is_all() || !is_written(facts, *id, constant) {
        return;
    }
    // For several, one after the other: the image chooses among them.
    if !is_linux || constants.iter().any(|(_, other)| other != constant) {
        return;
    }
    let Some((literal, wrong_for)) = wrong_literal(facts, constant) else { return };
    found.push(HardCoded {
        range: facts.invocation(*id).name_range(),
        text: literal.text,
        wrong_for,
        stage: stage.index,
        instruction: facts.run(*id).instruction,
        what: What::Compile(*id),
        fate: Fate::Taken { by: consumer, certain: true },
    });
}

/// Whether the RUN of a command, or an ENV above it, spells the architecture. What an ARG has as its default is for whoever
/// builds to choose, and a default of TARGETARCH is XC203's.
fn is_written(facts: &Facts<'_>, id: InvocationId, constant: &str) -> bool {
    let run = facts.run(id).instruction;
    let bodies = facts.stages_below(id.stage).map(|stage| facts.stages()[stage].span.body.clone());
    bodies.flatten().any(|at| {
        let instruction = facts.instruction(at);
        (at == run || (at < run && instruction.keyword == Keyword::Env))
            && facts.slice(instruction.range).contains(constant)
    })
}
