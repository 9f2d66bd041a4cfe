//! What dflint prints, one file per format. Nothing here opens a file.

mod diff;
mod excerpt;
mod human;
mod json;
mod neutral;
mod parse_json;
mod plan;
mod rules;
mod summary;

use std::io::{self, Write};

use dflint::diagnostics::{Applicability, Diagnostic, Severity};
use dflint::engine::AppliedFix;
use dflint::text::SourceFile;

pub(crate) use diff::unified_diff;
pub(crate) use neutral::line as neutral_line;
pub(crate) use parse_json::syntax_tree;
pub(crate) use plan::{AfterFix, PlanFormat, PlanReport, Planned};
pub(crate) use rules::{card, catalogue, catalogue_json};
pub(crate) use summary::{Changes, Mode, Tally};

/// What there is to print about one file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked<'a> {
    /// The text that the findings speak of.
    pub(crate) file: &'a SourceFile,
    /// What is left to report, in the order of the file.
    pub(crate) diagnostics: &'a [Diagnostic],
    /// What was mended before.
    pub(crate) applied: &'a [AppliedFix],
}

/// A format. Files are given in the order in which they are to be printed, then comes the end.
pub(crate) trait Reporter {
    /// Prints what there is to say about a file.
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()>;

    /// Prints what stands behind the last file.
    fn finish(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()>;
}

/// The formats of `--output-format`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Source excerpts for people
    #[default]
    Human,
    /// An array of findings
    Json,
}

impl Format {
    /// The reporter of this format.
    pub(crate) fn reporter(self, color: bool) -> Box<dyn Reporter> {
        match self {
            Self::Human => Box::new(human::Human::new(color)),
            Self::Json => Box::new(json::Json::default()),
        }
    }
}

/// How a finding can be mended, at best.
fn mendable(diagnostic: &Diagnostic) -> Option<Applicability> {
    diagnostic.fixes.iter().map(|fix| fix.applicability).max()
}

/// How severities are called where they are data.
pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
