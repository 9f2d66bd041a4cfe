//! Text in, findings and mended text out: the one door to everything below.

mod draft;

use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};

pub use draft::Draft;

use crate::config::{Settings, Sourced};
use crate::diagnostics::{Applicability, Confidence, Diagnostic, Fix, Severity};
use crate::fix;
use crate::model::{Facts, Project};
use crate::rules::{self, Card};
use crate::select::{Selector, is_selected, most_exact};
use crate::suppress::{self, Suppressions};
use crate::syntax::{self, Parse, Phase};
use crate::text::{SourceFile, line_ending};

/// The code and the name of findings that are syntax errors. They are always reported: a file that `BuildKit` refuses
/// has no other business.
pub const SYNTAX: (&str, &str) = ("syntax", "syntax-error");

/// Checks and mends files. Cheap to make, and shared between threads.
#[derive(Clone, Debug)]
pub struct Engine {
    options: Options,
}

/// What an [`Engine`] looks for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The rules to run; empty for all.
    pub select: Vec<Selector>,
    /// The rules to leave out.
    pub ignore: Vec<Selector>,
    /// How bad findings are, where not as the rules' cards say. The entry that says most of a rule counts.
    pub severity: Vec<(Selector, Severity)>,
    /// How the project builds its images.
    pub project: Project,
}

impl From<&Settings> for Options {
    fn from(settings: &Settings) -> Self {
        let values = |list: &Sourced<Vec<Selector>>| list.value.clone();
        let mut project = Project::default();
        if let Some(platforms) = &settings.platforms {
            project.platforms.clone_from(&platforms.value);
        }
        if let Some(targets) = &settings.targets {
            project.targets.clone_from(&targets.value);
        }
        Self {
            select: settings.select.as_ref().map(values).unwrap_or_default(),
            ignore: settings.ignore.iter().flat_map(values).collect(),
            severity: settings.severity.iter().map(|entry| entry.value.clone()).collect(),
            project,
        }
    }
}

/// What was found in a file.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// The findings in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The codes of the rules that panicked. That is an error in dflint; what the others found stands.
    pub failures: Vec<&'static str>,
}

/// A file after its fixes.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The file with the new text.
    pub file: SourceFile,
    /// What was done, in the order in which it was done; empty where the text is as it was.
    pub applied: Vec<AppliedFix>,
    /// What is left to report in the new text.
    pub remaining: Report,
    /// Fixes that were undone because they would have broken the file.
    pub refused: Vec<RefusedFix>,
}

/// A fix that was applied.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppliedFix {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// What the fix did, in the imperative.
    pub title: String,
}

/// A fix that was not applied though it should have been.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RefusedFix {
    /// The fix.
    pub fix: AppliedFix,
    /// What it would have done to the file.
    pub reason: String,
}

impl Engine {
    /// An engine that runs the rules of `options`.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// What it looks for.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What there is to say about `file`.
    pub fn check(&self, file: &SourceFile) -> Report {
        self.check_parsed(file, &syntax::parse(file))
    }

    /// The same with the tree of `file`.
    pub fn check_parsed(&self, file: &SourceFile, parse: &Parse) -> Report {
        self.findings(&Facts::new(file, parse, &self.options.project))
    }

