//! A code quality report of GitLab.

use std::io::{self, Write};
use std::path::Path;

use dflint::diagnostics::Severity;
use dflint::text::Position;
use serde::Serialize;

use super::fingerprint::{fingerprints, of_failure};
use super::json::Array;
use super::{Checked, Reporter, Tally, place};

/// The format `gitlab`.
#[derive(Default)]
pub(super) struct GitLab {
    array: Array,
}

impl Reporter for GitLab {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        let path = place::slashed(checked.file.path());
        for (finding, fingerprint) in
            checked.diagnostics.iter().zip(fingerprints(checked.file, checked.diagnostics))
        {
            let (begin, end) = place::ends(checked.file, finding.primary);
            let issue = Issue {
                description: &finding.message,
                check_name: finding.code,
                fingerprint,
                severity: match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                location: Location { path: &path, positions: Positions { begin, end } },
            };
            self.array.push(out, &issue)?;
        }
        Ok(())
    }

    fn failure(&mut self, out: &mut dyn Write, path: &Path, message: &str) -> io::Result<()> {
        let begin = Position { line: 1, column: 1 };
        let issue = Issue {
            description: message,
            check_name: "failure",
            fingerprint: of_failure(path),
            severity: "blocker",
            location: Location { path: &place::slashed(path), positions: Positions { begin, end: begin } },
        };
        self.array.push(out, &issue)
    }

    fn finish(&mut self, out: &mut dyn Write, _: &Tally) -> io::Result<()> {
        self.array.finish(out)
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    #[serde(with = "LineAndColumn")]
    begin: Position,
    #[serde(with = "LineAndColumn")]
    end: Position,
}

#[derive(Serialize)]
#[serde(remote = "Position")]
struct LineAndColumn {
    line: u32,
    column: u32,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::samples::printed;
    use super::*;

    #[test]
    fn each_finding_is_an_issue() {
        let issues: Value = serde_json::from_str(&printed(&mut GitLab::default())).unwrap();
        let at = |line: u32, column: u32| json!({ "line": line, "column": column });
        assert_eq!(issues.as_array().unwrap().len(), 3);
        assert_eq!(issues[0]["severity"], "critical");
        assert_eq!(
            issues[1],
            json!({
                "description": "100% <slow>; \"it\" & ]that ##vso[task.x]y",
                "check_name": "XC101",
                "fingerprint": issues[1]["fingerprint"],
                "severity": "minor",
                "location": {
                    "path": "api v1,2:%41/Döckerfile",
                    "positions": { "begin": at(2, 8), "end": at(2, 12) },
                },
            })
        );
        assert_eq!(issues[2]["severity"], "blocker");
        assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);
    }
}
