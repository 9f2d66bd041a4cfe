//! A report in the form of Checkstyle.

use std::io::{self, Write};
use std::path::Path;

use super::notes::explained;
use super::xml::Escaped;
use super::{Checked, Reporter, Tally, place, severity_name};

/// The format `checkstyle`.
pub(super) struct Checkstyle;

impl Reporter for Checkstyle {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n")
    }

    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        if checked.diagnostics.is_empty() {
            return Ok(());
        }
        writeln!(out, "  <file name=\"{}\">", Escaped(&place::slashed(checked.file.path())))?;
        for finding in checked.diagnostics {
            let at = checked.file.position(finding.primary.start());
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"dflint.{}\"/>",
                at.line,
                at.column,
                severity_name(finding.severity),
                Escaped(&explained(finding)),
                Escaped(finding.code),
            )?;
        }
        writeln!(out, "  </file>")
    }

    fn failure(&mut self, out: &mut dyn Write, path: &Path, message: &str) -> io::Result<()> {
        let (path, message) = (place::slashed(path), Escaped(message));
        writeln!(out, "  <file name=\"{}\">", Escaped(&path))?;
        writeln!(out, "    <error line=\"1\" severity=\"error\" message=\"{message}\" source=\"dflint\"/>")?;
        writeln!(out, "  </file>")
    }

    fn finish(&mut self, out: &mut dyn Write, _: &Tally) -> io::Result<()> {
        out.write_all(b"</checkstyle>\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::printed;
    use super::*;

    #[test]
    fn each_finding_is_an_error_of_its_file() {
        let text = printed(&mut Checkstyle);
        let document = roxmltree::Document::parse(&text).unwrap();
        let files: Vec<_> = document.root_element().children().filter(roxmltree::Node::is_element).collect();
        assert_eq!(files.len(), 2);
        assert_eq!(files[0].attribute("name"), Some("api v1,2:%41/Döckerfile"));
        let errors: Vec<_> = files[0].children().filter(roxmltree::Node::is_element).collect();
        let attributes = |names: [&str; 4]| names.map(|name| errors[1].attribute(name).unwrap());
        assert_eq!(
            attributes(["line", "column", "severity", "source"]),
            ["2", "8", "warning", "dflint.XC101"]
        );
        assert_eq!(
            errors[1].attribute("message").unwrap(),
            "100% <slow>; \"it\" & ]that ##vso?task.x]y\nhelp: mend?[31m it\nfix: Do it (safe: --fix)"
        );
        assert_eq!(errors[0].attribute("column"), Some("6"));
    }
}
