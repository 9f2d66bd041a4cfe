//! A stage, seen over all four builds.

use super::conditions;
use super::interpreter::{Comparison, Interpreter, PlatformUse, ShellText};
use super::invocation::{Argument, Invocation};
use super::platform::Platform;
use super::scopes::Scope;
use super::stages::{Base, Build, StageSpan, from_body};
use super::value::{Known, Value, WORLDS, Worlds, build_platform, target_platform};
use crate::knowledge::{self, Libc};
use crate::shell::{self, ShellLanguage};
use crate::syntax::{
    Body, CommandBody, FromBody, Heredoc, ImageReference, Instruction, JsonString, Keyword, Parse, Word,
};
use crate::text::{LogicalText, SourceFile, TextRange};

/// A stage.
pub struct Stage<'a> {
    /// Its number, from 0.
    pub index: usize,
    /// Its FROM.
    pub from: &'a Instruction,
    /// The arguments of its FROM; none where they cannot be read.
    pub from_body: Option<&'a FromBody>,
    /// The indices of its FROM and its other instructions in the parse.
    pub span: StageSpan,
    /// What it starts from.
    pub base: StageBase,
    /// Where its RUNs execute.
    pub platform: StagePlatform,
    /// What the flag of its FROM asks for, whether that has an effect or not.
    pub asked_platform: Option<StagePlatform>,
    /// Whether the default target needs it, in some build.
    pub reachable: bool,
    /// Whether it is the default target or the default target is built on it.
    pub exported: bool,
    /// What takes files from it, in the order of the file.
    pub consumers: Vec<FilesFrom>,
    /// Its RUNs.
    pub runs: Vec<Run>,
}

/// What a stage starts from.
#[derive(Clone, Debug)]
pub enum StageBase {
    /// An earlier stage, the same in every build.
    Stage(usize),
    /// An image.
    Image(Box<BaseImage>),
    /// Nothing.
    Scratch,
    /// Different things in different builds, or nobody knows what.
    Unknown,
}

/// An image that a stage starts from.
#[derive(Clone, Debug)]
pub struct BaseImage {
    /// Its name in each build.
    pub name: Value,
    /// Its parts, where the name is the same in every build.
    pub reference: Option<ImageReference>,
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
    Fixed(Platform),
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
    pub invocations: Vec<Invocation>,
    /// The uses of platform arguments in it.
    pub platform_uses: Vec<PlatformUse>,
    /// What platform arguments are compared with in it.
    pub comparisons: Vec<Comparison>,
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
pub(super) fn stages<'a>(parse: &'a Parse, spans: &[StageSpan], builds: &[Build; 4]) -> Vec<Stage<'a>> {
    let mut stages: Vec<Stage<'a>> = spans
        .iter()
        .enumerate()
        .map(|(index, span)| {
            let from = &parse.instructions[span.from];
            Stage {
                index,
                from,
                from_body: from_body(from),
                span: span.clone(),
                base: base(index, builds),
                platform: platform(builds.each_ref().map(|build| build.stages[index].platform.as_ref())),
                asked_platform: from.flag("platform").map(|_| {
                    platform(builds.each_ref().map(|build| build.stages[index].asked_platform.as_ref()))
                }),
                reachable: builds.iter().any(|build| build.stages[index].reachable),
                exported: false,
                consumers: Vec::new(),
                runs: Vec::new(),
            }
        })
        .collect();
    for build in builds {
        let mut exported = build.target;
        while let Some(index) = exported.filter(|&index| !stages[index].exported) {
            stages[index].exported = true;
            exported = match build.stages[index].base {
                Base::Stage(base) => Some(base),
                _ => None,
            };
        }
    }
    // Sources are the same in every build: variables are not allowed there.
    for (stage, built) in builds[0].stages.iter().enumerate() {
        for source in &built.sources {
            stages[source.stage].consumers.push(FilesFrom { stage, instruction: source.instruction });
        }
    }
    stages
}

fn base(index: usize, builds: &[Build; 4]) -> StageBase {
    let bases = builds.each_ref().map(|build| &build.stages[index].base);
    match bases[0] {
        Base::Stage(stage) if bases.iter().all(|base| *base == bases[0]) => StageBase::Stage(*stage),
        Base::Scratch if bases.iter().all(|base| *base == bases[0]) => StageBase::Scratch,
        Base::Image(_) if bases.iter().all(|base| matches!(base, Base::Image(_))) => {
            let name = Value::each(|world| match bases[world] {
                Base::Image(name) => Known::Text(name.clone()),
                _ => Known::Unknown,
            });
            let known = bases.map(|base| match base {
                Base::Image(name) => knowledge::image(&image_reference(name)?.name.text),
                _ => None,
            });
            let same =
                known.iter().all(|image| image.map(|image| image.name) == known[0].map(|image| image.name));
            let reference = name.constant().and_then(image_reference);
            let known = known[0].filter(|_| same);
            StageBase::Image(Box::new(BaseImage { name, reference, known }))
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
            StagePlatform::Fixed(fixed.clone())
        }
        _ => StagePlatform::Unknown,
    }
}

/// The parts of the name of an image whose variables are expanded.
pub(super) fn image_reference(name: &str) -> Option<ImageReference> {
    ImageReference::parse(&Word::decoded(name, TextRange::default()), '\\')
}

