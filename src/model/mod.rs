//! What a Dockerfile means: its stages, where each of their commands runs, with which variables, and what becomes of
//! what they write. Computed once for a file; rules only ask.

mod alternatives;
mod conditions;
mod contents;
mod environment;
mod file_model;
mod interpreter;
mod invocation;
pub mod plan;
mod platform;
mod project;
mod remembered;
mod runs;
mod scopes;
mod source;
mod stage;
pub mod stages;
mod value;
mod words;

pub(crate) use conditions::glob_matches;
pub use contents::{Cause, Contents};
pub use environment::{Binding, Environment, Origin};
pub(crate) use file_model::{FileModel, is_local};
pub(crate) use interpreter::resolve_path;
pub use interpreter::{ArchMap, Comparison, MapArm, PlatformUse};
pub use invocation::{Argument, CommandOption, InlineAssignment, Invocation};
pub use platform::{InvalidPlatform, Platform, possible_value};
pub use project::Project;
pub use scopes::{PLATFORM_ARGUMENTS, Scope};
pub use stage::{BaseImage, ExportedCommand, FilesFrom, Run, Stage, StageBase, StagePlatform};
pub use value::{Follows, Known, Value, WORLDS, Worlds, build_platform, target_platform};

use std::iter::successors;

use smol_str::StrExt;

use crate::syntax;
use crate::syntax::variables::{for_each_expanded_word, references};
use crate::syntax::{Keyword, Parse};
use crate::text::{SourceFile, TextRange};

/// Everything that rules know of a file.
pub struct Facts<'a> {
    file: &'a SourceFile,
    parse: &'a Parse,
    /// How the project builds it.
    pub project: &'a Project,
    model: FileModel,
}

/// A command of a RUN: the index of its stage, of the RUN among the stage's, and of the command in it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct InvocationId {
    /// The stage.
    pub stage: usize,
    /// The RUN among [`Facts::runs`].
    pub run: usize,
    /// The command among [`Run::invocations`].
    pub invocation: usize,
}

impl<'a> Facts<'a> {
    /// Computes the facts of a file from its tree.
    pub fn new(file: &'a SourceFile, parse: &'a Parse, project: &'a Project) -> Self {
        Self::with(file, parse, project, FileModel::new(file, parse, project))
    }

    /// The same with what is known of the file already.
    pub(crate) fn with(
        file: &'a SourceFile,
        parse: &'a Parse,
        project: &'a Project,
        model: FileModel,
    ) -> Self {
        Self { file, parse, project, model }
    }

    /// What is known of the file, to be used again.
    pub(crate) fn into_model(self) -> FileModel {
        self.model
    }

    /// The stages, one for each FROM.
    pub fn stages(&self) -> &[Stage] {
        &self.model.stages
    }

    /// Whether a `--from` names a stage by its number, so that another stage above it would change what it names.
    pub fn counts_stages(&self) -> bool {
        let mut sources = self.flags_named("from").filter_map(|flag| flag.value.as_ref());
        sources.any(|from| from.text.parse::<usize>().is_ok())
    }

    /// The RUNs of a stage.
    pub fn runs(&self, stage: usize) -> &[Run] {
        self.model.reads.read(&[stage]);
        &self.model.stages[stage].runs
    }

    /// The RUN that an instruction is.
    pub fn run_at(&self, instruction: usize) -> Option<&Run> {
        let runs = self.runs(self.stage_with(instruction)?);
        runs.iter().find(|run| run.instruction == instruction)
    }

    /// The variables and the directory in front of an instruction, given by its index in the parse.
    pub fn scope(&self, instruction: usize) -> &Scope {
        self.read_stage_of(instruction);
        &self.model.scopes[instruction]
    }

    /// A command.
    pub fn invocation(&self, id: InvocationId) -> &Invocation {
        &self.run(id).invocations[id.invocation]
    }

    /// The RUN that a command belongs to.
    pub fn run(&self, id: InvocationId) -> &Run {
        &self.runs(id.stage)[id.run]
    }

