//! What is known of a file, apart from its text and its tree.

use std::collections::{BTreeMap, HashMap};
use std::mem::take;
use std::rc::Rc;

use smol_str::{SmolStr, StrExt};
use thin_vec::ThinVec;

use super::remembered::{EVERYTHING, LINES, ReadLog, Remembered};
use super::scopes::{self, Scope};
use super::stage::{self, Stage, StageBase, StagePlatform};
use super::stages::{self, Scenario};
use super::value::{Known, WORLDS, build_platform, target_platform};
use super::{Project, contents, runs};
use crate::syntax::{Keyword, Parse};
use crate::text::{SourceFile, line_ending};

/// See the module. [`Facts`](super::Facts) are this with the text and the tree that it is of.
pub(crate) struct FileModel {
    pub(super) line_ending: &'static str,
    pub(super) stages: Vec<Stage>,
    /// The variables and the directory in front of each instruction, by its index in the parse.
    pub(super) scopes: Vec<Rc<Scope>>,
    /// The values of the ARGs above the first FROM, in each build.
    globals: [HashMap<SmolStr, Known>; WORLDS],
    /// What the file makes of predefined arguments, in each build.
    pub(super) overridden: [HashMap<SmolStr, Known>; WORLDS],
    /// The stages that the project names as targets.
    pub(super) other_targets: Vec<usize>,
    /// The stages that are built on each stage, by its number.
    pub(super) children: Vec<ThinVec<usize>>,
    /// The stage without a stage below it that each stage is built on, or the stage itself.
    pub(super) roots: Vec<usize>,
    /// See [`Facts::is_for_target`](super::Facts::is_for_target).
    pub(super) for_target: Vec<bool>,
    /// The stages that need themselves, by what they copy, or such a stage: `BuildKit` refuses to build them.
    pub(super) circular: Vec<usize>,
    /// The last stage of each name, lower-cased.
    pub(super) by_name: HashMap<SmolStr, usize>,
    /// The instructions that take files from stages, by their indices in order, each with one of the stages.
    pub(super) sources: Vec<(usize, usize)>,
    /// What was asked before: [`Facts::contents`](super::Facts::contents) has the same questions again and again.
    pub(super) answers: contents::Known,
    pub(super) remembered: Remembered,
    pub(super) reads: ReadLog,
}

