//! What a build of a Dockerfile does, for tests that hold the rules against it.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeMap;

use dflint::model::Platform;
use dflint::model::stages::{Build, BuiltStage, Scenario, resolve, stage_spans};
use dflint::syntax::{self, Keyword};
use dflint::text::SourceFile;

/// A Dockerfile in memory.
pub(crate) fn file(text: &str) -> SourceFile {
    SourceFile::new("Dockerfile", text).expect("a small file")
}

fn platform(text: &str) -> Platform {
    text.parse().expect("a platform")
}

/// The stages of `text` in a build of `target` on `build`.
pub(crate) fn stages(text: &str, build: &str, target: &str) -> Build {
    let parse = syntax::parse(&file(text));
    let scenario = Scenario {
        build: platform(build),
        target: platform(target),
        build_arguments: &BTreeMap::new(),
        target_stage: None,
        other_targets: &[],
        arguments_may_be_given: false,
    };
    resolve(&parse, &stage_spans(&parse), &scenario)
}

/// How many RUNs a build for linux/arm64 on linux/amd64 emulates: those of the stages that the last one needs.
pub(crate) fn emulated_runs(text: &str) -> usize {
    count_emulated_runs(text, |stage| stage.reachable)
}

/// The same for all stages, needed or not.
pub(crate) fn emulated_runs_of_all_stages(text: &str) -> usize {
    count_emulated_runs(text, |_| true)
}

fn count_emulated_runs(text: &str, counts: impl Fn(&BuiltStage) -> bool) -> usize {
    let parse = syntax::parse(&file(text));
    let builder = platform("linux/amd64");
    let build = stages(text, "linux/amd64", "linux/arm64");
    let spans = stage_spans(&parse);
    let emulated = build
        .stages
        .iter()
        .zip(&spans)
        .filter(|(stage, _)| counts(stage) && stage.platform.as_deref() != Some(&builder));
    let runs = |at: &usize| parse.instructions[*at].keyword == Keyword::Run;
    emulated.map(|(_, span)| span.body.clone().filter(runs).count()).sum()
}

/// The platform of the exported stage in a build of `target` on linux/amd64.
pub(crate) fn exported_platform(text: &str, target: &str) -> Option<Platform> {
    let build = stages(text, "linux/amd64", target);
    build.stages[build.target?].platform.as_deref().cloned()
}
