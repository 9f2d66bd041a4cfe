//! What runs where: the corners of the build model, each as `BuildKit` has it (dockerfile2llb/convert.go).

use std::collections::BTreeMap;
use std::path::PathBuf;

use dflint::model::Platform;
use dflint::model::plan::{CrossingKind, Plan, RunState, Totals};
use dflint::model::stages::{Origin, Scenario};
use dflint::syntax;
use dflint::text::SourceFile;

/// A build for arm64 on amd64, unless something else is said.
struct Build<'a> {
    text: &'a str,
    builder: &'a str,
    target: &'a str,
    arguments: &'a [(&'a str, &'a str)],
    stage: Option<&'a str>,
}

fn of(text: &str) -> Build<'_> {
    Build { text, builder: "linux/amd64", target: "linux/arm64", arguments: &[], stage: None }
}

impl<'a> Build<'a> {
    fn plan(&self) -> Plan {
        let file = SourceFile::new(PathBuf::from("Dockerfile"), self.text).unwrap();
        let arguments: BTreeMap<_, _> =
            self.arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let platform = |text: &str| text.parse::<Platform>().unwrap();
        let scenario = Scenario {
            build: platform(self.builder),
            target: platform(self.target),
            build_arguments: &arguments,
            target_stage: self.stage,
            other_targets: &[],
            arguments_may_be_given: false,
        };
        Plan::new(&syntax::parse(&file), &scenario)
    }

    /// For each stage where its RUNs execute: `arm64`, or `-` where the build does not need it; `*` marks RUNs that
    /// are emulated.
    fn runs(&self) -> String {
        let plan = self.plan();
        assert!(plan.starts(), "{}: {:?}", self.text, plan.errors);
        let stages = plan.stages.iter().map(|stage| {
            let marks: String = stage
                .runs
                .iter()
                .map(|run| match run.state {
                    RunState::Emulated => '*',
                    RunState::Native => '.',
                    RunState::Unused => '?',
                })
                .collect();
            let platform = stage.platform.as_ref().filter(|_| stage.is_used);
            platform.map_or("-".to_owned(), |platform| platform.architecture.to_string()) + &marks
        });
        stages.collect::<Vec<_>>().join(" ")
    }

    /// Why the build cannot start, and where: the text that is at fault.
    fn errors(&self) -> Vec<(String, &'a str)> {
        let errors = self.plan().errors.into_iter();
        errors.map(|error| (error.message, error.range.map_or("", |range| &self.text[range]))).collect()
    }
}

#[track_caller]
fn refused(text: &str, message: &str, place: &str) {
    let errors = of(text).errors();
    assert!(
        errors.iter().any(|(told, at)| told.contains(message) && *at == place),
        "want `{message}` at `{place}`, got {errors:?}"
    );
}

#[test]
fn stages_run_where_their_from_says() {
    assert_eq!(of("FROM a\nRUN x\n").runs(), "arm64*");
    assert_eq!(of("FROM --platform=$BUILDPLATFORM a\nRUN x\n").runs(), "amd64.");
    assert_eq!(of("FROM --platform=linux/s390x a\nRUN x\nRUN y\n").runs(), "s390x**");
    assert_eq!(of("FROM --platform=${NONE:-linux/amd64} a\nRUN x\n").runs(), "amd64.");
    // The flag has no effect on scratch and on stages.
    assert_eq!(of("FROM --platform=$BUILDPLATFORM scratch\nRUN x\n").runs(), "arm64*");
    assert_eq!(of("FROM a AS b\nFROM --platform=$BUILDPLATFORM b\nRUN x\n").runs(), "arm64 arm64*");
}

#[test]
fn some_foreign_platforms_need_no_emulator() {
    let text = "FROM a\nRUN x\n";
    assert_eq!(Build { target: "linux/386", ..of(text) }.runs(), "386.");
    assert_eq!(Build { target: "linux/amd64/v3", ..of(text) }.runs(), "amd64.");
    assert_eq!(Build { builder: "linux/arm/v7", target: "linux/arm/v6", ..of(text) }.runs(), "arm.");
    assert_eq!(Build { builder: "linux/arm64", target: "linux/arm/v7", ..of(text) }.runs(), "arm*");
}

#[test]
fn what_the_target_does_not_need_does_not_run() {
    let text = "FROM a AS one\nRUN x\nFROM b AS two\nRUN y\nFROM c AS three\nCOPY --from=one / /\n";
    assert_eq!(of(text).runs(), "arm64* -? arm64");
    assert_eq!(Build { stage: Some("TWO"), ..of(text) }.runs(), "-? arm64* -");
    let unknown = Build { stage: Some("four"), ..of(text) };
    assert_eq!(unknown.errors(), [("there is no stage `four` to build".to_owned(), "")]);
}

