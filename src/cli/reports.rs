//! Where findings go: to the terminal, and to a file where one was asked for.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::files;
use crate::files::temporary::Temporary;
use crate::output::{Checked, Format, Mode, Reporter, Tally};

use super::args::Reporting;
use super::streams;

/// The reports of a run.
pub(super) struct Reports {
    terminal: Report<Box<dyn Write>>,
    file: Option<ReportFile>,
    /// Whether the file could not be written.
    failed: bool,
}

/// What is printed, and where.
struct Report<W> {
    out: W,
    reporter: Box<dyn Reporter>,
}

struct ReportFile {
    path: PathBuf,
    report: Report<BufWriter<Sink>>,
}

/// Most files are replaced in one step; a device or a pipe is written to.
enum Sink {
    Replacing(Temporary),
    Device(File),
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
        let file = options.output_file.as_deref().map(|path| ReportFile::open(path, options.output_format));
        let mut reports =
            Self { terminal: Report { out: terminal, reporter }, file: file.transpose()?, failed: false };
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
        if let Some(file) = self.file.take() {
            self.failed |= file.finish().map_err(|message| streams::complain(&message)).is_err();
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
        if let Some(ReportFile { path, report }) = &mut self.file
            && let Err(error) = print(report.reporter.as_mut(), &mut report.out)
        {
            streams::complain(&cannot_write(path, &error));
            self.file = None;
            self.failed = true;
        }
        print(self.terminal.reporter.as_mut(), &mut self.terminal.out)
            .map_err(|error| streams::output_failed(&error))
    }
}

impl ReportFile {
    fn open(path: &Path, format: Format) -> Result<Self, String> {
        // A symbolic link stays, and its target is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let sink = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(format!("{}: a folder; name a file to write to", streams::shown(&path)));
            }
            Ok(metadata) if !metadata.is_file() => {
                OpenOptions::new().write(true).open(&path).map(Sink::Device)
            }
            _ => Temporary::create(files::folder_of(&path)).map(Sink::Replacing),
        };
        let sink = sink.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                format!("{}: there is no such folder; make it first", streams::shown(&path))
            }
            _ => cannot_write(&path, &error),
        })?;
        let report =
            Report { out: BufWriter::with_capacity(1 << 16, sink), reporter: format.reporter(false) };
        Ok(Self { path, report })
    }

    fn finish(self) -> Result<(), String> {
        let Self { path, report } = self;
        let written = report.out.into_inner().map_err(io::IntoInnerError::into_error);
        let written = written.and_then(|sink| match sink {
            Sink::Replacing(file) => file.persist(&path),
            Sink::Device(_) => Ok(()),
        });
        written.map_err(|error| cannot_write(&path, &error))
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("{}: cannot be written: {}", streams::shown(path), files::explain(error))
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Replacing(file) => file.file().write(bytes),
            Self::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
