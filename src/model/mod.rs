//! What a Dockerfile means: its stages, where each of their commands runs, with which variables, and what becomes of
//! what they write. Computed once for a file; rules only ask.

mod alternatives;
mod conditions;
mod contents;
mod environment;
mod interpreter;
mod invocation;
pub mod plan;
mod platform;
mod project;
mod remembered;
mod runs;
mod scopes;
mod stage;
pub mod stages;
mod value;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use smol_str::SmolStr;

pub(crate) use conditions::glob_matches;
pub use contents::{Cause, Contents};
pub use environment::{Binding, Environment, Origin};
pub(crate) use interpreter::resolve_path;
pub use interpreter::{ArchMap, Comparison, MapArm, PlatformUse};
pub use invocation::{Argument, CommandOption, InlineAssignment, Invocation};
pub use platform::{InvalidPlatform, Platform, possible_value};
pub use project::Project;
pub use scopes::{PLATFORM_ARGUMENTS, Scope};
pub use stage::{BaseImage, ExportedCommand, FilesFrom, Run, Stage, StageBase, StagePlatform};
pub use value::{Follows, Known, Value, WORLDS, Worlds, build_platform, target_platform};

use crate::syntax;
use crate::syntax::variables::{expanded_words, references};
use crate::syntax::{Instruction, Keyword, Parse};
use crate::text::{SourceFile, TextRange};

/// Everything that rules know of a file.
pub struct Facts<'a> {
    /// The file.
    pub file: &'a SourceFile,
    /// Its tree.
    pub parse: &'a Parse,
    /// How the project builds it.
    pub project: &'a Project,
    /// The line ending that most of its lines have.
    pub line_ending: &'static str,
    /// Its stages, one for each FROM.
    pub stages: Vec<Stage<'a>>,
    /// The variables and the directory in front of each instruction, by its index in the parse.
    scopes: Vec<Rc<Scope>>,
    /// What the file makes of predefined arguments, in each build.
    overridden: [HashMap<SmolStr, Known>; WORLDS],
    /// The stages that the project names as targets.
    other_targets: Vec<usize>,
    /// The stages that are built on each stage, by its number.
    children: Vec<Vec<usize>>,
    /// The stage without a stage below it that each stage is built on, or the stage itself.
    roots: Vec<usize>,
    /// See [`Facts::is_for_target`].
    for_target: Vec<bool>,
    /// The last stage of each name, lower-cased.
    by_name: HashMap<String, usize>,
    /// The stages that an instruction takes files from, by its index.
    sources: HashMap<usize, Vec<usize>>,
    /// What was asked before: [`Facts::contents`] has the same questions again and again.
    answers: contents::Answers,
    remembered: remembered::Remembered,
}

/// A command of a RUN: the index of its stage, of the RUN among the stage's, and of the command in it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct InvocationId {
    /// The stage.
    pub stage: usize,
    /// The RUN among [`Stage::runs`].
    pub run: usize,
    /// The command among [`Run::invocations`].
    pub invocation: usize,
}

impl<'a> Facts<'a> {
    /// Computes the facts of a file from its tree.
    pub fn new(file: &'a SourceFile, parse: &'a Parse, project: &'a Project) -> Self {
        let spans = stages::stage_spans(parse);
        let no_arguments = BTreeMap::new();
        let scenario = |world| stages::Scenario {
            build: build_platform(world),
            target: target_platform(world),
            build_arguments: &no_arguments,
            target_stage: None,
            other_targets: &project.targets,
            arguments_may_be_given: true,
        };
        let first = stages::resolve(parse, &spans, &scenario(0));
        let others = [1, 2, 3].map(|world| stages::resolve_beside(&first, parse, &spans, &scenario(world)));
        let [second, third, fourth] = others;
        let builds = [first, second, third, fourth];
        let knowledge = project.knowledge;
        let scopes = scopes::scopes(parse, &spans, &builds, knowledge);
        let mut stages = stage::stages(parse, &spans, &builds, knowledge);
        let other_targets = builds[0].other_targets.clone();
        let overridden = builds.map(|build| build.overridden);
        for stage in &mut stages {
            stage.runs = runs::runs(file, stage, parse, &scopes, knowledge);
        }
        let mut children = vec![Vec::new(); stages.len()];
        let mut roots = Vec::with_capacity(stages.len());
        let mut by_name = HashMap::new();
        let mut sources: HashMap<usize, Vec<usize>> = HashMap::new();
        for stage in &stages {
            let mut root = stage.index;
            if let StageBase::Stage(base) = stage.base {
                children[base].push(stage.index);
                root = roots[base];
            }
            roots.push(root);
            if let Some(name) = stage.name() {
                by_name.insert(name.to_ascii_lowercase(), stage.index);
            }
            for consumer in &stage.consumers {
                sources.entry(consumer.instruction).or_default().push(stage.index);
            }
        }
        let for_target = for_target(&stages, &children, &roots);
        let answers = contents::Answers::default();
        let line_ending = line_ending(file.text());
        Self {
            file,
            parse,
            project,
            line_ending,
            stages,
            scopes,
            overridden,
            other_targets,
            children,
            roots,
            for_target,
            by_name,
            sources,
            answers,
            remembered: remembered::Remembered::default(),
        }
    }