impl BaseImage {
    /// The tag, where the name is the same in every build.
    pub fn tag(&self) -> Option<&str> {
        Some(self.reference.as_ref()?.tag.as_ref()?.text.as_str())
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

impl Stage<'_> {
    /// The name behind `AS`, as written.
    pub fn name(&self) -> Option<&str> {
        Some(self.from_body?.alias.as_ref()?.text.as_str())
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
        let end = match self.from_body {
            Some(FromBody { alias: Some(alias), .. }) => alias.range.end(),
            Some(body) => body.image.range.end(),
            None => self.from.range.end(),
        };
        TextRange::new(self.from.range.start(), end)
    }
}

/// The RUNs of a stage.
pub(super) fn runs(file: &SourceFile, stage: &Stage<'_>, parse: &Parse, scopes: &[Scope]) -> Vec<Run> {
    let machine = machine(&stage.platform);
    stage
        .span
        .body
        .clone()
        .filter(|&at| parse.instructions[at].keyword == Keyword::Run)
        .map(|at| run(file, at, &parse.instructions[at], &scopes[at], &machine))
        .collect()
}

/// The architecture of the machine that a stage runs on, in each build.
fn machine(platform: &StagePlatform) -> Value {
    Value::each(|world| {
        let architecture = match platform {
            StagePlatform::Build => build_platform(world).architecture,
            StagePlatform::Target => target_platform(world).architecture,
            StagePlatform::Fixed(platform) => platform.architecture.clone(),
            StagePlatform::Unknown => return Known::Unknown,
        };
        Known::Text(architecture.as_str().into())
    })
}

fn run(file: &SourceFile, at: usize, instruction: &Instruction, scope: &Scope, machine: &Value) -> Run {
    let mut interpreter = Interpreter::new(scope.environment.clone(), scope.directory.clone(), machine);
    match &instruction.body {
        Body::Command(CommandBody::Exec(words)) => {
            // `["sh", "-c", "…"]` starts a shell all the same.
            let program = words.first().map_or("", |word| word.value.as_str());
            interpreter.incomplete = ShellLanguage::of_interpreter(program) != ShellLanguage::Other;
            interpreter.invocations.push(exec_form(words, scope));
        }
        Body::Command(CommandBody::Shell(line)) => {
            run_shell(file, instruction, line, scope, &mut interpreter);
        }
        _ => interpreter.incomplete = true,
    }
    Run {
        instruction: at,
        invocations: interpreter.invocations,
        platform_uses: interpreter.platform_uses,
        comparisons: interpreter.comparisons,
        incomplete: interpreter.incomplete,
    }
}

fn run_shell(
    file: &SourceFile,
    instruction: &Instruction,
    line: &LogicalText,
    scope: &Scope,
    interpreter: &mut Interpreter<'_>,
) {
    if !scope.shell.is_shell() {
        interpreter.incomplete = true;
        return;
    }
    let with_heredocs;
    let text = match instruction.heredocs.as_slice() {
        [] => line,
        // `RUN <<EOF`: the body is the script, or the file of the interpreter that its first line names.
        [heredoc] if is_only_marker(file, line, heredoc) => {
            if !ShellLanguage::of_run_heredoc(heredoc.content.as_str(), scope.shell).is_shell() {
                interpreter.incomplete = true;
                return;
            }
            &heredoc.content
        }
        // Otherwise the shell gets the line and the bodies below it (dispatchRun in convert.go).
        heredocs => {
            with_heredocs = joined(file, line, heredocs);
            &with_heredocs
        }
    };
    interpreter.run(&shell::parse(text.as_str()), ShellText { text, outer: None });
}

/// Whether a RUN's line is nothing but the marker of its heredoc.
fn is_only_marker(file: &SourceFile, line: &LogicalText, heredoc: &Heredoc) -> bool {
    line.as_str().trim() == file.slice(heredoc.marker)
}

/// A RUN's line with the bodies of its heredocs below it.
fn joined(file: &SourceFile, line: &LogicalText, heredocs: &[Heredoc]) -> LogicalText {
    let mut text = line.clone();
    for heredoc in heredocs {
        if !text.as_str().ends_with('\n') {
            text.push("\n", heredoc.body.start());
        }
        text.push(file.slice(heredoc.body), heredoc.body.start());
        text.push(&heredoc.name, heredoc.body.end());
    }
    text
}

fn exec_form(words: &[JsonString], scope: &Scope) -> Invocation {
    let range = words.first().map_or_else(TextRange::default, |first| {
        first.range.cover(words.last().map_or(first.range, |last| last.range))
    });
    let mut invocation = Invocation {
        range,
        assignments: Vec::new(),
        words: words
            .iter()
            .map(|word| Argument {
                value: Value::text(&word.value),
                range: word.range,
                plain: true,
                may_be_options: false,
            })
            .collect(),
        environment: scope.environment.clone(),
        directory: scope.directory.clone(),
        assignment_site: None,
        redirected_to: Vec::new(),
        worlds: Worlds::ALL,
        conditional: false,
        captured: false,
        reads_input: false,
        under_probe: false,
        exec_form: true,
        command: None,
    };
    invocation.identify();
    invocation
}

/// Whether a COPY source with wildcards may name `path`.
pub(super) fn may_name(pattern: &str, path: &str) -> bool {
    conditions::glob_matches(pattern, path)
}
