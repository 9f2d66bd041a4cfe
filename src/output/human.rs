//! Findings for people: source excerpts with labels, and how to go on.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{self as codespan, Label};
use codespan_reporting::files::Error;
use codespan_reporting::term::{self, termcolor};
use dflint::diagnostics::{Applicability, Confidence, Diagnostic, Fix, Severity};
use dflint::engine::SYNTAX;
use dflint::text::SourceFile;

use super::excerpt::Excerpt;
use super::{Checked, Reporter, Tally, neutral};

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
        let path = checked.file.path().to_string_lossy();
        for fix in checked.applied {
            let (path, title) = (neutral::line(&path), neutral::line(&fix.title));
            writeln!(out, "fixed {path}: {} {title}", fix.code)?;
        }
        if !checked.applied.is_empty() && !checked.diagnostics.is_empty() {
            writeln!(out)?;
        }
        checked.diagnostics.iter().try_for_each(|finding| self.finding(out, checked.file, finding))
    }

    fn finish(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        match tally.sentence() {
            Some(sentence) => writeln!(out, "{sentence}"),
            None => Ok(()),
        }
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

fn notes(finding: &Diagnostic) -> Vec<String> {
    let sure = match finding.confidence {
        Confidence::High => None,
        Confidence::Medium => {
            Some("note: true unless something outside of this file says otherwise".to_owned())
        }
        Confidence::Low => Some("note: a guess from names and habits".to_owned()),
    };
    let help = finding.help.iter().map(|help| format!("help: {}", neutral::text(help)));
    sure.into_iter().chain(help).chain(finding.fixes.iter().map(fix_note)).collect()
}

fn fix_note(fix: &Fix) -> String {
    let title = neutral::text(&fix.title);
    match fix.applicability {
        Applicability::Safe => format!("fix: {title} (safe: --fix)"),
        Applicability::Unsafe => format!("fix: {title} (unsafe: --fix --unsafe-fixes)"),
        Applicability::DisplayOnly => format!("fix: {title} (by hand)"),
    }
}

#[cfg(test)]
mod tests;
