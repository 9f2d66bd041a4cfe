//! Findings for people: source excerpts with labels, and how to go on.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{self as codespan, Label};
use codespan_reporting::files::Error;
use codespan_reporting::term::{self, termcolor};
use dflint::diagnostics::{Diagnostic, Severity};
use dflint::engine::SYNTAX;
use dflint::text::SourceFile;

use super::excerpt::Excerpt;
use super::notes::notes;
use super::{Checked, Reporter, Tally, neutral, place};

/// The format `human`.
pub(super) struct Human {
    color: bool,
    config: term::Config,
}

impl Human {
    pub(super) fn new(color: bool) -> Self {
        Self { color, config: term::Config::default() }
    }

    fn finding(&self, out: &mut dyn Write, file: &SourceFile, finding: &Diagnostic) -> io::Result<()> {
        let ranges: Vec<_> = std::iter::once(finding.primary)
            .chain(finding.related.iter().map(|related| related.range))
            .collect();
        let excerpt = Excerpt::new(file, &ranges);
        let shown = codespan_diagnostic(file, finding, &excerpt);
        let result = if self.color {
            term::emit_to_write_style(&mut termcolor::Ansi::new(out), &self.config, &excerpt, &shown)
        } else {
            term::emit_to_io_write(out, &self.config, &excerpt, &shown)
        };
        result.map_err(|error| match error {
            Error::Io(error) => error,
            other => io::Error::other(other),
        })
    }
}

impl Reporter for Human {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        changes(out, checked)?;
        let has_changed = !(checked.applied.is_empty() && checked.comments.is_empty());
        if has_changed && !checked.diagnostics.is_empty() {
            writeln!(out)?;
        }
        checked.diagnostics.iter().try_for_each(|finding| self.finding(out, checked.file, finding))
    }

    fn finish(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        summary(out, tally)
    }
}

/// What was mended in a file, and which comments it got.
pub(super) fn changes(out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
    let path = place::slashed(checked.file.path());
    let path = neutral::line(&path);
    for fix in checked.applied {
        writeln!(out, "fixed {path}: {} {}", fix.code, neutral::line(&fix.title))?;
    }
    let mut comments = checked.comments.iter();
    comments.try_for_each(|comment| writeln!(out, "commented {path}: {}", neutral::line(&comment.title)))
}

/// The run in one line; nothing where no file was checked.
pub(super) fn summary(out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
    match tally.sentence() {
        Some(sentence) => writeln!(out, "{sentence}"),
        None => Ok(()),
    }
}

fn codespan_diagnostic(
    file: &SourceFile,
    finding: &Diagnostic,
    excerpt: &Excerpt,
) -> codespan::Diagnostic<()> {
    let severity = match finding.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Info => codespan::Severity::Note,
    };
    let code = if finding.code == SYNTAX.0 {
        finding.code.to_owned()
    } else {
        format!("{} {}", finding.code, finding.name)
    };
    let related = finding.related.iter().map(|related| {
        let range = excerpt.range(file, related.range);
        Label::secondary((), range).with_message(neutral::line(&related.message))
    });
    let mut labels = vec![Label::primary((), excerpt.range(file, finding.primary))];
    labels.extend(related);
    codespan::Diagnostic::new(severity)
        .with_code(code)
        .with_message(neutral::text(&finding.message))
        .with_labels(labels)
        .with_notes(notes(finding))
}

#[cfg(test)]
mod tests;