    /// The commands of a stage in order, with their ids.
    pub fn invocations(&self, stage: usize) -> impl Iterator<Item = (InvocationId, &Invocation)> {
        self.runs(stage).iter().enumerate().flat_map(move |(run, of)| {
            of.invocations
                .iter()
                .enumerate()
                .map(move |(invocation, command)| (InvocationId { stage, run, invocation }, command))
        })
    }

    /// The stage and every stage that is built on it, in order: they run on the same platform.
    pub fn family(&self, stage: usize) -> Vec<usize> {
        self.model.family(stage)
    }

    /// What an ARG with a default declares `name` to be.
    pub fn argument_value(&self, instruction: usize, name: &str) -> Value {
        if self.is_global(instruction) {
            let value = |world: usize| self.model.overridden[world].get(name).cloned();
            return Value::each(|world| value(world).unwrap_or(Known::Unset));
        }
        let syntax::Body::Arg(pairs) = &self.instruction(instruction).body else { return Value::unknown() };
        let default = pairs.iter().find(|pair| pair.name.text == name).and_then(|pair| pair.value.as_ref());
        scopes::expanded(default, &self.scope(instruction).environment, self.parse.escape)
    }

    /// Whether an instruction stands above the first FROM.
    pub fn is_global(&self, instruction: usize) -> bool {
        self.model.stages.first().is_none_or(|stage| instruction < stage.span.from)
    }

    /// Whether an ARG above the first FROM gives a platform argument a value of its own.
    pub fn is_overridden(&self, name: &str) -> bool {
        self.model.overridden[0].contains_key(name)
    }

    /// Where an ARG above the first FROM declares `name`.
    pub fn global_argument(&self, name: &str) -> Option<TextRange> {
        let first_from =
            self.model.stages.first().map_or(self.parse.instructions.len(), |stage| stage.span.from);
        let arguments =
            self.parse.instructions[..first_from].iter().filter_map(|instruction| match &instruction.body {
                syntax::Body::Arg(pairs) => Some(pairs),
                _ => None,
            });
        arguments.flatten().find(|pair| pair.name.text == name).map(|pair| pair.range)
    }

    /// The stage without a stage below it that a stage is built on, or the stage itself.
    pub fn root(&self, stage: usize) -> usize {
        self.model.roots[stage]
    }

    /// The image that a stage, or the stage that it is built on, starts from.
    pub fn root_image(&self, stage: usize) -> Option<&BaseImage> {
        self.model.stages[self.root(stage)].image()
    }

    /// Whether a stage, or the one at the bottom of its bases, starts from nothing.
    pub fn starts_from_scratch(&self, stage: usize) -> bool {
        matches!(self.model.stages[self.model.roots[stage]].base, StageBase::Scratch)
    }

    /// The stage that names the image of a stage whose bases, up to that one, do nothing but name it.
    pub fn bare_image_below(&self, stage: usize) -> Option<usize> {
        let mut stage = stage;
        while let StageBase::Stage(base) = self.model.stages[stage].base {
            // Whoever builds may choose another by a variable.
            let is_chosen = self.from_body(stage).is_some_and(|body| body.image.text.contains('$'));
            if is_chosen || !self.model.stages[base].span.body.is_empty() {
                return None;
            }
            stage = base;
        }
        self.model.stages[stage].image().map(|_| stage)
    }

    /// Whether what a stage takes in is used on the target platform: not where it only passes files on, from scratch, to
    /// stages on the build platform.
    pub fn is_for_target(&self, stage: usize) -> bool {
        self.model.for_target[stage]
    }

    /// The stages that a COPY or RUN takes files from.
    pub fn sources_of(&self, instruction: usize) -> impl Iterator<Item = usize> {
        let sources = &self.model.sources;
        let first = sources.partition_point(|(taker, _)| *taker < instruction);
        sources[first..].iter().take_while(move |(taker, _)| *taker == instruction).map(|(_, stage)| *stage)
    }

    /// The last stage of that name, or of that number.
    pub fn stage_named(&self, name: &str) -> Option<usize> {
        let by_name = self.model.by_name.get(&name.to_ascii_lowercase_smolstr()).copied();
        by_name.or_else(|| name.parse().ok().filter(|&index| index < self.model.stages.len()))
    }

