//! Where findings go: to the terminal, and to a file where one was asked for.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::files::destination::Destination;
use crate::output::{Checked, Format, Mode, Reporter, Tally};

use super::args::Reporting;
use super::streams;

/// The reports of a run.
pub(super) struct Reports {
    terminal: Report<Box<dyn Write>>,
    file: Option<Report<BufWriter<Destination>>>,
    /// Whether the file could not be written.
    failed: bool,
}

/// What is printed, and where.
struct Report<W> {
    out: W,
    reporter: Box<dyn Reporter>,
}

impl Reports {
    /// Reports to `terminal`, in colour if it takes that, and to the file of the options. With `--diff`, nothing of a
    /// report goes to the terminal.
    ///
    /// # Errors
    /// What is wrong with the options or the file, and the way out.
    pub(super) fn new(
        options: &Reporting,
        mode: Mode,
        terminal: Box<dyn Write>,
        color: bool,
    ) -> Result<Self, String> {
        let for_people = options.output_file.is_some() || mode == Mode::Diff;
        let format = if for_people { Format::Human } else { options.output_format };
        let reporter = if options.statistics {
            format.statistics().ok_or("--statistics prints text (--output-format human) or json")?
        } else {
            format.reporter(color)
        };
        let file = match &options.output_file {
            Some(path) => {
                let out = BufWriter::with_capacity(1 << 16, Destination::open(path)?);
                Some(Report { out, reporter: options.output_format.reporter(false) })
            }
            None => None,
        };
        let mut reports = Self { terminal: Report { out: terminal, reporter }, file, failed: false };
        reports.each(|reporter, out| reporter.begin(out))?;
        Ok(reports)
    }

    /// The terminal, for what is no report.
    pub(super) fn terminal(&mut self) -> &mut dyn Write {
        &mut self.terminal.out
    }

    /// Tells of a file.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub(super) fn file(&mut self, checked: Checked<'_>) -> Result<(), String> {
        self.each(|reporter, out| reporter.file(out, checked))
    }

    /// Tells of a path that could not be checked or rewritten.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub(super) fn failure(&mut self, path: &Path, message: &str) -> Result<(), String> {
        streams::complain_about(path, message);
        self.each(|reporter, out| reporter.failure(out, path, message))
    }

    /// Ends the reports. Returns whether all of them are complete.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub(super) fn finish(mut self, tally: &Tally) -> Result<bool, String> {
        self.each(|reporter, out| reporter.finish(out, tally))?;
        self.flush()?;
        if let Some(Report { out, .. }) = self.file.take() {
            self.failed |= finished(out).map_err(|message| streams::complain(&message)).is_err();
        }
        Ok(!self.failed)
    }

    /// Lets the reader of the terminal see what there is.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub(super) fn flush(&mut self) -> Result<(), String> {
        self.terminal.out.flush().map_err(|error| streams::output_failed(&error))
    }

    /// Calls `print` for every report. A file that cannot be written is told of and left behind: the terminal still
    /// gets everything.
    fn each(
        &mut self,
        print: impl Fn(&mut dyn Reporter, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), String> {
        if let Some(Report { out, reporter }) = &mut self.file
            && let Err(error) = print(reporter.as_mut(), out)
        {
            streams::complain(&out.get_ref().complaint(&error));
            self.file = None;
            self.failed = true;
        }
        print(self.terminal.reporter.as_mut(), &mut self.terminal.out)
            .map_err(|error| streams::output_failed(&error))
    }
}

/// Writes what is left, and puts the report in its place.
fn finished(mut out: BufWriter<Destination>) -> Result<(), String> {
    let flushed = out.flush();
    let (destination, _) = out.into_parts();
    flushed.map_err(|error| destination.complaint(&error))?;
    destination.finish()
}
