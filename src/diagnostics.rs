//! What a rule says: diagnostics and the fixes that come with them.

use crate::text::TextRange;

/// A finding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// The code of the rule: `XC101`; `syntax` for a syntax error.
    pub code: &'static str,
    /// The name of the rule: `emulated-build-stage`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure dflint is.
    pub confidence: Confidence,
    /// What is wrong and why it matters to this file, in one or two sentences.
    pub message: String,
    /// The text that the finding is about.
    pub primary: TextRange,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// What to do, where no fix says it.
    pub help: Option<String>,
    /// The ways out, best first.
    pub fixes: Vec<Fix>,
}

/// A place that explains a finding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Related {
    /// The place.
    pub range: TextRange,
    /// What it has to do with the finding.
    pub message: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// The build is slower or more fragile than it need be.
    Warning,
    /// The image is wrong or the build fails.
    Error,
}

/// How sure dflint is of a finding.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Confidence {
    /// A guess from names and habits.
    Low,
    /// True unless something that the file does not show says otherwise.
    Medium,
    /// Follows from the file.
    High,
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Applicability {
    /// The author must finish it.
    DisplayOnly,
    /// Probably right; the author must agree.
    Unsafe,
    /// A native build runs the same commands with the same values as before, and a foreign build exports files of the
    /// same architecture as the emulated build would.
    Safe,
}

/// A change that mends a finding, all of it or nothing.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Fix {
    /// What it does, in the imperative: "Pin `build` to the build platform".
    pub title: String,
    /// Whether it may be applied without a look.
    pub applicability: Applicability,
    /// Disjoint edits in the order of the file.
    pub edits: Vec<Edit>,
}

/// Replaces `range` by `text`; an empty range inserts.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Edit {
    /// What is replaced.
    pub range: TextRange,
    /// What takes its place.
    pub text: String,
}