    /// The name of a stage that is nothing but that image, if the name leads to it.
    pub fn bare_stage_of<'s>(&self, stage: &'s Stage, image: &str) -> Option<&'s str> {
        let is_image = self.from_body(stage.index).is_some_and(|body| body.image.text == image)
            && stage.span.body.is_empty();
        stage.name().filter(|name| is_image && self.stage_named(name) == Some(stage.index))
    }

    /// How messages call the stage that an instruction belongs to.
    pub fn stage_of(&self, instruction: usize) -> String {
        let stage = self.stage_with(instruction);
        stage.map_or_else(|| "the file".to_owned(), |stage| self.model.stages[stage].display_name())
    }

    /// The stage that an instruction belongs to; none for a FROM and what stands above the first.
    pub fn stage_with(&self, instruction: usize) -> Option<usize> {
        let behind = self.model.stages.partition_point(|stage| stage.span.from < instruction);
        behind.checked_sub(1).filter(|&stage| self.model.stages[stage].span.body.contains(&instruction))
    }

    /// A stage and those that it is built on, down to the one that starts from an image.
    pub fn stages_below(&self, stage: usize) -> impl Iterator<Item = usize> {
        successors(Some(stage), |&stage| match self.model.stages[stage].base {
            StageBase::Stage(base) => Some(base),
            _ => None,
        })
    }

    /// Whether `stage` is `ancestor` or built on it.
    pub fn is_built_on(&self, stage: usize, ancestor: usize) -> bool {
        let mut stage = stage;
        while let (true, StageBase::Stage(base)) = (stage > ancestor, &self.model.stages[stage].base) {
            stage = *base;
        }
        stage == ancestor
    }

    /// The stage that is exported unless another is asked for: the last one.
    pub fn exported_stage(&self) -> Option<&Stage> {
        self.model.stages.last()
    }

    /// Every stage that is exported: the last one, and those that the project names as targets.
    pub fn exported_stages(&self) -> impl Iterator<Item = &Stage> {
        let last = self.model.stages.len().wrapping_sub(1);
        let others = self.model.other_targets.iter().copied().filter(move |&stage| stage != last);
        self.exported_stage().into_iter().chain(others.map(|stage| &self.model.stages[stage]))
    }

    /// The uses of platform arguments in a stage, with the index of the instruction, in order.
    pub fn platform_uses(&self, stage: usize) -> Vec<(usize, PlatformUse)> {
        let stage = &self.model.stages[stage];
        let mut uses: Vec<(usize, PlatformUse)> = Vec::new();
        for run in self.runs(stage.index) {
            uses.extend(run.platform_uses.iter().map(|of| (run.instruction, *of)));
        }
        for at in stage.span.body.clone() {
            let environment = &self.scope(at).environment;
            for_each_expanded_word(self.instruction(at), |word| {
                for reference in references(&word.text, self.parse.escape) {
                    let name = PLATFORM_ARGUMENTS.into_iter().find(|name| *name == reference.name);
                    let Some(name) = name else { continue };
                    let range = word.to_source(reference.range);
                    let declared = !environment.value(name).is_unset();
                    uses.push((
                        at,
                        PlatformUse { name, range, has_operation: reference.operator.is_some(), declared },
                    ));
                }
            });
        }
        uses.sort_by_key(|(_, of)| of.range.start());
        uses
    }

    /// Whether something in the file works with `BuildKit` only, so that no other builder can be meant.
    pub fn needs_buildkit(&self) -> bool {
        self.parse.directives.iter().any(|directive| directive.name == "syntax")
            || self.parse.instructions.iter().any(|instruction| {
                !instruction.heredocs.is_empty()
                    || match instruction.keyword {
                        Keyword::Run => instruction.flag("mount").is_some(),
                        Keyword::Copy | Keyword::Add => ["link", "parents", "exclude", "checksum"]
                            .iter()
                            .any(|name| instruction.flag(name).is_some()),
                        _ => false,
                    }
            })
    }
}
