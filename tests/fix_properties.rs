//! What holds for every fix of every Dockerfile, tried on Dockerfiles made up at random.

mod builds;

use builds::{emulated_runs, exported_platform, file};
use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::model::{Facts, Known, Project, WORLDS, build_platform, target_platform};
use dflint::syntax;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const IMAGES: &[&str] = &[
    "golang:1.24",
    "golang:1.24",
    "golang:1.24-alpine",
    "mcr.microsoft.com/dotnet/sdk:8.0",
    "mcr.microsoft.com/dotnet/sdk:8.0",
    "mcr.microsoft.com/dotnet/sdk:8.0-alpine",
    "mcr.microsoft.com/dotnet/sdk:6.0",
    "mcr.microsoft.com/dotnet/aspnet:8.0",
    "mcr.microsoft.com/dotnet/runtime-deps:8.0",
    "alpine:3.21",
    "debian:bookworm-slim",
    "gcr.io/distroless/static",
    "scratch",
];

const FLAGS: &[&str] = &[
    "",
    "",
    "",
    "--platform=$BUILDPLATFORM ",
    "--platform=$BUILDPLATFORM ",
    "--platform=${BUILDPLATFORM:-linux/amd64} ",
    "--platform=$TARGETPLATFORM ",
    "--platform=linux/amd64 ",
];

const HEADS: &[&str] = &[
    "",
    "# syntax=docker/dockerfile:1\n",
    "ARG TARGETARCH\n",
    "# syntax=docker/dockerfile:1\nARG BUILDPLATFORM=linux/amd64\n",
    "ARG VERSION=1.0\n",
];

/// Instructions without commands.
const LINES: &[&str] = &[
    "ARG TARGETARCH",
    "ARG TARGETOS TARGETARCH",
    "ARG TARGETARCH=amd64",
    "ARG VERSION=dev",
    "ENV CGO_ENABLED=0",
    "ENV CGO_ENABLED=0 GOOS=linux",
    "ENV GOARCH=amd64",
    "ENV GOARCH=$TARGETARCH",
    "WORKDIR /src",
    "COPY . .",
    "COPY App.csproj ./",
    "COPY go.mod go.sum ./",
    "USER 1000",
    "# a comment",
    "\n# a comment that stands apart",
    "",
];

const COMMANDS: &[&str] = &[
    "go mod download",
    "go test ./...",
    "go build -o /out/app .",
    "CGO_ENABLED=0 go build -o /out/app ./cmd/app",
    "CGO_ENABLED=0 GOOS=linux go build \\\n      -trimpath \\\n      -o /out/app",
    "CGO_ENABLED=0 GOARCH=amd64 go build -o /out/app .",
    "CGO_ENABLED=0 GOARCH=$TARGETARCH go build -o /out/app .",
    "GOOS=linux GOARCH=${TARGETARCH} CGO_ENABLED=0 go build -o /out/app .",
    "CGO_ENABLED=1 go build -o /out/app .",
    "export CGO_ENABLED=0",
    "go install ./cmd/app",
    "/out/app --version",
    "dotnet restore App.csproj",
    "dotnet restore App.csproj -a $TARGETARCH",
    "dotnet restore App.sln",
    "dotnet build App.csproj -c Release --no-restore",
    "dotnet publish App.csproj -c Release -o /out",
    "dotnet publish App.csproj -c Release -o /out --no-restore",
    "dotnet publish App.csproj \\\n      -c Release \\\n      --self-contained true \\\n      -o /out",
    "dotnet publish App.csproj -a $TARGETARCH -o /out",
    "dotnet publish App.csproj -r linux-x64 -o /out",
    "dotnet publish -c Release",
    "dotnet test App.Tests.csproj",
    "apk add --no-cache git",
    "mkdir -p /out",
    "echo done",
    "make",
];

const STARTS: &[&str] =
    &["ENTRYPOINT [\"dotnet\", \"/app/App.dll\"]", "ENTRYPOINT [\"/app/App\"]", "CMD [\"/app/app\"]", ""];

