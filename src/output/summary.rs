//! The numbers of a run, and the one line that tells them.

use dflint::diagnostics::{Applicability, Diagnostic, Severity};

use super::mendable;

/// What the run does with fixes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mode {
    /// It only says what there is.
    Check,
    /// It rewrites.
    Fix,
    /// It shows what it would rewrite.
    Diff,
}

/// What the run changes files by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Changes {
    /// Fixes of problems.
    Fixes,
    /// Comments that ignore problems.
    Comments,
    /// Fixes, and comments for the rest.
    Both,
}

impl Changes {
    /// "Fixed 3 problems", or "Would fix 3 problems".
    fn told(self, number: usize, done: bool) -> String {
        let (did, would, what) = match self {
            Self::Fixes => ("Fixed", "Would fix", "problem"),
            Self::Comments => ("Added", "Would add", "comment"),
            Self::Both => ("Made", "Would make", "change"),
        };
        format!("{} {}", if done { did } else { would }, count(number, what))
    }
}

/// The numbers of a run.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    mode: Mode,
    changes: Changes,
    /// Whether a baseline keeps back what was there before.
    pub(crate) has_baseline: bool,
    unsafe_fixes: bool,
    /// Files that were checked.
    pub(crate) files: usize,
    /// Files that have findings.
    files_with_findings: usize,
    /// What is left to report.
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    /// What a safe fix would mend, and what only an unsafe one.
    safe: usize,
    needs_unsafe: usize,
    /// Fixes that were applied, or would be with `--diff`.
    pub(crate) fixed: usize,
    /// Files that they changed.
    pub(crate) files_changed: usize,
    /// Files that could not be checked or rewritten, or were not found.
    pub(crate) failures: usize,
}

impl Tally {
    /// The numbers of a run that found so much.
    #[cfg(test)]
    pub(crate) fn of([errors, warnings, notes]: [usize; 3], failures: usize) -> Self {
        Self { errors, warnings, notes, failures, ..Self::new(Mode::Check, false) }
    }

    /// Nothing counted yet.
    pub(crate) fn new(mode: Mode, unsafe_fixes: bool) -> Self {
        Self {
            mode,
            changes: Changes::Fixes,
            has_baseline: false,
            unsafe_fixes,
            files: 0,
            files_with_findings: 0,
            errors: 0,
            warnings: 0,
            notes: 0,
            safe: 0,
            needs_unsafe: 0,
            fixed: 0,
            files_changed: 0,
            failures: 0,
        }
    }

    /// The same for a run that changes files by something else than fixes.
    pub(crate) fn with(self, changes: Changes) -> Self {
        Self { changes, ..self }
    }

    /// Counts a file that was checked: what is left to report in it, and how many fixes changed it.
    pub(crate) fn count(&mut self, findings: &[Diagnostic], fixed: usize) {
        self.files += 1;
        self.files_with_findings += usize::from(!findings.is_empty());
        self.fixed += fixed;
        self.files_changed += usize::from(fixed > 0);
        for finding in findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.notes += 1,
            }
            match mendable(finding) {
                Some(Applicability::Safe) => self.safe += 1,
                Some(Applicability::Unsafe) => self.needs_unsafe += 1,
                Some(Applicability::DisplayOnly) | None => {}
            }
        }
    }

    /// How many findings are left to report.
    pub(crate) fn findings(&self) -> usize {
        self.errors + self.warnings + self.notes
    }

    /// The run in one line; `None` where no file was checked.
    pub(crate) fn sentence(&self) -> Option<String> {
        if self.files == 0 {
            return None;
        }
        let told = match (self.mode, self.fixed, self.findings()) {
            (Mode::Check | Mode::Fix, 0, 0) => {
                let new = if self.has_baseline { "new " } else { "" };
                format!("Checked {}: no {new}problems", files(self.files))
            }
            (Mode::Check | Mode::Fix, 0, _) => format!("Found {}{}", self.problems(), self.ways_out()),
            (Mode::Diff, 0, 0) => format!("Checked {}: nothing to fix", files(self.files)),
            (Mode::Diff, 0, left) => {
                format!("Checked {}: nothing to fix; {} left to mend by hand", files(self.files), are(left))
            }
            (mode, fixed, left) => {
                let fixed = self.changes.told(fixed, mode != Mode::Diff);
                let fixed = format!("{fixed} in {}", files(self.files_changed));
                match left {
                    0 => format!("{fixed}; none left"),
                    _ => format!("{fixed}; left: {}{}", self.problems(), self.ways_out()),
                }
            }
        };
        let failed = match self.failures {
            0 => String::new(),
            n => format!(" {} could not be processed; the messages say why.", count(n, "path")),
        };
        Some(format!("{told}.{failed}"))
    }

    /// "3 problems (1 error, 2 warnings) in 2 files".
    fn problems(&self) -> String {
        let kinds: Vec<_> = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, kind)| count(number, kind))
            .collect();
        let place = if self.files_with_findings == self.files {
            files(self.files)
        } else {
            format!("{} of {}", self.files_with_findings, files(self.files))
        };
        format!("{} ({}) in {place}", count(self.findings(), "problem"), kinds.join(", "))
    }

    /// What the options that were not given would mend.
    fn ways_out(&self) -> String {
        let fixing = self.mode != Mode::Check;
        let safe = if fixing { 0 } else { self.safe };
        let needs_unsafe = if fixing && self.unsafe_fixes { 0 } else { self.needs_unsafe };
        match (safe, needs_unsafe) {
            (0, 0) => String::new(),
            (safe, 0) => format!("; {safe} can be fixed with --fix"),
            (0, more) if fixing => format!("; {more} can be fixed with --unsafe-fixes"),
            (0, more) => format!("; {more} can be fixed with --fix --unsafe-fixes"),
            (safe, more) if self.unsafe_fixes => {
                format!("; {} can be fixed with --fix --unsafe-fixes", safe + more)
            }
            (safe, more) => format!("; {safe} can be fixed with --fix, {more} more with --unsafe-fixes"),
        }
    }
}

fn files(number: usize) -> String {
    count(number, "file")
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn are(number: usize) -> String {
    format!("{} {}", count(number, "problem"), if number == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests;
