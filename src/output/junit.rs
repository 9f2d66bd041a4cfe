//! A report in the form of `JUnit`: a suite for each file, a failed test for each finding, and a test that passed for a
//! file without findings.

use std::io::{self, Write};
use std::path::Path;

use super::notes::explained;
use super::xml::Escaped;
use super::{Checked, Reporter, Tally, place, severity_name};

/// The format `junit`.
pub(super) struct Junit;

impl Reporter for Junit {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dflint\">\n")
    }

    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        let path = place::slashed(checked.file.path());
        let (path, findings) = (Escaped(&path), checked.diagnostics);
        let (tests, failures) = (findings.len().max(1), findings.len());
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
        )?;
        if findings.is_empty() {
            writeln!(out, "    <testcase name=\"no problems\" classname=\"{path}\" file=\"{path}\"/>")?;
        }
        for finding in findings {
            let at = checked.file.position(finding.primary.start());
            let (line, column) = (at.line, at.column);
            let (code, name) = (Escaped(finding.code), Escaped(finding.name));
            writeln!(
                out,
                "    <testcase name=\"{code} {name} ({line}:{column})\" classname=\"{path}\" file=\"{path}\" \
                 line=\"{line}\">"
            )?;
            let (message, kind) = (Escaped(&finding.message), severity_name(finding.severity));
            write!(out, "      <failure message=\"{message}\" type=\"{kind}\">")?;
            writeln!(out, "{path}:{line}:{column}: {}</failure>", Escaped(&explained(finding)))?;
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")
    }

    fn failure(&mut self, out: &mut dyn Write, path: &Path, message: &str) -> io::Result<()> {
        let path = place::slashed(path);
        let (path, message) = (Escaped(&path), Escaped(message));
        writeln!(out, "  <testsuite name=\"{path}\" tests=\"1\" failures=\"0\" errors=\"1\">")?;
        writeln!(out, "    <testcase name=\"could be checked\" classname=\"{path}\" file=\"{path}\">")?;
        writeln!(out, "      <error message=\"{message}\" type=\"failure\"/>")?;
        writeln!(out, "    </testcase>\n  </testsuite>")
    }

    fn finish(&mut self, out: &mut dyn Write, _: &Tally) -> io::Result<()> {
        out.write_all(b"</testsuites>\n")
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::super::samples::{file, printed, tally};
    use super::*;

    fn elements<'a>(node: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
        node.children().filter(Node::is_element).collect()
    }

    #[test]
    fn each_finding_is_a_test_that_failed() {
        let text = printed(&mut Junit);
        let document = Document::parse(&text).unwrap();
        let suites = elements(document.root_element());
        assert_eq!(suites.len(), 2);
        assert_eq!(suites[0].attribute("tests"), Some("2"));
        assert_eq!(suites[0].attribute("failures"), Some("2"));
        let case = elements(suites[0])[1];
        assert_eq!(case.attribute("name"), Some("XC101 emulated-build-stage (2:8)"));
        assert_eq!(case.attribute("file"), Some("api v1,2:%41/Döckerfile"));
        let failure = elements(case)[0];
        assert_eq!(failure.attribute("type"), Some("warning"));
        assert_eq!(failure.attribute("message"), Some("100% <slow>; \"it\" & ]that ##vso?task.x]y"));
        assert!(failure.text().unwrap().ends_with("\nfix: Do it (safe: --fix)"), "{failure:?}");
        assert_eq!(suites[1].attribute("errors"), Some("1"));
        assert_eq!(elements(elements(suites[1])[0])[0].tag_name().name(), "error");
    }

    #[test]
    fn a_file_without_findings_is_a_test_that_passed() {
        let (mut out, file) = (vec![], file());
        Junit.begin(&mut out).unwrap();
        Junit.file(&mut out, Checked { file: &file, diagnostics: &[], applied: &[], comments: &[] }).unwrap();
        Junit.finish(&mut out, &tally()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let document = Document::parse(&text).unwrap();
        let suite = elements(document.root_element())[0];
        assert_eq!((suite.attribute("tests"), suite.attribute("failures")), (Some("1"), Some("0")));
        assert!(elements(elements(suite)[0]).is_empty());
    }
}
