//! One line for each finding, in the form of compilers, which editors take apart.

use std::io::{self, Write};

use super::{Checked, Reporter, Tally, human, neutral, place, severity_name};

/// The format `concise`.
pub(super) struct Concise;

impl Reporter for Concise {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        human::changes(out, checked)?;
        let path = place::slashed(checked.file.path());
        // A line that begins so would be a command to GitHub's runner.
        let path = if path.trim_start().starts_with("::") { format!("./{path}").into() } else { path };
        let path = neutral::line(&path);
        for finding in checked.diagnostics {
            let at = checked.file.position(finding.primary.start());
            let (severity, message) = (severity_name(finding.severity), neutral::joined(&finding.message));
            let (code, name) = (finding.code, finding.name);
            writeln!(out, "{path}:{}:{}: {severity}: {message} [{code} {name}]", at.line, at.column)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        human::summary(out, tally)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::printed;
    use super::*;

    #[test]
    fn each_finding_is_a_line_and_columns_count_characters() {
        assert_eq!(
            printed(&mut Concise),
            "api v1,2:%41/Döckerfile:1:6: error: an image ::error::of its own [XC101 emulated-build-stage]\n\
             api v1,2:%41/Döckerfile:2:8: warning: 100% <slow>; \"it\" & ]that ##vso?task.x]y [XC101 \
             emulated-build-stage]\n"
        );
    }
}