    /// The variables and the directory in front of an instruction, given by its index in the parse.
    pub fn scope(&self, instruction: usize) -> &Scope {
        &self.scopes[instruction]
    }

    /// A command.
    pub fn invocation(&self, id: InvocationId) -> &Invocation {
        &self.stages[id.stage].runs[id.run].invocations[id.invocation]
    }

    /// The RUN that a command belongs to.
    pub fn run(&self, id: InvocationId) -> &Run {
        &self.stages[id.stage].runs[id.run]
    }

    /// An instruction.
    pub fn instruction(&self, index: usize) -> &'a Instruction {
        &self.parse.instructions[index]
    }

    /// The commands of a stage in order, with their ids.
    pub fn invocations(&self, stage: usize) -> impl Iterator<Item = (InvocationId, &Invocation)> {
        self.stages[stage].runs.iter().enumerate().flat_map(move |(run, of)| {
            of.invocations
                .iter()
                .enumerate()
                .map(move |(invocation, command)| (InvocationId { stage, run, invocation }, command))
        })
    }

    /// The stage and every stage that is built on it, in order: they run on the same platform.
    pub fn family(&self, stage: usize) -> Vec<usize> {
        let mut family = vec![stage];
        let mut next = 0;
        while next < family.len() {
            family.extend(&self.children[family[next]]);
            next += 1;
        }
        family.sort_unstable();
        family
    }

    /// What an ARG with a default declares `name` to be.
    pub fn argument_value(&self, instruction: usize, name: &str) -> Value {
        if self.is_global(instruction) {
            let value = |world: usize| self.overridden[world].get(name).cloned();
            return Value::each(|world| value(world).unwrap_or(Known::Unset));
        }
        let syntax::Body::Arg(pairs) = &self.instruction(instruction).body else { return Value::unknown() };
        let default = pairs.iter().find(|pair| pair.name.text == name).and_then(|pair| pair.value.as_ref());
        scopes::expanded(default, &self.scope(instruction).environment, self.parse.escape)
    }

    /// Whether an instruction stands above the first FROM.
    pub fn is_global(&self, instruction: usize) -> bool {
        self.stages.first().is_none_or(|stage| instruction < stage.span.from)
    }

    /// Whether an ARG above the first FROM gives a platform argument a value of its own.
    pub fn is_overridden(&self, name: &str) -> bool {
        self.overridden[0].contains_key(name)
    }

    /// Where an ARG above the first FROM declares `name`.
    pub fn global_argument(&self, name: &str) -> Option<TextRange> {
        let first_from = self.stages.first().map_or(self.parse.instructions.len(), |stage| stage.span.from);
        let arguments =
            self.parse.instructions[..first_from].iter().filter_map(|instruction| match &instruction.body {
                syntax::Body::Arg(pairs) => Some(pairs),
                _ => None,
            });
        arguments.flatten().find(|pair| pair.name.text == name).map(|pair| pair.range)
    }

    /// The stage without a stage below it that a stage is built on, or the stage itself.
    pub fn root(&self, stage: usize) -> usize {
        self.roots[stage]
    }

    /// The image that a stage, or the stage that it is built on, starts from.
    pub fn root_image(&self, stage: usize) -> Option<&BaseImage> {
        self.stages[self.root(stage)].image()
    }

    /// Whether a stage, or the one at the bottom of its bases, starts from nothing.
    pub fn starts_from_scratch(&self, stage: usize) -> bool {
        matches!(self.stages[self.roots[stage]].base, StageBase::Scratch)
    }

    /// The stage that names the image of a stage whose bases, up to that one, do nothing but name it.
    pub fn bare_image_below(&self, stage: usize) -> Option<usize> {
        let mut stage = stage;
        while let StageBase::Stage(base) = self.stages[stage].base {
            // Whoever builds may choose another by a variable.
            let is_chosen = self.stages[stage].from_body.is_some_and(|body| body.image.text.contains('$'));
            if is_chosen || !self.stages[base].span.body.is_empty() {
                return None;
            }
            stage = base;
        }
        self.stages[stage].image().map(|_| stage)
    }

    /// Whether what a stage takes in is used on the target platform: not where it only passes files on, from scratch, to
    /// stages on the build platform.
    pub fn is_for_target(&self, stage: usize) -> bool {
        self.for_target[stage]
    }

    /// The stages that a COPY or RUN takes files from.
    pub fn sources_of(&self, instruction: usize) -> impl Iterator<Item = usize> {
        self.sources.get(&instruction).into_iter().flatten().copied()
    }

    /// The last stage of that name, or of that number.
    pub fn stage_named(&self, name: &str) -> Option<usize> {
        let by_name = self.by_name.get(&name.to_ascii_lowercase()).copied();
        by_name.or_else(|| name.parse().ok().filter(|&index| index < self.stages.len()))
    }

    /// The name of a stage that is nothing but that image, if the name leads to it.
    pub fn bare_stage_of<'s>(&self, stage: &'s Stage<'_>, image: &str) -> Option<&'s str> {
        let is_image =
            stage.from_body.is_some_and(|body| body.image.text == image) && stage.span.body.is_empty();
        stage.name().filter(|name| is_image && self.stage_named(name) == Some(stage.index))
    }

    /// How messages call the stage that an instruction belongs to.
    pub fn stage_of(&self, instruction: usize) -> String {
        let stage = self.stage_with(instruction);
        stage.map_or_else(|| "the file".to_owned(), |stage| self.stages[stage].display_name())
    }

    /// The stage that an instruction belongs to; none for a FROM and what stands above the first.
    pub fn stage_with(&self, instruction: usize) -> Option<usize> {
        let behind = self.stages.partition_point(|stage| stage.span.from < instruction);
        behind.checked_sub(1).filter(|&stage| self.stages[stage].span.body.contains(&instruction))
    }

    /// Whether `stage` is `ancestor` or built on it.
    pub fn is_built_on(&self, stage: usize, ancestor: usize) -> bool {
        let mut stage = stage;
        while let (true, StageBase::Stage(base)) = (stage > ancestor, &self.stages[stage].base) {
            stage = *base;
        }
        stage == ancestor
    }

    /// The stage that is exported unless another is asked for: the last one.
    pub fn exported_stage(&self) -> Option<&Stage<'a>> {
        self.stages.last()
    }

    /// Every stage that is exported: the last one, and those that the project names as targets.
    pub fn exported_stages(&self) -> impl Iterator<Item = &Stage<'a>> {
        let last = self.stages.len().wrapping_sub(1);
        let others = self.other_targets.iter().copied().filter(move |&stage| stage != last);
        self.exported_stage().into_iter().chain(others.map(|stage| &self.stages[stage]))
    }

    /// The uses of platform arguments in a stage, with the index of the instruction, in order.
    pub fn platform_uses(&self, stage: usize) -> Vec<(usize, PlatformUse)> {
        let stage = &self.stages[stage];
        let mut uses: Vec<(usize, PlatformUse)> = Vec::new();
        for run in &stage.runs {
            uses.extend(run.platform_uses.iter().map(|of| (run.instruction, *of)));
        }
        for at in stage.span.body.clone() {
            let environment = &self.scope(at).environment;
            for word in expanded_words(self.instruction(at)) {
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
            }
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

/// See [`Facts::is_for_target`]. What uses a stage stands behind it, so the last is answered first.
fn for_target(stages: &[Stage<'_>], children: &[Vec<usize>], roots: &[usize]) -> Vec<bool> {
    let mut answers = vec![false; stages.len()];
    for (index, stage) in stages.iter().enumerate().rev() {
        let from_scratch = matches!(stages[roots[index]].base, StageBase::Scratch);
        let only_carries = !stage.exported && stage.runs.is_empty() && from_scratch;
        let takers = stage.consumers.iter().map(|user| user.stage);
        let mut users = takers.chain(children[index].iter().copied());
        answers[index] = stage.platform == StagePlatform::Target
            && (!only_carries || users.any(|user| user > index && answers[user]));
    }
    answers
}

/// The line ending that most lines of a text have.
pub(crate) fn line_ending(text: &str) -> &'static str {
    let all = text.bytes().filter(|&byte| byte == b'\n').count();
    let with_return = text.matches("\r\n").count();
    if with_return * 2 > all { "\r\n" } else { "\n" }
}