    fn findings(&self, facts: &Facts<'_>) -> Report {
        let (file, parse) = (facts.file(), facts.parse());
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        let mut failures = Vec::new();
        let suppressions = Suppressions::read(file, parse);
        // What no one asked for, but a comment speaks of: it tells whether the comment is of use.
        let judges_comments = self.runs(suppress::card());
        let mut unasked = Vec::new();
        for rule in rules::rules() {
            let code = rule.card.code;
            let found = if self.runs(rule.card) {
                &mut diagnostics
            } else if judges_comments && suppressions.names(code) {
                &mut unasked
            } else {
                continue;
            };
            match unless_it_panics(|| rule.check(facts)) {
                Some(more) => found.extend(more),
                None => failures.push(code),
            }
        }
        suppressions.apply(&mut diagnostics, &unasked, judges_comments);
        for diagnostic in &mut diagnostics {
            if let Some(severity) = most_exact(diagnostic.code, &self.options.severity) {
                diagnostic.severity = *severity;
            }
        }
        diagnostics.extend(parse.errors.iter().map(syntax_error));
        diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.start(), diagnostic.code));
        Report { diagnostics, failures }
    }

    /// Why `fix` must not be applied alone to `file`, whose tree is `parse`; none where it may.
    pub fn damage(&self, file: &SourceFile, parse: &Parse, fix: &Fix) -> Option<String> {
        self.attempt(file, parse, &[(0, fix.clone())]).err()
    }

    /// The comment that accepts a finding of `file`, whose tree is `parse`; none where no comment can.
    pub fn ignoring(&self, file: &SourceFile, parse: &Parse, finding: &Diagnostic) -> Option<Fix> {
        let fixes =
            Suppressions::read(file, parse).ignoring(std::slice::from_ref(finding), line_ending(file.text()));
        fixes.into_iter().next().map(|(_, fix)| fix)
    }

    fn runs(&self, rule: &Card) -> bool {
        is_selected(rule, &self.options.select, &self.options.ignore)
    }

    /// Adds comments that accept what is left to report, where comments can: not in a file that `BuildKit` cannot cut into
    /// instructions, for nobody knows what is a comment there.
    pub fn add_ignores(&self, file: &SourceFile) -> Fixed {
        let parse = syntax::parse(file);
        let report = self.check_parsed(file, &parse);
        let ending = line_ending(file.text());
        let is_clear = parse.errors.iter().all(|error| error.phase != Phase::Parse);
        let fixes = if is_clear {
            Suppressions::read(file, &parse).ignoring(&report.diagnostics, ending)
        } else {
            Vec::new()
        };
        let applied: Vec<_> = fixes.iter().map(|(index, fix)| named(&report, *index, fix)).collect();
        match self.attempt(file, &parse, &fixes) {
            Ok(new) => {
                let remaining = self.check(&new);
                Fixed { file: new, applied, remaining, refused: Vec::new() }
            }
            Err(reason) => {
                let refuse = |fix| RefusedFix { fix, reason: reason.clone() };
                let refused = applied.into_iter().map(refuse).collect();
                Fixed { file: file.clone(), applied: Vec::new(), remaining: report, refused }
            }
        }
    }

    /// Applies the fixes that are `at_least` so applicable, until none is left.
    pub fn fix(&self, file: &SourceFile, at_least: Applicability) -> Fixed {
        let mut file = file.clone();
        let mut applied = Vec::new();
        let mut refused = Vec::new();
        let mut refused_fixes = HashSet::new();
        let mut passes = 0;
        loop {
            let parse = syntax::parse(&file);
            let report = self.check_parsed(&file, &parse);
            let chosen = fix::choose(&report.diagnostics, at_least, &refused_fixes);
            if chosen.is_empty() || passes == fix::MAX_PASSES {
                return Fixed { file, applied, remaining: report, refused };
            }
            let name = |index: usize, fix: &Fix| named(&report, index, fix);
            if let Ok(new) = self.attempt(&file, &parse, &chosen) {
                applied.extend(chosen.iter().map(|(index, fix)| name(*index, fix)));
                file = new;
                passes += 1;
                continue;
            }
            // One of them does damage: find out which, and go on without it.
            let mut harmless = None;
            for (index, fix) in &chosen {
                match self.attempt(&file, &parse, &[(*index, fix.clone())]) {
                    Ok(new) => harmless = harmless.or(Some((*index, fix, new))),
                    Err(reason) => {
                        refused.push(RefusedFix { fix: name(*index, fix), reason });
                        refused_fixes.insert(fix.clone());
                    }
                }
            }
            // One goes in alone, so that there is progress even where they do damage only together.
            if let Some((index, fix, new)) = harmless {
                applied.push(name(index, fix));
                file = new;
                passes += 1;
            }
        }
    }
    /// The file with the fixes applied, or why that would do damage.
    fn attempt(
        &self,
        file: &SourceFile,
        parse: &Parse,
        fixes: &[(usize, Fix)],
    ) -> Result<SourceFile, String> {
        let (text, edits) = fix::apply(file.text(), parse, fixes);
        let new = SourceFile::new(file.path(), text).map_err(|_| "the file would be too large".to_owned())?;
        match fix::damage(&self.options.project, (file, parse), &new, &edits) {
            Some(reason) => Err(reason),
            None => Ok(new),
        }
    }
}

/// The outcome of `check`; none where it panics. A rule must not take the findings of the others with it.
fn unless_it_panics<T>(check: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(check)).ok()
}

fn named(report: &Report, index: usize, fix: &Fix) -> AppliedFix {
    let Diagnostic { code, name, .. } = report.diagnostics[index];
    AppliedFix { code, name, title: fix.title.clone() }
}

fn syntax_error(error: &syntax::SyntaxError) -> Diagnostic {
    Diagnostic {
        code: SYNTAX.0,
        name: SYNTAX.1,
        severity: Severity::Error,
        confidence: Confidence::High,
        message: error.message.clone(),
        primary: error.range,
        related: vec![],
        help: None,
        fixes: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_panics_yields_nothing() {
        assert_eq!(unless_it_panics(|| vec![1]), Some(vec![1]));
        assert_eq!(unless_it_panics(|| -> Vec<u8> { panic!("as a rule must not") }), None);
    }
}
