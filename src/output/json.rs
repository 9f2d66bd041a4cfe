//! Findings as one JSON array. Lines and columns count from 1, columns in characters; `offset` counts bytes from 0.

use std::io::{self, Write};

use dflint::diagnostics::{Applicability, Confidence, Diagnostic, Edit, Fix, Related};
use dflint::text::{SourceFile, TextRange, TextSize};
use serde::Serialize;

use super::{Checked, Reporter, Tally, neutral, place, severity_name};

/// The format `json`.
#[derive(Default)]
pub(super) struct Json {
    array: Array,
}

impl Reporter for Json {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        let mut findings = checked.diagnostics.iter();
        findings.try_for_each(|finding| self.array.push(out, &Finding::new(checked.file, finding)))
    }

    fn finish(&mut self, out: &mut dyn Write, _: &Tally) -> io::Result<()> {
        self.array.finish(out)
    }
}

/// An array that is written entry by entry.
#[derive(Default)]
pub(super) struct Array {
    begun: bool,
}

impl Array {
    /// Writes an entry.
    pub(super) fn push(&mut self, out: &mut dyn Write, entry: &impl Serialize) -> io::Result<()> {
        let document = serde_json::to_string_pretty(entry)?;
        let between = if self.begun { ",\n" } else { "[\n" };
        self.begun = true;
        out.write_all(between.as_bytes())?;
        out.write_all(indented(&neutral::json(&document)).as_bytes())
    }

    /// Writes what stands behind the last entry.
    pub(super) fn finish(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}

/// As the document stands inside the array. A line break never stands in a string of JSON.
fn indented(document: &str) -> String {
    format!("  {}", document.replace('\n', "\n  "))
}

/// A finding as programs get it.
#[derive(Serialize)]
pub(super) struct Finding<'a> {
    rule: &'a str,
    name: &'a str,
    severity: &'a str,
    confidence: &'a str,
    message: &'a str,
    file: String,
    range: JsonRange,
    related: Vec<JsonRelated<'a>>,
    help: Option<&'a str>,
    fixes: Vec<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonRange {
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Serialize)]
struct JsonPosition {
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    message: &'a str,
    range: JsonRange,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    applicability: &'a str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    range: JsonRange,
    text: &'a str,
}

impl<'a> Finding<'a> {
    /// A finding about `file`.
    pub(super) fn new(file: &SourceFile, finding: &'a Diagnostic) -> Self {
        Self {
            rule: finding.code,
            name: finding.name,
            severity: severity_name(finding.severity),
            confidence: match finding.confidence {
                Confidence::High => "high",
                Confidence::Medium => "medium",
                Confidence::Low => "low",
            },
            message: &finding.message,
            file: place::slashed(file.path()).into_owned(),
            range: range(file, finding.primary),
            related: finding.related.iter().map(|place| related(file, place)).collect(),
            help: finding.help.as_deref(),
            fixes: finding.fixes.iter().map(|one| fix(file, one)).collect(),
        }
    }
}

fn related<'a>(file: &SourceFile, place: &'a Related) -> JsonRelated<'a> {
    JsonRelated { message: &place.message, range: range(file, place.range) }
}

fn fix<'a>(file: &SourceFile, fix: &'a Fix) -> JsonFix<'a> {
    let applicability = match fix.applicability {
        Applicability::Safe => "safe",
        Applicability::Unsafe => "unsafe",
        Applicability::DisplayOnly => "display-only",
    };
    let edit = |edit: &'a Edit| JsonEdit { range: range(file, edit.range), text: &edit.text };
    JsonFix { title: &fix.title, applicability, edits: fix.edits.iter().map(edit).collect() }
}

fn range(file: &SourceFile, range: TextRange) -> JsonRange {
    JsonRange { start: position(file, range.start()), end: position(file, range.end()) }
}

fn position(file: &SourceFile, offset: TextSize) -> JsonPosition {
    let place = file.position(offset);
    JsonPosition { line: place.line, column: place.column, offset: offset.into() }
}

#[cfg(test)]
mod tests;
