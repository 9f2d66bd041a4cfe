//! Annotations of GitHub Actions, as workflow commands.
//!
//! The runner takes each line for a command that begins with `::`. In values it replaces `%25`, `%0D` and `%0A`, in
//! properties `%3A` and `%2C` too; so these characters never stand for themselves, and no text can begin a line, end a
//! value or add a property.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};
use std::path::Path;

use dflint::diagnostics::Severity;

use super::notes::explained;
use super::{Checked, Reporter, Tally, neutral, place};

/// The format `github`.
pub(super) struct GitHub;

impl Reporter for GitHub {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        let path = place::slashed(checked.file.path());
        for finding in checked.diagnostics {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let (start, end) = place::ends(checked.file, finding.primary);
            write!(out, "::{command} file={},line={},endLine={}", Property(&path), start.line, end.line)?;
            // Columns are taken only where they are of one line. The last one is part of what is marked.
            if start.line == end.line {
                let last = (end.column - 1).max(start.column);
                write!(out, ",col={},endColumn={last}", start.column)?;
            }
            let title = format!("{} {}", finding.code, finding.name);
            writeln!(out, ",title={}::{}", Property(&title), Message(&explained(finding)))?;
        }
        Ok(())
    }

    fn failure(&mut self, out: &mut dyn Write, path: &Path, message: &str) -> io::Result<()> {
        writeln!(out, "::error file={}::{}", Property(&place::slashed(path)), Message(message))
    }

    fn finish(&mut self, _: &mut dyn Write, _: &Tally) -> io::Result<()> {
        Ok(())
    }
}

/// What stands behind the `::` of a command.
struct Message<'a>(&'a str);

/// The value of a property.
struct Property<'a>(&'a str);

impl Display for Message<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&neutral::text(self.0).replace('%', "%25").replace('\n', "%0A"))
    }
}

impl Display for Property<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&neutral::line(self.0).replace('%', "%25").replace(':', "%3A").replace(',', "%2C"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::printed;
    use super::*;

    #[test]
    fn each_finding_is_one_command_whatever_it_says() {
        assert_eq!(
            printed(&mut GitHub),
            "::error file=api v1%2C2%3A%2541/Döckerfile,line=1,endLine=1,col=6,endColumn=11,title=XC101 \
             emulated-build-stage::an image%0A?:error::of its own\n\
             ::warning file=api v1%2C2%3A%2541/Döckerfile,line=2,endLine=2,col=8,endColumn=11,title=XC101 \
             emulated-build-stage::100%25 <slow>; \"it\" & ]that ##vso?task.x]y%0Ahelp: mend?[31m it%0Afix: Do \
             it (safe: --fix)\n\
             ::error file=b?c%3A%3A::not a?%0A?:file\n"
        );
    }
}
