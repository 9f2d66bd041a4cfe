//! A stage, seen over all four builds.

use std::collections::HashMap;
use std::rc::Rc;

use smol_str::SmolStr;
use thin_vec::ThinVec;

use super::conditions;
use super::interpreter::{ArchMap, Comparison, PlatformUse};
use super::invocation::Invocation;
use super::platform::Platform;
use super::stages::{Base, Build, StageSpan, from_body};
use super::value::{Known, Value, WORLDS, build_platform, target_platform};
use crate::knowledge::{self, Knowledge, Libc};
use crate::syntax::{FromBody, ImageReference, Instruction, Parse, Word};
use crate::text::{TextRange, TextSize};

/// A stage.
pub struct Stage {
    /// Its number, from 0.
    pub index: usize,
    name: Option<SmolStr>,
    label: TextRange,
    /// The indices of its FROM and its other instructions in the parse.
    pub span: StageSpan,
    /// What it starts from.
    pub base: StageBase,
    /// Where its RUNs execute.
    pub platform: StagePlatform,
    /// What the flag of its FROM asks for, whether that has an effect or not.
    pub asked_platform: Option<StagePlatform>,
    /// Whether an exported stage needs it, in some build.
    pub reachable: bool,
    /// Whether it is the default target or one that the project names, or such a target is built on it.
    pub exported: bool,
    /// What takes files from it, in the order of the file.
    pub consumers: ThinVec<FilesFrom>,
    /// See [`Facts::runs`](super::Facts::runs).
    pub(super) runs: Vec<Run>,
}

/// What a stage starts from.
#[derive(Clone, Debug)]
pub enum StageBase {
    /// An earlier stage, the same in every build.
    Stage(usize),
    /// An image.
    Image(Rc<BaseImage>),
    /// Nothing.
    Scratch,
    /// Different things in different builds, or nobody knows what.
    Unknown,
}

/// An image that a stage starts from. Stages that start from one of the same name share it.
#[derive(Clone, Debug)]
pub struct BaseImage {
    /// Its name in each build.
    pub name: Value,
    /// Its tag, where the name is the same in every build.
    tag: Option<SmolStr>,
    /// What the knowledge says of it.
    pub known: Option<&'static knowledge::Image>,
}

/// Where the RUNs of a stage execute.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum StagePlatform {
    /// On the build platform: natively.
    Build,
    /// On the target platform: emulated where it is another than the builder's.
    Target,
    /// Always on this one.
    Fixed(Box<Platform>),
    /// The file does not tell.
    Unknown,
}

/// An instruction that takes files from a stage.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FilesFrom {
    /// The stage that takes them.
    pub stage: usize,
    /// The COPY or RUN, by its index in the parse.
    pub instruction: usize,
}

/// A RUN.
pub struct Run {
    /// Its index in the parse.
    pub instruction: usize,
    /// What it executes, in order.
    pub invocations: Box<[Invocation]>,
    /// The uses of platform arguments in it.
    pub platform_uses: ThinVec<PlatformUse>,
    /// What platform arguments are compared with in it.
    pub comparisons: ThinVec<Comparison>,
    /// The maps of architectures in it.
    pub maps: ThinVec<ArchMap>,
    /// Whether it may execute more than that: another language, or shell text that could not be followed.
    pub incomplete: bool,
}

/// What the exported image starts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ExportedCommand {
    /// A program with its arguments, constants all.
    Words(Vec<String>),
    /// Something that the file does not tell.
    Unknown,
}

/// The stages of a file, still without their RUNs.
pub(super) fn stages(
    parse: &Parse,
    spans: &[StageSpan],
    builds: &[Build; 4],
    knowledge: Knowledge,
) -> Vec<Stage> {
    let mut images = HashMap::new();
    let mut stages: Vec<Stage> = spans
        .iter()
        .enumerate()
        .map(|(index, span)| {
            let from = &parse.instructions[span.from];
            Stage {
                index,
                name: from_body(from).and_then(|body| Some(body.alias.as_ref()?.text.clone())),
                label: label(from),
                span: span.clone(),
                base: base(index, builds, &mut images, knowledge),
                platform: platform(builds.each_ref().map(|build| build.stages[index].platform.as_deref())),
                asked_platform: from.flag("platform").map(|_| {
                    platform(builds.each_ref().map(|build| build.stages[index].asked_platform.as_deref()))
                }),
                reachable: builds.iter().any(|build| build.stages[index].reachable),
                exported: false,
                consumers: ThinVec::new(),
                runs: Vec::new(),
            }
        })
        .collect();
    for build in builds {
        for target in build.target.iter().chain(&build.other_targets) {
            let mut exported = Some(*target);
            while let Some(index) = exported.filter(|&index| !stages[index].exported) {
                stages[index].exported = true;
                exported = match build.stages[index].base {
                    Base::Stage(base) => Some(base),
                    _ => None,
                };
            }
        }
    }
    // Sources are the same in every build: variables are not allowed there.
    for (stage, built) in builds[0].stages.iter().enumerate() {
        for source in &built.sources {
            let consumers = &mut stages[source.stage].consumers;
            // Most have one.
            if consumers.is_empty() {
                consumers.reserve_exact(1);
            }
            consumers.push(FilesFrom { stage, instruction: source.instruction });
        }
    }
    stages
}

