//! What dflint prints, one file per format. Nothing here opens a file.

mod azure;
mod checkstyle;
mod concise;
mod diff;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod identity;
mod json;
mod json_lines;
mod junit;
mod neutral;
mod notes;
mod parse_json;
mod place;
mod plan;
mod rules;
#[cfg(test)]
mod samples;
mod sarif;
mod statistics;
mod summary;
mod xml;

use std::io::{self, Write};
use std::path::Path;

use dflint::diagnostics::{Applicability, Diagnostic, Severity};
use dflint::engine::AppliedFix;
use dflint::text::SourceFile;

pub(crate) use diff::unified_diff;
pub(crate) use identity::{Identity, identities};
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
    /// The comments that were added before.
    pub(crate) comments: &'a [AppliedFix],
}

/// A format. After the beginning, files and failures are given in the order in which they are to be printed, then comes
/// the end.
pub(crate) trait Reporter {
    /// Prints what stands before the first file.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let _ = out;
        Ok(())
    }

    /// Prints what there is to say about a file.
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()>;

    /// Prints why a path could not be checked or rewritten: where a report stands for the run, its reader sees nothing
    /// else. By default nothing, as standard error has it.
    fn failure(&mut self, out: &mut dyn Write, path: &Path, message: &str) -> io::Result<()> {
        let _ = (out, path, message);
        Ok(())
    }

    /// Prints what stands behind the last file.
    fn finish(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()>;
}

/// The formats of `--output-format`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Source excerpts for people
    #[default]
    Human,
    /// One line for each finding
    Concise,
    /// An array of findings
    Json,
    /// A finding on each line
    JsonLines,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// Issues of Azure Pipelines
    Azure,
    /// Tests that failed
    Junit,
    /// Errors by file
    Checkstyle,
}

impl Format {
    /// The reporter of this format.
    pub(crate) fn reporter(self, color: bool) -> Box<dyn Reporter> {
        match self {
            Self::Human => Box::new(human::Human::new(color)),
            Self::Concise => Box::new(concise::Concise),
            Self::Json => Box::new(json::Json::default()),
            Self::JsonLines => Box::new(json_lines::JsonLines),
            Self::Sarif => Box::new(sarif::Sarif::default()),
            Self::Github => Box::new(github::GitHub),
            Self::Gitlab => Box::new(gitlab::GitLab::default()),
            Self::Azure => Box::new(azure::Azure),
            Self::Junit => Box::new(junit::Junit),
            Self::Checkstyle => Box::new(checkstyle::Checkstyle),
        }
    }

    /// The reporter that counts findings by rule; none where this format has no place for that.
    pub(crate) fn statistics(self) -> Option<Box<dyn Reporter>> {
        match self {
            Self::Human => Some(Box::new(statistics::Statistics::new(false))),
            Self::Json => Some(Box::new(statistics::Statistics::new(true))),
            _ => None,
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
