//! How findings are told, and which of them fail a run.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::output::{Format, Tally};

#[derive(Args, Debug)]
pub(in crate::cli) struct Reporting {
    /// How to print the findings
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub(in crate::cli) output_format: Format,

    /// Write the findings to FILE, and print them for people on the terminal
    ///
    /// The file is written in one step, when the run is over.
    #[arg(
        long,
        short,
        visible_alias = "output",
        value_name = "FILE",
        conflicts_with = "diff",
        help_heading = "Output"
    )]
    pub(in crate::cli) output_file: Option<PathBuf>,

    /// Print how many findings each rule has in the place of the findings
    #[arg(long, conflicts_with = "diff", help_heading = "Output")]
    pub(in crate::cli) statistics: bool,

    #[command(flatten)]
    pub(in crate::cli) threshold: Threshold,
}

/// Which findings make the exit status 1.
#[derive(Args, Clone, Copy, Debug)]
pub(in crate::cli) struct Threshold {
    /// The least severe finding that makes the exit status 1: info by default, error with --max-warnings
    #[arg(long, value_name = "SEVERITY", conflicts_with = "diff", help_heading = "Exit status")]
    fail_on: Option<FailOn>,

    /// The most warnings that leave the exit status 0
    #[arg(long, value_name = "NUMBER", conflicts_with = "diff", help_heading = "Exit status")]
    max_warnings: Option<usize>,
}

/// See [`Threshold::fail_on`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, ValueEnum)]
enum FailOn {
    /// Every finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
    /// None
    Never,
}

impl Threshold {
    /// Whether what was found fails the run.
    pub(in crate::cli) fn fails(self, tally: &Tally) -> bool {
        let by_default = if self.max_warnings.is_some() { FailOn::Error } else { FailOn::Info };
        let fail_on = self.fail_on.unwrap_or(by_default);
        let warnings = if self.max_warnings.is_some() { 0 } else { tally.warnings };
        self.has_too_many_warnings(tally)
            || tally.errors > 0 && fail_on <= FailOn::Error
            || warnings > 0 && fail_on <= FailOn::Warning
            || tally.notes > 0 && fail_on <= FailOn::Info
    }

    /// What to say of too many warnings.
    pub(in crate::cli) fn complaint(self, tally: &Tally) -> Option<String> {
        let most = self.max_warnings.filter(|_| self.has_too_many_warnings(tally))?;
        Some(format!("more warnings ({}) than --max-warnings allows ({most})", tally.warnings))
    }

    fn has_too_many_warnings(self, tally: &Tally) -> bool {
        self.max_warnings.is_some_and(|most| tally.warnings > most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_severe_finding_that_counts_decides() {
        use FailOn::{Error, Info, Never, Warning};
        for (fail_on, max_warnings, found, fails) in [
            (None, None, [0, 0, 0], false),
            (None, None, [0, 0, 1], true),
            (Some(Info), None, [0, 0, 1], true),
            (Some(Warning), None, [0, 0, 1], false),
            (Some(Warning), None, [0, 1, 0], true),
            (Some(Error), None, [0, 9, 9], false),
            (Some(Error), None, [1, 0, 0], true),
            (Some(Never), None, [9, 9, 9], false),
            (None, Some(2), [0, 2, 9], false),
            (None, Some(2), [0, 3, 0], true),
            (None, Some(2), [1, 0, 0], true),
            (None, Some(0), [0, 1, 0], true),
            (Some(Info), Some(2), [0, 2, 0], false),
            (Some(Info), Some(2), [0, 0, 1], true),
            (Some(Never), Some(2), [1, 2, 0], false),
            (Some(Never), Some(2), [0, 3, 0], true),
        ] {
            let threshold = Threshold { fail_on, max_warnings };
            assert_eq!(threshold.fails(&Tally::of(found, 0)), fails, "{threshold:?} {found:?}");
        }
    }
}
