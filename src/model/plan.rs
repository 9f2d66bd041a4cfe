//! What a build for one platform executes and where, and what its stages hand to each other.

use std::ops::Range;

use super::platform::Platform;
use super::stages::{self, Base, BuildError, BuiltStage, ImportKind, Origin, Scenario, from_body};
use crate::syntax::{Body, Instruction, Keyword, Parse};

/// A build for one platform, seen from outside: which of its RUNs execute natively, which under emulation.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The platform of the builder.
    pub build_platform: Platform,
    /// The platform that is built.
    pub platform: Platform,
    /// The stages in the order of the file.
    pub stages: Vec<PlannedStage>,
    /// What gets from stage to stage, in the order of the stages that get it.
    pub crossings: Vec<Crossing>,
    /// The index of the stage that becomes the image.
    pub exported: Option<usize>,
    /// Why the build cannot start; then nothing of it is executed.
    pub errors: Vec<BuildError>,
}

/// A stage in a [`Plan`].
#[derive(Clone, Debug)]
pub struct PlannedStage {
    /// The name behind `AS`, as written.
    pub name: Option<String>,
    /// The index of its FROM in [`Parse::instructions`].
    pub instruction: usize,
    /// What it starts from.
    pub base: Base,
    /// The platform that its RUNs execute on; none where the file does not tell.
    pub platform: Option<Platform>,
    /// Whether the build needs it.
    pub is_used: bool,
    /// Its RUNs in the order in which they execute.
    pub runs: Vec<PlannedRun>,
}

/// A RUN in a [`Plan`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PlannedRun {
    /// The index of the RUN, or of the ONBUILD that holds it, in [`Parse::instructions`].
    pub instruction: usize,
    /// Whether it comes from an ONBUILD of the stage that this one starts from.
    pub is_trigger: bool,
    /// Whether it executes, and how.
    pub state: RunState,
}

/// How a RUN executes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RunState {
    /// On the builder's own platform, or one that it executes without help.
    Native,
    /// Under an emulator.
    Emulated,
    /// Not at all: the build does not need its stage, or cannot start.
    Unused,
}

/// Something that gets from a stage or an image into a stage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Crossing {
    /// Where it comes from.
    pub origin: Origin,
    /// The stage that gets it.
    pub into: usize,
    /// How it gets there.
    pub kind: CrossingKind,
    /// The index of the instruction in [`Parse::instructions`]: a FROM, a COPY, a RUN, or an ONBUILD with one of these.
    pub instruction: usize,
    /// Whether an ONBUILD of the stage that this one starts from does it.
    pub is_trigger: bool,
    /// The platform of what crosses.
    pub platform: Option<Platform>,
}

/// How something gets from one stage into another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CrossingKind {
    /// `FROM stage`: all of it.
    Base,
    /// `COPY --from`.
    Copy,
    /// `RUN --mount=from=…`.
    Mount,
}

/// How many RUNs a [`Plan`] has.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    /// Those that execute natively.
    pub native: usize,
    /// Those that execute under emulation.
    pub emulated: usize,
    /// Those of the file that do not execute.
    pub unused: usize,
}

impl Totals {
    /// How many RUNs execute.
    pub fn runs(self) -> usize {
        self.native + self.emulated
    }
}

impl Plan {
    /// Plans the build of `parse` that `scenario` describes, as `BuildKit` would execute it.
    pub fn new(parse: &Parse, scenario: &Scenario<'_>) -> Self {
        let spans = stages::stage_spans(parse);
        let build = stages::resolve(parse, &spans, scenario);
        let mut errors: Vec<BuildError> = parse
            .errors
            .iter()
            .map(|error| BuildError { range: Some(error.range), message: error.message.clone() })
            .collect();
        if spans.is_empty() && errors.is_empty() {
            let message = "there is no stage to build; begin one with FROM".to_owned();
            errors.push(BuildError { range: None, message });
        }
        // What is wrong in the syntax is told once.
        let is_told = |error: &BuildError| {
            let range = error.range.unwrap_or_default();
            parse.errors.iter().any(|told| told.range.intersect(range).is_some_and(|both| !both.is_empty()))
        };
        errors.extend(build.errors.into_iter().filter(|error| !is_told(error)));
        let starts = errors.is_empty();
        let planned = spans.iter().zip(&build.stages).map(|(span, stage)| {
            let is_used = starts && stage.reachable;
            let state = match &stage.platform {
                Some(platform) if is_used && scenario.build.executes(platform) => RunState::Native,
                Some(_) if is_used => RunState::Emulated,
                _ => RunState::Unused,
            };
            let from = from_body(&parse.instructions[span.from]);
            PlannedStage {
                name: from.and_then(|from| from.alias.as_ref()).map(|alias| alias.text.to_string()),
                instruction: span.from,
                base: stage.base.clone(),
                platform: stage.platform.as_deref().cloned(),
                is_used,
                runs: runs(parse, stage, span.body.clone(), state),
            }
        });
        Self {
            build_platform: scenario.build.clone(),
            platform: scenario.target.clone(),
            stages: planned.collect(),
            crossings: crossings(&spans, &build.stages, &scenario.target),
            exported: build.target.filter(|_| starts),
            errors,
        }
    }

    /// Whether the build can start.
    pub fn starts(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many RUNs there are of each kind.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for run in self.stages.iter().flat_map(|stage| &stage.runs) {
            match run.state {
                RunState::Native => totals.native += 1,
                RunState::Emulated => totals.emulated += 1,
                RunState::Unused => totals.unused += 1,
            }
        }
        totals
    }
}

fn runs(parse: &Parse, stage: &BuiltStage, all: Range<usize>, each: RunState) -> Vec<PlannedRun> {
    let is_run = |instruction: &Instruction| instruction.keyword == Keyword::Run;
    let triggers = stage.triggers.iter().copied().filter(|&at| match &parse.instructions[at].body {
        Body::Onbuild(trigger) => is_run(trigger),
        _ => false,
    });
    let own = all.filter(|&at| is_run(&parse.instructions[at]));
    let triggers = triggers.map(|instruction| PlannedRun { instruction, is_trigger: true, state: each });
    triggers
        .chain(own.map(|instruction| PlannedRun { instruction, is_trigger: false, state: each }))
        .collect()
}

fn crossings(spans: &[stages::StageSpan], built: &[BuiltStage], target: &Platform) -> Vec<Crossing> {
    let platform = |origin: &Origin| match origin {
        Origin::Stage(stage) => built[*stage].platform.as_deref().cloned(),
        Origin::Image(_) => Some(target.clone()),
    };
    let mut crossings = Vec::new();
    for (into, stage) in built.iter().enumerate() {
        if let Base::Stage(base) = stage.base {
            crossings.push(Crossing {
                origin: Origin::Stage(base),
                into,
                kind: CrossingKind::Base,
                instruction: spans[into].from,
                is_trigger: false,
                platform: built[base].platform.as_deref().cloned(),
            });
        }
        crossings.extend(stage.imports.iter().map(|import| Crossing {
            origin: import.origin.clone(),
            into,
            kind: match import.kind {
                ImportKind::Copy => CrossingKind::Copy,
                ImportKind::Mount => CrossingKind::Mount,
            },
            instruction: import.instruction,
            is_trigger: import.is_trigger,
            platform: platform(&import.origin),
        }));
    }
    crossings
}
