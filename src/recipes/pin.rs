//! Whether a stage, and what is built on it, may run on the build platform (C2 of the design's knowledge base).

use super::execution::executed_product;
use super::{CompilesFor, Obstacle, Toolchain, Weight, compiles_for};
use crate::knowledge::Does;
use crate::model::{Facts, Follows, Invocation, InvocationId, Stage, StageBase, StagePlatform};
use crate::syntax::{Body, Flag, Keyword};
use crate::text::TextRange;

/// What speaks against running a stage on the build platform, whatever its toolchain.
pub struct Assessment {
    /// The stage and all that is built on it.
    pub family: Vec<usize>,
    /// The compiling commands of the family whose outcome is not run there: they have to compile for the target.
    pub compiles: Vec<InvocationId>,
    /// Those of them whose outcome leaves for a stage on the target platform.
    pub products: Vec<InvocationId>,
    /// The compiling commands whose outcome the family itself, or a stage on the build platform, goes on to run.
    pub tools: Vec<InvocationId>,
    /// The stages outside of the family that take files from it, with the taking instruction.
    pub consumers: Vec<(usize, usize)>,
    /// Those of them that take what is compiled, or what may be.
    pub takers: Vec<(usize, usize)>,
    /// What is in the way.
    pub obstacles: Vec<Obstacle>,
}

/// Assesses a stage and what is built on it.
pub fn assess(facts: &Facts<'_>, stage: usize) -> Assessment {
    let family = facts.family(stage);
    let mut assessment = Assessment {
        compiles: compiling_commands(facts, &family),
        family,
        products: Vec::new(),
        tools: Vec::new(),
        consumers: Vec::new(),
        takers: Vec::new(),
        obstacles: Vec::new(),
    };
    assessment.look_at_base(facts, stage);
    assessment.look_at_what_leaves(facts);
    assessment.leave_tools_alone(facts);
    if let (true, Some(&(_, taking))) = (assessment.products.is_empty(), assessment.consumers.first()) {
        let message = "dflint cannot tell how what is compiled gets out of the stage";
        assessment.obstacles.push(Obstacle::block(facts.instruction(taking).range, message));
    }
    assessment.look_at_commands(facts);
    assessment.look_at_what_enters(facts);
    assessment
}

/// The compiling commands of some stages that a recipe exists for.
pub fn compiling_commands(facts: &Facts<'_>, family: &[usize]) -> Vec<InvocationId> {
    let compiling = family.iter().flat_map(|&stage| facts.invocations(stage)).filter(|(_, invocation)| {
        let compiles = invocation.command.is_some_and(|command| command.does == Does::Compile);
        compiles && Toolchain::of(invocation).is_some() && !invocation.worlds.is_empty()
    });
    compiling.map(|(id, _)| id).collect()
}

impl Assessment {
    fn look_at_base(&mut self, facts: &Facts<'_>, stage: usize) {
        let stage = &facts.stages[stage];
        let Some(image) = stage.image() else { return };
        if facts.is_overridden("BUILDPLATFORM") {
            let message = "BUILDPLATFORM has a value of its own in this file, which would be used instead";
            self.obstacles.push(Obstacle::block(stage.label(), message));
        }
        if let Some(exported) = facts.exported_stage().filter(|exported| is_left_to_builder(exported)) {
            let message = "a build argument may export another stage than the one that the file names";
            self.obstacles.push(Obstacle::doubt(exported.label(), message));
        }
        if image.name.follows() == Follows::Target {
            self.obstacles
                .push(Obstacle::block(stage.label(), "the image is another one for each target platform"));
        } else if image.known.is_none() {
            let message = "dflint does not know this image, nor whether it exists for the build platform";
            self.obstacles.push(Obstacle::doubt(stage.label(), message));
        }
    }

