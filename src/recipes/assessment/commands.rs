//! What the commands of a stage do that depends on the machine.

use super::Assessment;
use crate::knowledge::Does;
use crate::model::{Facts, Invocation, InvocationId};
use crate::recipes::caches::output_cache;
use crate::recipes::execution::{executed_product, execution_obstacle};
use crate::recipes::{CompilesFor, Obstacle, command_name, compiles_for};
use crate::syntax::Keyword;

impl Assessment {
    /// What `go install` makes and the stage keeps, and what only stages on the build platform take, are tools: they go
    /// on being compiled for the machine.
    pub(super) fn leave_tools_alone(&mut self, facts: &Facts<'_>) {
        for &id in &self.compiles.clone() {
            // With an output of its own that nothing takes, it is there for a later step: to be run, or who knows what for.
            let invocation = facts.invocation(id);
            let has_output =
                invocation.command.is_some_and(|command| invocation.option(command.output_options).is_some());
            let installs = invocation.program() == Some("go")
                && (has_output || command_name(invocation) == "go install");
            let is_product = self.products.contains(&id);
            let is_tool = self.tools.contains(&id);
            if is_product && is_tool {
                let message = "what it makes is needed on both platforms: a stage on the build platform takes it as well";
                self.obstacles.push(Obstacle::block(facts.invocation(id).name_range(), message));
            } else if !is_product && (is_tool || installs) {
                let mut commands = self.family.iter().flat_map(|&stage| facts.invocations(stage));
                let is_run = commands.any(|(other, _)| executed_product(facts, &[id], other).is_some());
                if has_output && !is_tool && !is_run {
                    let message = "nothing in the file says what this is for: it goes on being compiled for the machine";
                    self.obstacles.push(Obstacle::doubt(invocation.name_range(), message));
                }
                if is_run || (installs && !has_output) {
                    self.look_at_tool(facts, id);
                }
                self.keep_for_machine(id);
            }
        }
    }

    /// What the stage installs or compiles to run it has to be for the machine.
    fn look_at_tool(&mut self, facts: &Facts<'_>, tool: InvocationId) {
        if matches!(
            compiles_for(facts, tool),
            CompilesFor::Target | CompilesFor::Constant(_) | CompilesFor::Unknown
        ) {
            let tool = facts.invocation(tool);
            let message = format!(
                "`{}` makes a tool for this stage, but not for the machine that the stage would run on",
                command_name(tool)
            );
            self.obstacles.push(Obstacle::block(tool.name_range(), message));
        }
    }

    fn keep_for_machine(&mut self, tool: InvocationId) {
        self.compiles.retain(|compile| *compile != tool);
        if !self.tools.contains(&tool) {
            self.tools.push(tool);
        }
    }

    pub(super) fn look_at_commands(&mut self, facts: &Facts<'_>) {
        for &stage in &self.family.clone() {
            for run in facts.runs(stage) {
                if let Some(mount) = output_cache(facts, run.instruction) {
                    let message = "a cache over an output folder is shared by all platforms, which would now build at once";
                    self.obstacles.push(Obstacle::doubt(mount, message));
                }
                if run.incomplete {
                    let range = facts.instruction(run.instruction).keyword_range;
                    self.obstacles.push(Obstacle::doubt(range, "dflint cannot follow all of this RUN"));
                }
            }
            for at in facts.stages()[stage].span.body.clone() {
                if facts.instruction(at).keyword == Keyword::Onbuild {
                    let range = facts.instruction(at).keyword_range;
                    self.obstacles
                        .push(Obstacle::doubt(range, "ONBUILD runs in images that dflint does not see"));
                }
            }
            let commands: Vec<_> = facts.invocations(stage).collect();
            for (id, invocation) in commands {
                self.look_at_command(facts, id, invocation);
            }
        }
        for &stage in &self.family.clone() {
            let stage = &facts.stages()[stage];
            let mut keywords = stage.span.body.clone().map(|at| facts.instruction(at).keyword);
            if keywords.any(|keyword| matches!(keyword, Keyword::Cmd | Keyword::Entrypoint)) {
                let message = format!(
                    "{} has a command of its own: with `--target` its image would be for the build platform",
                    stage.display_name()
                );
                self.obstacles.push(Obstacle::doubt(stage.label(), message));
            }
        }
    }

    /// What is downloaded for the target platform may leave, but not run.
    fn look_at_command(&mut self, facts: &Facts<'_>, id: InvocationId, invocation: &Invocation) {
        if invocation.asks_machine() {
            let message = "the architecture of the machine decides about it, which would be the builder's";
            self.obstacles.push(Obstacle::doubt(invocation.name_range(), message));
        }
        if executed_product(facts, &self.tools, id).is_some() {
            return;
        }
        if let Some(product) = executed_product(facts, &self.compiles, id) {
            if !self.products.contains(&product) {
                // A tool that the stage builds for itself goes on being compiled for the machine.
                self.look_at_tool(facts, product);
                self.keep_for_machine(product);
                return;
            }
            self.obstacles.push(execution_obstacle(facts, product, invocation));
            return;
        }
        match invocation.command.map(|command| command.does) {
            None => {
                let name = command_name(invocation);
                let message = format!(
                    "dflint does not know what `{name}` does, and whether that depends on the machine"
                );
                self.obstacles.push(Obstacle::doubt(invocation.name_range(), message));
            }
            Some(Does::Fetch) => self.look_at_download(facts, id, invocation),
            Some(_) => {}
        }
    }
}
