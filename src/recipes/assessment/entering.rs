//! What enters a stage from elsewhere and runs there.

use super::Assessment;
use crate::knowledge::{Does, advice};
use crate::model::{Cause, Facts, Invocation, InvocationId, StagePlatform};
use crate::recipes::{CompilesFor, Obstacle, command_name, compiles_for};
use crate::syntax::{Body, Keyword};

impl Assessment {
    pub(super) fn look_at_what_enters(&mut self, facts: &Facts<'_>) {
        for &stage in &self.family.clone() {
            for at in facts.stages()[stage].span.body.clone() {
                let instruction = facts.instruction(at);
                let flags = match instruction.keyword {
                    Keyword::Copy => {
                        instruction.flags_named("from").filter_map(|flag| flag.value.clone()).collect()
                    }
                    Keyword::Run => instruction
                        .flags_named("mount")
                        .filter_map(|mount| mount.key("from"))
                        .collect::<Vec<_>>(),
                    _ => continue,
                };
                for from in flags {
                    let source = facts.stage_named(&from.text);
                    if source.is_some_and(|source| self.is_harmless_source(facts, source, at)) {
                        continue;
                    }
                    // Packages of another platform than the tools around them.
                    if let Some(installing) = source.and_then(|source| installed_for_work(facts, source, at))
                    {
                        let message = format!(
                            "it works with what `{}` installs in `{}`, which has to stay on the target platform",
                            command_name(installing),
                            from.text
                        );
                        let mut obstacle = Obstacle::block(instruction.range, message);
                        obstacle.advice = installing.command.and_then(|command| command.advice).map(advice);
                        self.obstacles.push(obstacle);
                        continue;
                    }
                    let brings_programs = source.is_none() && facts.copies_native_files(at)
                        || source.is_some_and(|source| {
                            let contents = facts.taken_from(source, at);
                            contents.native.is_some() || !contents.products.is_empty()
                        });
                    if brings_programs || is_tool_destination(facts, at) {
                        let message =
                            format!("the program copied from `{}` is for the target platform", from.text);
                        self.obstacles.push(Obstacle::doubt(instruction.range, message));
                    }
                }
            }
        }
    }

    fn is_harmless_source(&self, facts: &Facts<'_>, source: usize, at: usize) -> bool {
        if self.has(source) {
            return true;
        }
        let contents = facts.taken_from(source, at);
        let is_native = facts.stages()[source].platform == StagePlatform::Build;
        let for_machine = |id: &InvocationId| compiles_for(facts, *id) == CompilesFor::Machine;
        contents.is_portable() || (is_native && contents.products.iter().all(for_machine))
    }
}

/// The command that installs, into a folder of the project, what a COPY or a mount takes from a stage on the target
/// platform.
fn installed_for_work<'a>(facts: &'a Facts<'_>, source: usize, at: usize) -> Option<&'a Invocation> {
    if facts.stages()[source].platform != StagePlatform::Target {
        return None;
    }
    let Some(Cause::Command(id)) = facts.taken_from(source, at).native else { return None };
    let invocation = facts.invocation(id);
    let command = invocation.command?;
    (command.does == Does::Install && !command.output_folders.is_empty()).then_some(invocation)
}

/// Whether a COPY puts something where programs are looked for, or a mount brings it.
fn is_tool_destination(facts: &Facts<'_>, at: usize) -> bool {
    let instruction = facts.instruction(at);
    let Body::Copy(copy) = &instruction.body else { return true };
    let destination = copy.destination.text.trim_matches(['"', '\'']).trim_end_matches('/');
    destination.is_empty() || destination.split('/').any(|part| part == "bin" || part == "sbin")
}