    /// What `go install` makes and the stage keeps, and what only stages on the build platform take, are tools: they go
    /// on being compiled for the machine.
    fn leave_tools_alone(&mut self, facts: &Facts<'_>) {
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
                self.keep_for_machine(id);
            }
        }
    }

    fn keep_for_machine(&mut self, tool: InvocationId) {
        self.compiles.retain(|compile| *compile != tool);
        if !self.tools.contains(&tool) {
            self.tools.push(tool);
        }
    }

    fn look_at_commands(&mut self, facts: &Facts<'_>) {
        for &stage in &self.family.clone() {
            for run in &facts.stages[stage].runs {
                if let Some(mount) = output_cache(facts, run.instruction) {
                    let message = "a cache over an output folder is shared by all platforms, which would now build at once";
                    self.obstacles.push(Obstacle::doubt(mount, message));
                }
                if run.incomplete {
                    let range = facts.instruction(run.instruction).keyword_range;
                    self.obstacles.push(Obstacle::doubt(range, "dflint cannot follow all of this RUN"));
                }
            }
            for at in facts.stages[stage].span.body.clone() {
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
            let stage = &facts.stages[stage];
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
                self.keep_for_machine(product);
                return;
            }
            let name = command_name(facts.invocation(product));
            let message = format!(
                "it runs what `{name}` has compiled, which would be a program for another architecture"
            );
            self.obstacles.push(Obstacle::block(invocation.name_range(), message));
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
            Some(Does::Compile) if Toolchain::of(invocation).is_none() => {
                let name = command_name(invocation);
                self.obstacles.push(Obstacle::doubt(
                    invocation.name_range(),
                    format!("dflint has no recipe for `{name}`"),
                ));
            }
            Some(Does::Fetch) => {
                if invocation.words.iter().any(|word| word.value.follows() == Follows::Target) {
                    let message =
                        "what is downloaded is for the target platform and could not run here any more";
                    self.obstacles.push(Obstacle::doubt(invocation.name_range(), message));
                }
            }
            Some(_) => {}
        }
    }

    fn look_at_what_enters(&mut self, facts: &Facts<'_>) {
        for &stage in &self.family.clone() {
            for at in facts.stages[stage].span.body.clone() {
                let instruction = facts.instruction(at);
                let flags = match instruction.keyword {
                    Keyword::Copy => {
                        instruction.flags_named("from").filter_map(|flag| flag.value.as_ref()).collect()
                    }
                    Keyword::Run => instruction
                        .flags_named("mount")
                        .filter_map(|mount| mount.key("from")?.value.as_ref())
                        .collect::<Vec<_>>(),
                    _ => continue,
                };
                for from in flags {
                    let source = facts.stage_named(&from.text);
                    if source.is_some_and(|source| self.is_harmless_source(facts, source, at)) {
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
        let is_native = facts.stages[source].platform == StagePlatform::Build;
        let for_machine = |id: &InvocationId| compiles_for(facts, *id) == CompilesFor::Machine;
        contents.is_portable() || (is_native && contents.products.iter().all(for_machine))
    }

    fn look_at_what_leaves(&mut self, facts: &Facts<'_>) {
        for &stage in &self.family.clone() {
            for consumer in &facts.stages[stage].consumers {
                if self.has(consumer.stage) {
                    continue;
                }
                self.consumers.push((consumer.stage, consumer.instruction));
                let contents = facts.taken_from(stage, consumer.instruction);
                if !contents.products.is_empty() || contents.unknown.is_some() {
                    self.takers.push((consumer.stage, consumer.instruction));
                }
                if facts.stages[consumer.stage].platform == StagePlatform::Build {
                    let own = contents.products.iter().filter(|product| self.has(product.stage));
                    let own: Vec<_> = own.copied().filter(|product| !self.tools.contains(product)).collect();
                    self.tools.extend(own);
                }
                if facts.stages[consumer.stage].platform == StagePlatform::Build
                    || (facts.stages[consumer.stage].platform == StagePlatform::Target
                        && !facts.is_for_target(consumer.stage))
                {
                    continue;
                }
                let taken = facts.instruction(consumer.instruction).range;
                let to = &facts.stages[consumer.stage];
                let locked =
                    facts.root_image(consumer.stage).is_some_and(|image| image.architecture_lock().is_some());
                if locked || to.platform != StagePlatform::Target {
                    let message = format!("{} is for one architecture only, or may be", to.display_name());
                    self.obstacles.push(Obstacle::block(to.label(), message));
                }
                if let Some(native) = contents.native {
                    let range = facts.cause_range(native);
                    self.obstacles.push(Obstacle::block(range, native_message(facts, taken)));
                }
                if let Some(probed) = contents.probed {
                    let message = "it asks the machine for its architecture, and what comes of it is copied out of the stage";
                    self.obstacles.push(Obstacle::block(probed, message));
                }
                if let Some(unknown) = contents.unknown {
                    let message =
                        "dflint cannot tell what this leaves in the files that are copied out of the stage";
                    let weight = if contents.products.is_empty() { Weight::Block } else { Weight::Doubt };
                    self.obstacles.push(Obstacle { range: unknown, message: message.to_owned(), weight });
                }
                for product in contents.products {
                    if self.has(product.stage) && !self.products.contains(&product) {
                        self.products.push(product);
                    }
                }
            }
        }
    }

    fn has(&self, stage: usize) -> bool {
        self.family.binary_search(&stage).is_ok()
    }

    /// Whether dflint knows all that leaves the family, and none of it is for the platform that it runs on.
    pub fn leaves_only_known(&self, facts: &Facts<'_>) -> bool {
        self.consumers.iter().all(|&(_, instruction)| {
            facts.sources_of(instruction).filter(|source| self.has(*source)).all(|source| {
                let contents = facts.taken_from(source, instruction);
                contents.native.is_none() && contents.probed.is_none() && contents.unknown.is_none()
            })
        })
    }

    /// Whether the family may run on the build platform at all: it starts from an image, runs on the target platform,
    /// and nothing of it is the exported image.
    pub fn could_be_pinned(&self, facts: &Facts<'_>) -> bool {
        let stage = &facts.stages[self.family[0]];
        stage.image().is_some_and(|image| image.architecture_lock().is_none() && !image.is_windows())
            && stage.platform == StagePlatform::Target
            && self.family.iter().all(|&member| !facts.stages[member].exported)
            && self.family.iter().any(|&member| facts.stages[member].reachable)
    }
}

fn native_message(facts: &Facts<'_>, taken: TextRange) -> String {
    let line = facts.file.line(taken.start());
    format!("line {line} takes files out of it that are for the platform it runs on")
}

/// The mount of a cache over a folder that compilers write into, without the platform in its id.
fn output_cache(facts: &Facts<'_>, run: usize) -> Option<TextRange> {
    let mounts = facts.instruction(run).flags_named("mount");
    let value = |mount: &Flag, name: &str| {
        mount.key(name).and_then(|key| key.value.as_ref()).map(|word| word.text.clone())
    };
    mounts
        .into_iter()
        .find(|mount| {
            let target = ["target", "dst", "destination"].iter().find_map(|name| value(mount, name));
            value(mount, "type").as_deref() == Some("cache")
                && !value(mount, "id").is_some_and(|id| id.contains("TARGET"))
                && target.is_some_and(|target| {
                    matches!(
                        target.trim_end_matches('/').rsplit('/').next(),
                        Some("obj" | "bin" | "target" | "build" | "dist" | "out")
                    )
                })
        })
        .map(|mount| mount.range)
}

/// Whether a variable names the stage that a stage is built on, so that it may name another.
fn is_left_to_builder(stage: &Stage<'_>) -> bool {
    matches!(stage.base, StageBase::Stage(_))
        && stage.from_body.is_some_and(|body| body.image.text.contains('$'))
}

/// Whether a COPY puts something where programs are looked for, or a mount brings it.
fn is_tool_destination(facts: &Facts<'_>, at: usize) -> bool {
    let instruction = facts.instruction(at);
    let Body::Copy(copy) = &instruction.body else { return true };
    let destination = copy.destination.text.trim_matches(['"', '\'']).trim_end_matches('/');
    destination.is_empty() || destination.split('/').any(|part| part == "bin" || part == "sbin")
}

/// The first words of a command, as messages name it.
pub fn command_name(invocation: &Invocation) -> String {
    if let Some(command) = invocation.command {
        return command.name.to_owned();
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
