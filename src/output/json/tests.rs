use serde_json::{Value, json};

use super::*;
use dflint::diagnostics::Severity;

fn printed(files: &[(&SourceFile, Vec<Diagnostic>)]) -> String {
    let mut out = vec![];
    let mut reporter = Json::default();
    for (file, diagnostics) in files {
        reporter.file(&mut out, Checked { file, diagnostics, applied: &[], comments: &[] }).unwrap();
    }
    reporter.finish(&mut out, &Tally::new(super::super::Mode::Check, false)).unwrap();
    String::from_utf8(out).unwrap()
}

fn range(start: u32, end: u32) -> TextRange {
    TextRange::new(start.into(), end.into())
}

fn finding() -> Diagnostic {
    Diagnostic {
        code: "XC101",
        name: "emulated-build-stage",
        severity: Severity::Info,
        confidence: Confidence::Medium,
        message: "slow\u{1b}".to_owned(),
        primary: range(11, 12),
        related: vec![Related { range: range(0, 4), message: "here".to_owned() }],
        help: Some("help".to_owned()),
        fixes: vec![Fix {
            title: "Mend it".to_owned(),
            applicability: Applicability::Safe,
            edits: vec![Edit { range: range(13, 13), text: "x\n".to_owned() }],
        }],
    }
}

#[test]
fn no_finding_is_an_empty_array() {
    assert_eq!(printed(&[]), "[]\n");
}

#[test]
fn a_finding_has_every_key_and_columns_count_characters() {
    let file = SourceFile::new("api/Dockerfile", "# \u{e9}\nRUN \u{1f40b} x\n").unwrap();
    let found: Value =
        serde_json::from_str(&printed(&[(&file, vec![Diagnostic { primary: range(14, 15), ..finding() }])]))
            .unwrap();
    let at =
        |line: u32, column: u32, offset: u32| json!({ "line": line, "column": column, "offset": offset });
    assert_eq!(
        found,
        json!([{
            "rule": "XC101",
            "name": "emulated-build-stage",
            "severity": "info",
            "confidence": "medium",
            "message": "slow\u{1b}",
            "file": "api/Dockerfile",
            "range": { "start": at(2, 7, 14), "end": at(2, 8, 15) },
            "related": [{ "message": "here", "range": { "start": at(1, 1, 0), "end": at(1, 4, 4) } }],
            "help": "help",
            "fixes": [{
                "title": "Mend it",
                "applicability": "safe",
                "edits": [{ "range": { "start": at(2, 6, 13), "end": at(2, 6, 13) }, "text": "x\n" }],
            }],
        }])
    );
}

#[test]
fn findings_of_several_files_are_one_array_without_raw_controls() {
    let file = SourceFile::new("a\u{9b}", "FROM a\nFROM b\nFROM c\n").unwrap();
    let document = printed(&[(&file, vec![finding()]), (&file, vec![]), (&file, vec![finding(), finding()])]);
    assert_eq!(neutral::text(&document), document);
    let found: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 3);
    assert_eq!(found[2]["file"], "a\u{9b}");
}