/// What a stage starts from. `images` are those of one name that were found so far.
fn base(
    index: usize,
    builds: &[Build; 4],
    images: &mut HashMap<SmolStr, Rc<BaseImage>>,
    knowledge: Knowledge,
) -> StageBase {
    let bases = builds.each_ref().map(|build| &build.stages[index].base);
    let is_same = bases.iter().all(|base| *base == bases[0]);
    let of = |reference: &ImageReference| knowledge.image(&reference.name.text);
    match bases[0] {
        Base::Stage(stage) if is_same => StageBase::Stage(*stage),
        Base::Scratch if is_same => StageBase::Scratch,
        Base::Image(name) if is_same => {
            let image = images.entry(name.clone()).or_insert_with(|| {
                let reference = image_reference(name);
                let known = reference.as_ref().and_then(of);
                let tag = reference.and_then(|image| image.tag).map(|tag| tag.text);
                Rc::new(BaseImage { name: Value::text(name.clone()), tag, known })
            });
            StageBase::Image(image.clone())
        }
        Base::Image(_) if bases.iter().all(|base| matches!(base, Base::Image(_))) => {
            let name = Value::each(|world| match bases[world] {
                Base::Image(name) => Known::Text(name.clone()),
                _ => Known::Unknown,
            });
            let known = bases.map(|base| match base {
                Base::Image(name) => of(&image_reference(name)?),
                _ => None,
            });
            let names = known.map(|image| image.map(|image| image.name));
            let known = known[0].filter(|_| names.iter().all(|name| *name == names[0]));
            StageBase::Image(Rc::new(BaseImage { name, tag: None, known }))
        }
        _ => StageBase::Unknown,
    }
}

fn platform(platforms: [Option<&Platform>; 4]) -> StagePlatform {
    let is = |of: fn(usize) -> Platform| (0..WORLDS).all(|world| platforms[world] == Some(&of(world)));
    match platforms[0] {
        _ if is(target_platform) => StagePlatform::Target,
        _ if is(build_platform) => StagePlatform::Build,
        Some(fixed) if platforms.iter().all(|platform| *platform == Some(fixed)) => {
            StagePlatform::Fixed(Box::new(fixed.clone()))
        }
        _ => StagePlatform::Unknown,
    }
}

/// The parts of the name of an image whose variables are expanded; their ranges are ranges of the name.
pub(super) fn image_reference(name: &str) -> Option<ImageReference> {
    ImageReference::parse(&Word::contiguous(name, TextRange::up_to(TextSize::of(name))), '\\')
}

impl BaseImage {
    /// Its parts, where the name is the same in every build. Their ranges are ranges of the name.
    pub fn reference(&self) -> Option<ImageReference> {
        image_reference(self.name.constant()?)
    }

    /// The tag, where the name is the same in every build.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The C library, where the knowledge tells.
    pub fn libc(&self) -> Option<Libc> {
        Some(self.known?.libc(self.tag().unwrap_or_default()))
    }

    /// Whether it is for Windows containers, which are neither emulated nor cross-built.
    pub fn is_windows(&self) -> bool {
        self.name.constant().is_some_and(|name| {
            ["nanoserver", "windowsservercore", "/windows", "servercore", "ltsc20"]
                .iter()
                .any(|part| name.contains(part))
        })
    }

    /// The part of the name that fixes an architecture: `arm64v8/…`, `…-amd64`.
    pub fn architecture_lock(&self) -> Option<&str> {
        let name = self.name.constant()?;
        let part = name.split(['/', ':', '-', '@', '.', '_']).find(|part| LOCKS.contains(part));
        part.or_else(|| name.contains("x86_64").then_some("x86_64"))
    }
}

/// How names of images spell an architecture (docker-library/official-images, dotnet/dotnet-docker).
const LOCKS: [&str; 14] = [
    "amd64", "arm64", "arm64v8", "arm32v7", "arm32v6", "arm32v5", "i386", "ppc64le", "s390x", "riscv64",
    "mips64le", "aarch64", "armhf", "x64",
];

impl Stage {
    /// The name behind `AS`, as written.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// How messages call it: its name in backticks, or its number.
    pub fn display_name(&self) -> String {
        self.name().map_or_else(|| format!("stage {}", self.index), |name| format!("`{name}`"))
    }

    /// The image that it starts from.
    pub fn image(&self) -> Option<&BaseImage> {
        match &self.base {
            StageBase::Image(image) => Some(image),
            _ => None,
        }
    }

    /// The text that a finding about the whole stage points at: its FROM line.
    pub fn label(&self) -> TextRange {
        self.label
    }

    /// Whether it has RUNs.
    pub fn has_runs(&self) -> bool {
        !self.runs.is_empty()
    }
}

fn label(from: &Instruction) -> TextRange {
    let end = match from_body(from) {
        Some(FromBody { alias: Some(alias), .. }) => alias.range.end(),
        Some(body) => body.image.range.end(),
        None => from.range.end(),
    };
    TextRange::new(from.range.start(), end)
}

/// Whether a COPY source with wildcards may name `path`.
pub(super) fn may_name(pattern: &str, path: &str) -> bool {
    conditions::glob_matches(pattern, path)
}