#[test]
fn a_later_stage_of_the_same_name_takes_over() {
    let text = "FROM a AS x\nRUN 1\nFROM b AS x\nRUN 2\nFROM x\nCOPY --from=x / /\n";
    assert_eq!(of(text).runs(), "-? arm64* arm64");
    // A COPY looks at all stages, those below it too: the later one counts, and it comes too late.
    refused(
        "FROM a AS x\nFROM b AS y\nCOPY --from=x / /\nFROM c AS x\nFROM y\n",
        "stage `x` must stand above",
        "COPY --from=x / /",
    );
}

#[test]
fn names_are_lower_case_to_from_and_of_any_case_to_copy() {
    assert_eq!(of("FROM a AS Tools\nRUN x\nFROM b\nCOPY --from=TOOLS / /\n").runs(), "arm64* arm64");
    assert_eq!(of("FROM a AS Tools\nRUN x\nFROM b\nRUN --mount=from=tOOLS y\n").runs(), "arm64* arm64*");
    assert_eq!(of("FROM a AS Tools\nRUN x\nFROM tools\n").runs(), "arm64* arm64");
    refused("FROM a AS Tools\nFROM Tools\n", "FROM knows the stage as `tools`", "Tools");
}

#[test]
fn numbers_are_stages_to_copy_only() {
    assert_eq!(of("FROM a\nRUN x\nFROM b\nCOPY --from=0 / /\n").runs(), "arm64* arm64");
    assert_eq!(of("FROM a\nRUN x\nFROM b\nRUN --mount=from=0 y\n").runs(), "-? arm64*");
    assert_eq!(of("FROM a\nRUN x\nFROM 0\n").runs(), "-? arm64");
    refused("FROM a\nCOPY --from=7 / /\n", "there is no stage number 7", "7");
    refused("FROM a\nCOPY --from=-1 / /\n", "there is no stage number -1", "-1");
    // Images that were named before have numbers, too.
    assert_eq!(of("FROM a\nCOPY --from=busybox / /\nCOPY --from=1 / /\n").runs(), "arm64");
}

#[test]
fn bases_may_depend_on_the_platform() {
    let text =
        "FROM a AS x-amd64\nRUN 1\nFROM b AS x-arm64\nRUN 2\nFROM x-${TARGETARCH}${TARGETVARIANT}\nRUN 3\n";
    assert_eq!(of(text).runs(), "-? arm64* arm64*");
    assert_eq!(Build { target: "linux/amd64", ..of(text) }.runs(), "amd64. -? amd64.");
    // An image of that name would be pulled.
    assert_eq!(Build { target: "linux/arm/v7", ..of(text) }.runs(), "-? -? arm*");
}

#[test]
fn global_arguments_shadow_the_automatic_ones() {
    let text = "ARG BUILDPLATFORM=linux/arm64\nFROM --platform=$BUILDPLATFORM a\nRUN x\n";
    assert_eq!(of(text).runs(), "arm64*");
    assert_eq!(of("ARG BUILDPLATFORM\nFROM --platform=$BUILDPLATFORM a\nRUN x\n").runs(), "amd64.");
    let given = Build { arguments: &[("BUILDPLATFORM", "linux/riscv64")], ..of(text) };
    assert_eq!(given.runs(), "riscv64*");
}

#[test]
fn build_arguments_override_defaults_and_nothing_else() {
    let text = "ARG BASE=one\nFROM a AS one\nRUN 1\nFROM b AS two\nRUN 2\nFROM $BASE\n";
    assert_eq!(of(text).runs(), "arm64* -? arm64");
    assert_eq!(Build { arguments: &[("BASE", "two")], ..of(text) }.runs(), "-? arm64* arm64");
    // Without an ARG above the first FROM it is not there.
    let undeclared = "FROM a\nARG BASE=b\nFROM $BASE\n";
    refused(undeclared, "no ARG above the first FROM declares BASE", "$BASE");
    refused("ARG BASE\nFROM $BASE\n", "give --build-arg BASE=…", "$BASE");
}

