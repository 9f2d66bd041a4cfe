//! Text in, findings and mended text out: the one door to everything below.

use crate::diagnostics::{Applicability, Confidence, Diagnostic, Severity};
use crate::select::Selector;
use crate::syntax;
use crate::text::SourceFile;

/// The code and the name of findings that are syntax errors. They are always reported: a file that `BuildKit` refuses
/// has no other business.
pub const SYNTAX: (&str, &str) = ("syntax", "syntax-error");

/// Checks and mends files. Cheap to make, and shared between threads.
#[derive(Clone, Debug)]
pub struct Engine {
    #[expect(dead_code, reason = "no rule asks yet")]
    options: Options,
}

/// What an [`Engine`] looks for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The rules to run; empty for all.
    pub select: Vec<Selector>,
    /// The rules to leave out.
    pub ignore: Vec<Selector>,
}

/// What was found in a file.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// The findings in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
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

    /// What there is to say about `file`.
    pub fn check(&self, file: &SourceFile) -> Report {
        let errors = syntax::parse(file).errors;
        Report { diagnostics: errors.into_iter().map(syntax_error).collect() }
    }

    /// Applies the fixes that are `at_least` so applicable, until none is left.
    pub fn fix(&self, file: &SourceFile, at_least: Applicability) -> Fixed {
        let _ = at_least;
        Fixed { file: file.clone(), applied: vec![], remaining: self.check(file), refused: vec![] }
    }
}

fn syntax_error(error: syntax::SyntaxError) -> Diagnostic {
    Diagnostic {
        code: SYNTAX.0,
        name: SYNTAX.1,
        severity: Severity::Error,
        confidence: Confidence::High,
        message: error.message,
        primary: error.range,
        related: vec![],
        help: None,
        fixes: vec![],
    }
}
