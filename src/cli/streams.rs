//! Standard output and standard error. A reader that goes away (`dflint check | head -1`) is no error.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use crate::files::explain;
use crate::output::neutral_line;

use super::args::Color;

/// A writer that takes and forgets everything once its reader is gone, so that the run goes on to its end.
struct UntilClosed<W> {
    inner: W,
    closed: bool,
}

impl<W: Write> UntilClosed<W> {
    fn quietly<T>(&mut self, result: io::Result<T>, otherwise: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(otherwise)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for UntilClosed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let result = self.inner.write(bytes);
        self.quietly(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.inner.flush();
        self.quietly(result, ())
    }
}

/// Standard output, buffered.
pub(super) fn stdout() -> impl Write {
    BufWriter::with_capacity(1 << 16, UntilClosed { inner: io::stdout().lock(), closed: false })
}

/// Standard error, buffered: for findings. Messages go through [`complain`].
pub(super) fn stderr() -> impl Write {
    BufWriter::new(UntilClosed { inner: io::stderr(), closed: false })
}

/// Whether to colour what goes to `stream`.
pub(super) fn colored(choice: Color, stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            stream.is_terminal()
                && !set("NO_COLOR")
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// How many columns to fill on standard output: those of the terminal, but lines stay readable.
pub(super) fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout());
    terminal.map_or(100, |(width, _)| usize::from(width.0).clamp(60, 140))
}

/// Says on standard error what could not be done.
pub(super) fn complain(message: &str) {
    // Where standard error is gone, nobody is left to tell.
    let _ = writeln!(io::stderr(), "dflint: {}", neutral_line(message));
}

/// The same of several things.
pub(super) fn complain_all(messages: &[String]) {
    for message in messages {
        complain(message);
    }
}

/// The same about a file.
pub(super) fn complain_about(path: &Path, message: &str) {
    complain(&format!("{}: {message}", shown(path)));
}

/// The same about an output that cannot be written.
pub(super) fn complain_about_output(error: &io::Error) {
    complain(&output_failed(error));
}

/// What to say of an output that cannot be written.
pub(super) fn output_failed(error: &io::Error) -> String {
    format!("cannot write the output: {}", explain(error))
}

/// Says on standard error what else there is to know of a run.
pub(super) fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "{}", neutral_line(message));
}

/// A path for a message.
pub(super) fn shown(path: &Path) -> Cow<'_, str> {
    path.to_string_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error() {
        let mut out = UntilClosed { inner: Closed(io::ErrorKind::BrokenPipe), closed: false };
        assert!(out.write_all(b"text").is_ok());
        assert!(out.closed);
        assert!(out.write_all(b"more").is_ok());
        assert!(out.flush().is_ok());
    }

    #[test]
    fn a_full_disk_is_one() {
        let mut out = UntilClosed { inner: Closed(io::ErrorKind::StorageFull), closed: false };
        assert!(out.write_all(b"text").is_err());
    }
}