#[test]
fn stages_cannot_wait_for_each_other() {
    refused("FROM a AS x\nCOPY --from=x / /\n", "stage `x` takes files from itself", "COPY --from=x / /");
    let circle = "FROM a AS x\nCOPY --from=y / /\nFROM b AS y\nCOPY --from=x / /\nFROM c\n";
    refused(circle, "stage `x` takes files, directly or not, from stage `y`", "COPY --from=x / /");
    // What is not needed may want a later stage.
    assert_eq!(of("FROM a AS x\nCOPY --from=y / /\nFROM b AS y\nFROM c\nRUN z\n").runs(), "- - arm64*");
}

#[test]
fn variables_have_no_place_behind_from_of_a_copy() {
    refused("FROM a AS x\nFROM b\nCOPY --from=$X / /\n", "takes no variable", "$X");
}

#[test]
fn triggers_run_in_the_stages_built_on_theirs() {
    let text = "FROM a AS base\nRUN 1\nONBUILD RUN 2\nONBUILD COPY --from=tools / /\nFROM b AS tools\nRUN 3\n\
                FROM --platform=$BUILDPLATFORM c AS other\nFROM base AS child\nRUN 4\nFROM child\nRUN 5\n";
    let plan = of(text).plan();
    assert_eq!(of(text).runs(), "arm64* arm64* - arm64** arm64*");
    let child = &plan.stages[3];
    assert_eq!(child.runs.iter().map(|run| run.is_trigger).collect::<Vec<_>>(), [true, false]);
    let crossing = plan.crossings.iter().find(|crossing| crossing.is_trigger).unwrap();
    assert_eq!((&crossing.origin, crossing.into), (&Origin::Stage(1), 3));
    // The mistake is told where BuildKit tells it: at the FROM that pulls the trigger.
    refused(
        "FROM a AS base\nONBUILD COPY --from=9 / /\nFROM base\n",
        "there is no stage number 9",
        "FROM base",
    );
    // A stage may take files from itself that way.
    assert_eq!(of("FROM a AS x\nONBUILD COPY --from=y / /\nFROM x AS y\nRUN 1\n").runs(), "arm64 arm64*");
    assert_eq!(of("FROM a AS base\nONBUILD COPY --from=9 / /\nFROM b\n").runs(), "- arm64");
}

#[test]
fn words_that_cannot_be_expanded_stop_the_stages_that_are_needed() {
    let text = "FROM scratch AS x\nARG VERSION\nENV V=${VERSION:?needed}\nFROM scratch\n";
    assert_eq!(of(text).runs(), "- arm64");
    let needed = Build { stage: Some("x"), ..of(text) };
    assert_eq!(needed.errors().len(), 1, "{:?}", needed.errors());
    assert_eq!(Build { arguments: &[("VERSION", "1")], ..needed }.runs(), "arm64 -");
    // An image may bring the variable along.
    assert_eq!(of("FROM a\nENV V=${VERSION:?needed}\n").runs(), "arm64");
}

#[test]
fn files_cross_with_their_platform() {
    let text = "FROM --platform=$BUILDPLATFORM a AS build\nFROM b\nCOPY --from=build / /\n\
                RUN --mount=type=cache,target=/c --mount=from=busybox,target=/b x\nFROM build\nCOPY --from=1 / /\n";
    let plan = of(text).plan();
    let crossings: Vec<_> = plan
        .crossings
        .iter()
        .map(|of| (of.kind, of.origin.clone(), of.into, of.platform.as_ref().unwrap().architecture.as_str()))
        .collect();
    assert_eq!(
        crossings,
        [
            (CrossingKind::Copy, Origin::Stage(0), 1, "amd64"),
            (CrossingKind::Mount, Origin::Image("busybox".into()), 1, "arm64"),
            (CrossingKind::Base, Origin::Stage(0), 2, "amd64"),
            (CrossingKind::Copy, Origin::Stage(1), 2, "arm64"),
        ]
    );
}

#[test]
fn totals_count_every_run_once() {
    let text =
        "FROM a AS x\nRUN 1\nRUN 2\nFROM b AS y\nRUN 3\nFROM --platform=$BUILDPLATFORM x AS z\nRUN 4\n";
    assert_eq!(of(text).plan().totals(), Totals { native: 0, emulated: 3, unused: 1 });
    let refused = of("FROM a\nRUN x\nFROM $NOTHING\nRUN y\n").plan();
    assert_eq!(refused.totals(), Totals { native: 0, emulated: 0, unused: 2 });
    assert_eq!(refused.exported, None);
}

#[test]
fn files_without_a_stage_are_refused() {
    for text in ["", "ARG X\n", "# nothing\n"] {
        assert!(!of(text).plan().starts(), "{text:?}");
    }
}