/// A stage. Its numbers of earlier stages are taken modulo what there is.
#[derive(Clone, Debug)]
struct Stage {
    flag: &'static str,
    image: &'static str,
    /// Built on an earlier stage rather than an image.
    on: Option<usize>,
    steps: Vec<Step>,
    /// What it copies out of an earlier stage.
    takes: Option<usize>,
}

#[derive(Clone, Debug)]
enum Step {
    Line(&'static str),
    Run { commands: Vec<&'static str>, form: Form },
}

#[derive(Clone, Copy, Debug)]
enum Form {
    /// `a && b`
    And,
    /// One command a line.
    Lines,
    /// `<<EOF`
    Heredoc,
    /// Behind a cache mount on a line of its own.
    Mount,
}

fn step() -> impl Strategy<Value = Step> {
    let form = select(vec![Form::And, Form::Lines, Form::Heredoc, Form::Mount]);
    prop_oneof![
        select(LINES).prop_map(Step::Line),
        (vec(select(COMMANDS), 1..4), form).prop_map(|(commands, form)| Step::Run { commands, form }),
    ]
}

fn stage() -> impl Strategy<Value = Stage> {
    let on = prop::option::weighted(0.3, 0..8_usize);
    let takes = prop::option::weighted(0.7, 0..8_usize);
    (select(FLAGS), select(IMAGES), on, vec(step(), 0..7), takes)
        .prop_map(|(flag, image, on, steps, takes)| Stage { flag, image, on, steps, takes })
}

fn dockerfile() -> impl Strategy<Value = String> {
    let stages = prop_oneof![vec(stage(), 1..5), builder_and_image("go"), builder_and_image("dotnet")];
    (select(HEADS), stages, select(STARTS)).prop_map(|(head, stages, start)| {
        let mut text = head.to_owned();
        for (index, stage) in stages.iter().enumerate() {
            write_stage(&mut text, index, stage);
        }
        text.push_str(start);
        text.push('\n');
        text
    })
}

/// What most files look like: a stage that builds with one toolchain, perhaps a second on top of it, and an image.
fn builder_and_image(toolchain: &'static str) -> impl Strategy<Value = Vec<Stage>> {
    let of_toolchain = move |command: &&&str| command.contains(&format!("{toolchain} "));
    let commands: Vec<_> = COMMANDS.iter().filter(of_toolchain).copied().collect();
    let builder = if toolchain == "go" { "golang" } else { "dotnet/sdk" };
    let (builders, others): (Vec<&str>, Vec<&str>) = IMAGES.iter().partition(|image| image.contains(builder));
    let runtimes: Vec<_> =
        others.into_iter().filter(|image| !image.contains("sdk") && !image.contains("golang")).collect();
    let run = (vec(select(commands), 1..3), select(vec![Form::And, Form::Lines, Form::Mount]))
        .prop_map(|(commands, form)| Step::Run { commands, form });
    let steps = vec(prop_oneof![select(LINES).prop_map(Step::Line), run], 1..6);
    (select(&FLAGS[..5]), select(builders), steps.clone(), prop::option::of(steps), select(runtimes))
        .prop_map(|(flag, image, steps, more, runtime)| {
            let mut stages = vec![Stage { flag, image, on: None, steps, takes: None }];
            let last = |stages: &[Stage]| stages.len() - 1;
            if let Some(steps) = more {
                stages.push(Stage { flag: "", image, on: Some(last(&stages)), steps, takes: None });
            }
            let takes = Some(last(&stages));
            stages.push(Stage { flag: "", image: runtime, on: None, steps: vec![], takes });
            stages
        })
}

fn write_stage(text: &mut String, index: usize, stage: &Stage) {
    let earlier = |of: Option<usize>| of.filter(|_| index > 0).map(|of| format!("s{}", of % index));
    let base = earlier(stage.on).unwrap_or_else(|| stage.image.to_owned());
    let mut lines = vec![format!("FROM {}{base} AS s{index}", stage.flag)];
    lines.extend(stage.steps.iter().map(step_text));
    if let Some(from) = earlier(stage.takes) {
        lines.push(format!("COPY --from={from} /out /app"));
    }
    text.push_str(&lines.join("\n"));
    text.push('\n');
}

fn step_text(step: &Step) -> String {
    match step {
        Step::Line(line) => (*line).to_owned(),
        Step::Run { commands, form: Form::And } => format!("RUN {}", commands.join(" && ")),
        Step::Run { commands, form: Form::Lines } => format!("RUN {}", commands.join(" \\\n    && ")),
        Step::Run { commands, form: Form::Heredoc } => {
            format!("RUN <<EOF\nset -e\n{}\nEOF", commands.join("\n"))
        }
        Step::Run { commands, form: Form::Mount } => {
            format!("RUN --mount=type=cache,target=/root/.cache \\\n    {}", commands.join("; \\\n    "))
        }
    }
}

fn fixed(text: &str, at_least: Applicability) -> String {
    Engine::new(Options::default()).fix(&file(text), at_least).file.text().to_owned()
}

/// A command as a build in `world` runs it: its stage, its words and the variables that matter, without what a fix may
/// add to it.
fn commands(text: &str, world: usize) -> Vec<String> {
    let file = file(text);
    let parse = syntax::parse(&file);
    let project = Project::default();
    let facts = Facts::new(&file, &parse, &project);
    let architecture = target_platform(world).architecture;
    let mut commands = Vec::new();
    for stage in 0..facts.stages().len() {
        for (_, invocation) in facts.invocations(stage) {
            let mut words = Vec::new();
            for word in &invocation.words {
                let text = known(word.value.world(world));
                let is_added = text == "-a" || text == architecture;
                if !is_added && !text.is_empty() {
                    words.push(text);
                }
            }
            let variable = |name: &str| known(invocation.environment.exported(name).world(world));
            let mut architecture_of_go = variable("GOARCH");
            if architecture_of_go == architecture {
                architecture_of_go = String::new();
            }
            commands.push(format!(
                "s{stage} in {:?}: CGO_ENABLED={} GOOS={} GOARCH={architecture_of_go} VERSION={} {words:?}",
                invocation.directory,
                variable("CGO_ENABLED"),
                variable("GOOS"),
                variable("VERSION"),
            ));
        }
    }
    commands
}

fn known(value: &Known) -> String {
    match value {
        Known::Text(text) => text.to_string(),
        Known::Unset => String::new(),
        Known::Given | Known::Unknown => "?".to_owned(),
    }
}

/// The build on an amd64 machine for itself. On others a constant `amd64` is what the fix is about.
fn native() -> usize {
    (0..WORLDS)
        .find(|&world| {
            build_platform(world).architecture == "amd64" && target_platform(world).architecture == "amd64"
        })
        .expect("a native build")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixing_ends_and_a_second_time_changes_nothing(text in dockerfile()) {
        for at_least in [Applicability::Safe, Applicability::Unsafe] {
            let once = fixed(&text, at_least);
            prop_assert_eq!(&fixed(&once, at_least), &once, "{:?}", at_least);
        }
    }

    #[test]
    fn fixing_adds_no_syntax_error(text in dockerfile()) {
        prop_assert!(syntax::parse(&file(&text)).errors.is_empty(), "the generator makes valid files");
        for at_least in [Applicability::Safe, Applicability::Unsafe] {
            let new = fixed(&text, at_least);
            prop_assert!(syntax::parse(&file(&new)).errors.is_empty(), "{}", new);
        }
    }

    #[test]
    fn a_safe_fix_leaves_the_exported_platform_and_emulates_no_more(text in dockerfile()) {
        let new = fixed(&text, Applicability::Safe);
        for target in ["linux/amd64", "linux/arm64"] {
            prop_assert_eq!(exported_platform(&new, target), exported_platform(&text, target), "{}", new);
        }
        prop_assert!(emulated_runs(&new) <= emulated_runs(&text), "{}", new);
    }

    #[test]
    fn a_safe_fix_leaves_a_native_build_alone(text in dockerfile()) {
        let new = fixed(&text, Applicability::Safe);
        prop_assert_eq!(commands(&new, native()), commands(&text, native()), "{}", new);
    }
}
