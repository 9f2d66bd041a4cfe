//! Architectures that a Dockerfile writes out where a build for another platform needs another one (B17 of the design's
//! knowledge base).

mod compiled;
mod downloads;
mod fix;
mod system;

pub(super) use downloads::execution;

use crate::knowledge::{Literal, Release, literals};
use crate::model::{Facts, InvocationId, Platform, Stage, StagePlatform};
use crate::recipes::{Obstacle, Rewrite, applicability};
use crate::text::{TextRange, TextSize};

/// An architecture that is written out.
pub struct HardCoded {
    /// Where: the name of the architecture itself, or the word that it gets into by a variable.
    pub range: TextRange,
    /// How it is written.
    pub text: &'static str,
    /// A platform that the project builds for and that it is wrong for.
    pub wrong_for: Platform,
    /// The stage.
    pub stage: usize,
    /// The instruction, by its index in the parse.
    pub instruction: usize,
    /// What it decides.
    pub what: What,
    /// What becomes of that.
    pub fate: Fate,
}

/// See [`HardCoded`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// What a command downloads, with the project that the URL belongs to.
    Download(InvocationId, Option<&'static Release>),
    /// What an ADD downloads.
    Add(Option<&'static Release>),
    /// What a command compiles for.
    Compile(InvocationId),
    /// The folder of the system's libraries, in a COPY, an ENV or a command.
    Libraries(Option<InvocationId>),
    /// The packages of a repository that apt is shown.
    Packages(InvocationId),
}

/// What becomes of what is downloaded or compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// It is in the exported image.
    Exported,
    /// A stage takes it, which is for the target platform.
    Taken {
        /// The stage.
        by: usize,
        /// Whether nothing that dflint does not know may have taken its place.
        certain: bool,
    },
    /// It stays in its stage on the target platform: a tool, or nobody knows what.
    Stays,
    /// It stays in its stage on the build platform, where this runs it.
    Run(TextRange),
}

impl HardCoded {
    /// Whether the architecture of the builder decides what is needed, not that of the target platform.
    pub fn is_for_builder(&self) -> bool {
        matches!(self.fate, Fate::Run(_))
    }

    /// The argument that the fix needs.
    fn argument(&self) -> Option<&'static str> {
        let downloads = matches!(self.what, What::Download(..) | What::Add(_));
        downloads.then_some(if self.is_for_builder() { "BUILDARCH" } else { "TARGETARCH" })
    }

    /// Whether what is for the wrong architecture ends up in an image for certain.
    pub fn is_certain(&self) -> bool {
        let is_program = match self.what {
            What::Download(_, release) | What::Add(release) => release.is_some(),
            What::Compile(_) => true,
            What::Libraries(_) | What::Packages(_) => false,
        };
        is_program && matches!(self.fate, Fate::Exported | Fate::Taken { certain: true, .. })
    }
}

/// The architectures that are written out in a stage and wrong for a platform that the project builds for. A file or a
/// stage that says by its name which architecture it is for is right.
fn hard_coded(facts: &Facts<'_>, stage: &Stage) -> Vec<HardCoded> {
    let mut found = Vec::new();
    let moves = matches!(stage.platform, StagePlatform::Target | StagePlatform::Build);
    if !stage.reachable
        || !moves
        || is_for_one_architecture(facts)
        || is_locked(facts, stage.index)
        || belongs_to_architecture(facts, stage)
    {
        return found;
    }
    downloads::find(facts, stage, &mut found);
    compiled::find(facts, stage, &mut found);
    if stage.platform == StagePlatform::Target && facts.is_for_target(stage.index) {
        system::find(facts, stage, &mut found);
    }
    found
}

fn is_locked(facts: &Facts<'_>, stage: usize) -> bool {
    facts.root_image(stage).is_some_and(|image| image.architecture_lock().is_some() || image.is_windows())
}

/// Whether a file says by its name, or by what its image starts from, that it is for one architecture.
pub(super) fn is_for_one_architecture(facts: &Facts<'_>) -> bool {
    let is_bound =
        |stage: &Stage| is_locked(facts, stage.index) || matches!(stage.platform, StagePlatform::Fixed(_));
    facts.exported_stage().is_some_and(is_bound) || names_architecture(&facts.path().to_string_lossy())
}

/// The same, each with the edits that make it follow the platform, and with what is in the way of them.
pub fn hard_coded_fixes<'a>(
    facts: &'a Facts<'a>,
    stage: &Stage,
) -> Vec<(HardCoded, Rewrite<'a>, Vec<Obstacle>)> {
    let fixed = |found: HardCoded| {
        let mut rewrite = Rewrite::new(facts);
        let obstacles = fix::rewrite(facts, &found, &mut rewrite);
        (found, rewrite, obstacles)
    };
    let mut all: Vec<_> = hard_coded(facts, stage).into_iter().map(fixed).collect();
    // The fixes of a stage share their ARG: it stands in front of the first.
    let mut declared: Vec<(&str, usize)> = Vec::new();
    for (found, rewrite, obstacles) in &mut all {
        let (Some(argument), Some(_)) = (found.argument(), applicability(obstacles)) else { continue };
        match declared.iter().find(|(name, _)| *name == argument) {
            Some(&(_, first)) => rewrite.need_at(first, argument),
            None => declared.push((argument, found.instruction)),
        }
    }
    all
}

/// Whether the name of a stage, or of one that it is built on, says which architecture it is for.
fn belongs_to_architecture(facts: &Facts<'_>, stage: &Stage) -> bool {
    let mut stages = facts.stages_below(stage.index);
    stages.any(|stage| facts.stages()[stage].name().is_some_and(names_architecture))
}

fn names_architecture(name: &str) -> bool {
    let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    !literals(name).is_empty()
        || parts.any(|part| {
            ["arm", "x86", "386", "i386"].contains(&part)
                || part.starts_with("armv")
                || part.starts_with("arm64")
                || part.starts_with("arm32")
        })
}

/// The only architecture that a word spells out as it is written, if a platform of the project needs another.
fn wrong_literal(facts: &Facts<'_>, written: &str) -> Option<(Literal, Platform)> {
    let found = literals(written);
    let first = found.first()?.clone();
    let same =
        found.iter().all(|other| other.architectures.iter().any(|it| first.architectures.contains(it)));
    let is_right = |platform: &&Platform| {
        let by_variant = format!("{}/{}", platform.architecture, platform.variant);
        first.architectures.iter().any(|it| **it == platform.architecture || **it == by_variant)
    };
    let wrong_for = facts.project.platforms.iter().find(|platform| !is_right(platform))?.clone();
    (same && wrong_for.os == "linux").then_some((first, wrong_for))
}

/// A part of what is written at `range`.
fn part_of(range: TextRange, start: usize, len: usize) -> TextRange {
    let offset = |at: usize| TextSize::try_from(at).expect("a file is below 4 GB");
    TextRange::at(range.start() + offset(start), offset(len))
}
