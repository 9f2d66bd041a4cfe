//! Issues of Azure Pipelines, as logging commands.
//!
//! The agent looks for `##vso[` in each line and takes what stands up to the next `]` for the command. It replaces
//! `%3B`, `%0D`, `%0A` and `%5D`, then `%AZP25` by a percent sign; so these characters never stand for themselves, and
//! no text can begin a line, end the command or add a property.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};
use std::path::Path;

use dflint::diagnostics::Severity;

use super::notes::explained;
use super::{Checked, Reporter, Tally, neutral, place};

/// The format `azure`.
pub(super) struct Azure;

impl Reporter for Azure {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        let path = place::slashed(checked.file.path());
        for finding in checked.diagnostics {
            // There is no third kind.
            let kind = if finding.severity == Severity::Error { "error" } else { "warning" };
            let at = checked.file.position(finding.primary.start());
            writeln!(
                out,
                "##vso[task.logissue type={kind};sourcepath={};linenumber={};columnnumber={};code={};]{}",
                Value(&path),
                at.line,
                at.column,
                Value(finding.code),
                Value(&explained(finding)),
            )?;
        }
        Ok(())
    }

    fn failure(&mut self, out: &mut dyn Write, path: &Path, message: &str) -> io::Result<()> {
        let path = place::slashed(path);
        writeln!(out, "##vso[task.logissue type=error;sourcepath={};]{}", Value(&path), Value(message))
    }

    fn finish(&mut self, _: &mut dyn Write, _: &Tally) -> io::Result<()> {
        Ok(())
    }
}

/// A property or a message.
struct Value<'a>(&'a str);

impl Display for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = neutral::text(self.0).replace('%', "%AZP25");
        f.write_str(&text.replace(';', "%3B").replace('\n', "%0A").replace(']', "%5D"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::printed;
    use super::*;

    #[test]
    fn each_finding_is_one_command_whatever_it_says() {
        assert_eq!(
            printed(&mut Azure),
            "##vso[task.logissue type=error;sourcepath=api v1,2:%AZP2541/Döckerfile;linenumber=1;columnnumber=6;\
             code=XC101;]an image%0A?:error::of its own\n\
             ##vso[task.logissue type=warning;sourcepath=api v1,2:%AZP2541/Döckerfile;linenumber=2;columnnumber=8;\
             code=XC101;]100%AZP25 <slow>%3B \"it\" & %5Dthat ##vso?task.x%5Dy%0Ahelp: mend?[31m it%0Afix: Do it \
             (safe: --fix)\n\
             ##vso[task.logissue type=error;sourcepath=b%0Ac::;]not a?%0A?:file\n"
        );
    }
}
