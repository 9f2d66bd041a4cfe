//! What makes a finding the same one from one run to the next, for baselines and for services that tell old findings
//! from new ones.

use dflint::diagnostics::Diagnostic;
use dflint::model::stages::{from_body, stage_spans};
use dflint::syntax;
use dflint::text::SourceFile;
use serde::{Deserialize, Serialize};

/// What a finding is known by within its file: not by its place, so that it stays the same when lines move and when
/// white space changes. Several findings may be alike in all of that.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct Identity {
    /// The code of its rule.
    pub(crate) rule: String,
    /// The name of the stage, or what an unnamed stage starts from; empty above the first one.
    pub(crate) stage: String,
    /// What it is about, with single spaces.
    pub(crate) text: String,
}

/// What the findings of a file are known by, in their order.
pub(crate) fn identities(file: &SourceFile, findings: &[Diagnostic]) -> Vec<Identity> {
    if findings.is_empty() {
        return Vec::new();
    }
    let stages = stages(file);
    let identity = |finding: &Diagnostic| {
        let at = usize::from(finding.primary.start());
        let behind = stages.partition_point(|(start, _)| *start <= at);
        let stage = behind.checked_sub(1).map(|index| stages[index].1.clone()).unwrap_or_default();
        Identity { rule: finding.code.to_owned(), stage, text: one_line(file.slice(finding.primary)) }
    };
    findings.iter().map(identity).collect()
}

/// Where each stage starts, with what it is known by.
fn stages(file: &SourceFile) -> Vec<(usize, String)> {
    let parse = syntax::parse(file);
    let name = |from: usize| {
        let body = from_body(&parse.instructions[from])?;
        Some(one_line(&body.alias.as_ref().unwrap_or(&body.image).text))
    };
    let start = |from: usize| usize::from(parse.instructions[from].range.start());
    stage_spans(&parse).iter().map(|span| (start(span.from), name(span.from).unwrap_or_default())).collect()
}

/// The words of a text, without what continues its lines.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().filter(|word| !["\\", "`"].contains(word)).collect();
    words.join(" ")
}