impl FileModel {
    /// Works it out from the tree of a file.
    pub(crate) fn new(file: &SourceFile, parse: &Parse, project: &Project) -> Self {
        let spans = stages::stage_spans(parse);
        let no_arguments = BTreeMap::new();
        let scenario = |world| Scenario {
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
        let mut builds = [first, second, third, fourth];
        let knowledge = project.knowledge;
        let scopes = scopes::scopes(parse, &spans, &builds, knowledge);
        let mut stages = stage::stages(parse, &spans, &builds, knowledge);
        let other_targets = builds[0].other_targets.clone();
        let globals = builds.each_mut().map(|build| take(&mut build.global_variables));
        let overridden = builds.map(|build| build.overridden);
        for stage in &mut stages {
            stage.runs = runs::runs(file, stage, parse, &scopes, knowledge);
        }
        let mut children = vec![ThinVec::new(); stages.len()];
        let mut roots = Vec::with_capacity(stages.len());
        let mut by_name = HashMap::with_capacity(stages.len());
        let mut sources = Vec::new();
        for stage in &stages {
            let mut root = stage.index;
            if let StageBase::Stage(base) = stage.base {
                children[base].push(stage.index);
                root = roots[base];
            }
            roots.push(root);
            if let Some(name) = stage.name() {
                by_name.insert(name.to_ascii_lowercase_smolstr(), stage.index);
            }
            sources.extend(stage.consumers.iter().map(|consumer| (consumer.instruction, stage.index)));
        }
        sources.sort_unstable();
        sources.shrink_to_fit();
        let for_target = for_target(&stages, &children, &roots);
        Self {
            line_ending: line_ending(file.text()),
            circular: circular(&stages, &children),
            stages,
            scopes,
            globals,
            overridden,
            other_targets,
            children,
            roots,
            for_target,
            by_name,
            sources,
            answers: contents::Known::default(),
            remembered: Remembered::default(),
            reads: ReadLog::default(),
        }
    }

    /// From now on, answers note what was read for them, so that an edit leaves those that it does not concern.
    pub(crate) fn log_reads(mut self) -> Self {
        self.reads.is_on = true;
        self
    }

    /// Takes in that these instructions, each of a stage, have other arguments, nothing else of the tree being changed, and
    /// whether lines were added or taken away. Only for instructions [that mean nothing to other stages](is_local).
    pub(crate) fn take_edits(
        &mut self,
        file: &SourceFile,
        parse: &Parse,
        project: &Project,
        edited: &[usize],
        lines_moved: bool,
    ) {
        let mut changed = vec![EVERYTHING];
        changed.extend(lines_moved.then_some(LINES));
        for &at in edited {
            let stage = self.stages.partition_point(|stage| stage.span.from < at) - 1;
            if scopes::changes_scope(parse.instructions[at].keyword) {
                let family = self.family(stage);
                self.give_scopes(parse, &family);
                for &member in &family {
                    let of = &self.stages[member];
                    self.stages[member].runs = runs::runs(file, of, parse, &self.scopes, project.knowledge);
                }
                changed.extend(family);
                continue;
            }
            let of = &mut self.stages[stage];
            let machine = runs::machine(&of.platform);
            if let Some(run) = of.runs.iter_mut().find(|run| run.instruction == at) {
                *run = runs::run_at(file, parse, &self.scopes, &machine, project.knowledge, at);
            }
            changed.push(stage);
        }
        self.answers.forget(&changed);
        self.remembered.forget(&changed);
    }

    /// Gives the instructions of a stage and of all that is built on it their scopes anew.
    fn give_scopes(&mut self, parse: &Parse, family: &[usize]) {
        let mut ends: HashMap<usize, Rc<Scope>> = HashMap::new();
        for &member in family {
            let Stage { base, span, .. } = &self.stages[member];
            let first = match base {
                StageBase::Stage(base) if ends.contains_key(base) => ends[base].clone(),
                _ => self.scopes[span.body.start].clone(),
            };
            let end = scopes::stage_scopes(&mut self.scopes, span, first, parse, self.globals.each_ref());
            ends.insert(member, end);
        }
    }

    /// See [`Facts::family`](super::Facts::family).
    pub(super) fn family(&self, stage: usize) -> Vec<usize> {
        let mut family = vec![stage];
        let mut next = 0;
        while next < family.len() {
            family.extend(&self.children[family[next]]);
            next += 1;
        }
        family.sort_unstable();
        family
    }
}

/// Whether the arguments of an instruction, its flags aside, mean nothing to any stage but its own and those that are built
/// on it, as long as nothing is asked of these.
pub(crate) fn is_local(keyword: Keyword) -> bool {
    match keyword {
        Keyword::Run
        | Keyword::Copy
        | Keyword::Add
        | Keyword::Arg
        | Keyword::Cmd
        | Keyword::Entrypoint
        | Keyword::Env
        | Keyword::Expose
        | Keyword::Healthcheck
        | Keyword::Label
        | Keyword::Maintainer
        | Keyword::Shell
        | Keyword::StopSignal
        | Keyword::User
        | Keyword::Volume
        | Keyword::Workdir => true,
        Keyword::From | Keyword::Onbuild | Keyword::Unknown => false,
    }
}

/// The stages that need themselves, or a stage that does.
fn circular(stages: &[Stage], children: &[ThinVec<usize>]) -> Vec<usize> {
    let users = |stage: usize| {
        stages[stage].consumers.iter().map(|user| user.stage).chain(children[stage].iter().copied())
    };
    let mut needs = vec![0; stages.len()];
    for user in (0..stages.len()).flat_map(users) {
        needs[user] += 1;
    }
    let mut ready: Vec<usize> = (0..stages.len()).filter(|&stage| needs[stage] == 0).collect();
    while let Some(stage) = ready.pop() {
        for user in users(stage) {
            needs[user] -= 1;
            if needs[user] == 0 {
                ready.push(user);
            }
        }
    }
    (0..stages.len()).filter(|&stage| needs[stage] > 0).collect()
}

/// See [`Facts::is_for_target`]. What uses a stage stands behind it, so the last is answered first.
fn for_target(stages: &[Stage], children: &[ThinVec<usize>], roots: &[usize]) -> Vec<bool> {
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
