//! Build plans: a tree for terminals, data, and drawings. One file per format.

mod dot;
mod graph;
mod json;
mod layout;
mod mermaid;
mod svg;
mod text;
mod tree;

use std::io::{self, Write};

use dflint::model::Platform;
use dflint::model::plan::{Plan, RunState, Totals};
use dflint::model::stages::BuildError;
use dflint::syntax::Parse;
use dflint::text::SourceFile;

use super::neutral;

/// The formats of `dflint plan`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum PlanFormat {
    /// A tree for the terminal
    #[default]
    Tree,
    /// An object with the stages, steps and totals of each platform
    Json,
    /// A flowchart for Markdown files
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A drawing for web pages
    Svg,
}

impl PlanFormat {
    /// Whether the format has a place for what keeps a build from starting.
    pub(crate) fn tells_errors(self) -> bool {
        matches!(self, Self::Tree | Self::Json)
    }
}

/// What there is to print: the plans for one file.
pub(crate) struct PlanReport<'a> {
    /// The Dockerfile.
    pub(crate) file: &'a SourceFile,
    /// Its tree.
    pub(crate) parse: &'a Parse,
    /// The platform of the builder.
    pub(crate) build_platform: Platform,
    /// One for each platform, in the order asked for.
    pub(crate) plans: Vec<Planned>,
}

/// A plan, and what fixes would make of it.
pub(crate) struct Planned {
    /// The plan of the file as it is.
    pub(crate) plan: Plan,
    /// None where the build cannot start, before or after.
    pub(crate) after_fix: Option<AfterFix>,
}

/// The numbers of a plan after fixes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AfterFix {
    /// After `dflint check --fix`.
    pub(crate) safe: Totals,
    /// After `dflint check --fix --unsafe-fixes`.
    pub(crate) with_unsafe: Totals,
}

impl PlanReport<'_> {
    /// Prints the plans.
    pub(crate) fn print(
        &self,
        out: &mut dyn Write,
        format: PlanFormat,
        color: bool,
        width: usize,
    ) -> io::Result<()> {
        match format {
            PlanFormat::Tree => tree::print(out, self, color, width),
            PlanFormat::Json => json::print(out, self),
            PlanFormat::Mermaid => mermaid::print(out, self),
            PlanFormat::Dot => dot::print(out, self),
            PlanFormat::Svg => svg::print(out, self),
        }
    }

    /// What keeps builds from starting: each mistake once, with its place and the platforms.
    pub(crate) fn error_lines(&self) -> Vec<String> {
        let mut errors: Vec<(&BuildError, Vec<String>)> = Vec::new();
        for Planned { plan, .. } in &self.plans {
            for error in &plan.errors {
                match errors.iter_mut().find(|(known, _)| *known == error) {
                    Some((_, platforms)) => platforms.push(plan.platform.to_string()),
                    None => errors.push((error, vec![plan.platform.to_string()])),
                }
            }
        }
        let line = |(error, platforms): (&BuildError, Vec<String>)| {
            let path = self.file.path().to_string_lossy();
            let place = match error.range {
                Some(range) => {
                    let position = self.file.position(range.start());
                    format!("{path}:{}:{}", position.line, position.column)
                }
                None => path.into_owned(),
            };
            let all = platforms.len() == self.plans.len();
            let scope = if all { String::new() } else { format!(" ({})", platforms.join(", ")) };
            neutral::line(&format!("{place}: {}{scope}", error.message)).into_owned()
        };
        errors.into_iter().map(line).collect()
    }
}

/// How a run's state is called where it is data.
fn state_name(state: RunState) -> &'static str {
    match state {
        RunState::Native => "native",
        RunState::Emulated => "emulated",
        RunState::Unused => "unused",
    }
}
