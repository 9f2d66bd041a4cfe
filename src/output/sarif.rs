//! SARIF 2.1.0, which code scanning services and editors read. Columns count code points, and the report says so.
//!
//! Results are written as they come, one line each; what needs to know all of them follows.

use std::io::{self, Write};
use std::path::Path;

use dflint::diagnostics::{Applicability, Confidence, Diagnostic, Fix, Severity};
use dflint::engine::SYNTAX;
use dflint::rules::{self, Card};
use dflint::text::{SourceFile, TextRange};
use serde::Serialize;
use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::notes::explained;
use super::{Checked, Reporter, Tally, neutral, place};

const HEAD: &str = "{\"$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n\
                    \"version\": \"2.1.0\",\n\"runs\": [{\"results\": [";

/// The format `sarif`.
#[derive(Default)]
pub(super) struct Sarif {
    begun: bool,
    /// Codes and names of the rules that have results, in the order of their first ones.
    rules: Vec<(&'static str, &'static str)>,
    /// What could not be done.
    notifications: Vec<Value>,
}

impl Reporter for Sarif {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(HEAD.as_bytes())
    }

    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        let prints = fingerprints(checked.file, checked.diagnostics);
        for (finding, fingerprint) in checked.diagnostics.iter().zip(prints) {
            let rule = self.index_of(finding);
            let between: &[u8] = if self.begun { b",\n" } else { b"\n" };
            self.begun = true;
            out.write_all(between)?;
            write(out, &result(checked.file, finding, rule, &fingerprint))?;
        }
        Ok(())
    }

    fn failure(&mut self, _: &mut dyn Write, path: &Path, message: &str) -> io::Result<()> {
        self.notifications.push(json!({
            "level": "error",
            "message": { "text": message },
            "locations": [{ "physicalLocation": { "artifactLocation": artifact(path) } }],
        }));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let rules: Vec<Value> = self.rules.iter().map(|(code, name)| descriptor(code, name)).collect();
        out.write_all(b"\n],\n\"columnKind\": \"unicodeCodePoints\",\n\"tool\": ")?;
        let driver = json!({
            "name": "dflint",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        write(out, &json!({ "driver": driver }))?;
        out.write_all(b",\n\"invocations\": ")?;
        let invocation = json!({
            "executionSuccessful": tally.failures == 0,
            "toolExecutionNotifications": self.notifications,
        });
        write(out, &json!([invocation]))?;
        out.write_all(b"\n}]}\n")
    }
}

impl Sarif {
    /// Where the rule of `finding` stands in the list of rules.
    fn index_of(&mut self, finding: &Diagnostic) -> usize {
        let rule = (finding.code, finding.name);
        self.rules.iter().position(|known| *known == rule).unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        })
    }
}

fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    out.write_all(neutral::json(&serde_json::to_string(value)?).as_bytes())
}

fn descriptor(code: &str, name: &str) -> Value {
    let card: Option<&Card> = rules::CARDS.iter().find(|card| card.code == code);
    match card {
        Some(card) => json!({
            "id": code,
            "name": name,
            "shortDescription": { "text": card.summary },
            "fullDescription": { "text": card.summary },
            "help": { "text": card.text, "markdown": card.text },
            "defaultConfiguration": { "level": level(card.severity) },
        }),
        None if code == SYNTAX.0 => json!({
            "id": code,
            "name": name,
            "shortDescription": { "text": "BuildKit refuses the file" },
            "defaultConfiguration": { "level": level(Severity::Error) },
        }),
        None => json!({ "id": code, "name": name }),
    }
}

fn result(file: &SourceFile, finding: &Diagnostic, rule: usize, fingerprint: &str) -> Value {
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": { "text": explained(finding) },
        "locations": [{ "physicalLocation": physical(file, finding.primary) }],
        "partialFingerprints": { "dflint/v1": fingerprint },
        "properties": { "confidence": confidence(finding.confidence) },
    });
    let related = finding.related.iter().enumerate().map(|(index, place)| {
        json!({
            "id": index + 1,
            "message": { "text": place.message },
            "physicalLocation": physical(file, place.range),
        })
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    // A reader may apply what is offered; what the author must finish stands in the message.
    let fixes = finding.fixes.iter().filter(|fix| fix.applicability > Applicability::DisplayOnly);
    let fixes: Vec<Value> = fixes.map(|one| fix(file, one)).collect();
    if !fixes.is_empty() {
        result["fixes"] = fixes.into();
    }
    result
}

fn fix(file: &SourceFile, fix: &Fix) -> Value {
    let replacements = fix.edits.iter().map(
        |edit| json!({ "deletedRegion": region(file, edit.range), "insertedContent": { "text": edit.text } }),
    );
    let applicability = if fix.applicability == Applicability::Safe { "safe" } else { "unsafe" };
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": artifact(file.path()),
            "replacements": replacements.collect::<Vec<_>>(),
        }],
        "properties": { "applicability": applicability },
    })
}

fn physical(file: &SourceFile, range: TextRange) -> Value {
    json!({ "artifactLocation": artifact(file.path()), "region": region(file, range) })
}

/// A relative path is relative to the root of what is checked, as far as dflint knows it: the working directory.
fn artifact(path: &Path) -> Value {
    let uri = place::uri(path);
    if path.is_absolute() { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }) }
}

fn region(file: &SourceFile, range: TextRange) -> Value {
    let (start, end) = place::ends(file, range);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::printed;
    use super::*;

    #[test]
    fn a_finding_is_a_result_with_its_fixes() {
        let report: Value = serde_json::from_str(&printed(&mut Sarif::default())).unwrap();
        let run = &report["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "XC101");
        assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
        let (first, second) = (&run["results"][0], &run["results"][1]);
        let place = &second["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "api%20v1%2C2%3A%2541/D%C3%B6ckerfile");
        let region = |line: u32, start: u32, end: u32| json!({ "startLine": line, "startColumn": start, "endLine": line, "endColumn": end });
        assert_eq!(place["region"], region(2, 8, 12));
        assert_eq!(first["locations"][0]["physicalLocation"]["region"], region(1, 6, 12));
        assert_eq!((&first["level"], &second["level"]), (&json!("error"), &json!("warning")));
        let change = &second["fixes"][0]["artifactChanges"][0];
        assert_eq!(
            change["replacements"],
            json!([{ "deletedRegion": region(1, 1, 1), "insertedContent": { "text": "# \u{202e}\r\n" } }])
        );
        assert_ne!(first["partialFingerprints"], second["partialFingerprints"]);
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
        assert_eq!(notification["message"]["text"], "not a\u{1b}\n::file");
    }

    #[test]
    fn syntax_errors_and_rules_without_a_card_are_described_too() {
        assert_eq!(descriptor(SYNTAX.0, SYNTAX.1)["shortDescription"]["text"], "BuildKit refuses the file");
        assert_eq!(descriptor("XC999", "new"), json!({ "id": "XC999", "name": "new" }));
    }
}
