//! Where a report or a baseline is written to.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::temporary::Temporary;
use super::{explain, folder_of, is_read_only};

/// A file that is replaced in one step once all of it is written, or a device or a pipe that is written to.
pub(crate) struct Destination {
    path: PathBuf,
    sink: Sink,
}

enum Sink {
    Replacing(Temporary),
    Device(File),
}

impl Destination {
    /// The destination at `path`. A symbolic link stays, and its target is replaced.
    ///
    /// # Errors
    /// What is wrong, and the way out.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let real = fs::canonicalize(path);
        let path = real.as_deref().unwrap_or(path).to_owned();
        let about = |message: &str| format!("{}: {message}", path.display());
        let sink = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => return Err(about("a folder; name a file to write to")),
            Ok(metadata) if !metadata.is_file() => {
                OpenOptions::new().write(true).open(&path).map(Sink::Device)
            }
            Ok(_) if is_read_only(&path) => {
                return Err(about("read-only; make it writable, or write to another file"));
            }
            Err(_) if path.is_symlink() => {
                return Err(about("a symbolic link to nothing; mend or remove the link"));
            }
            _ => Temporary::create(folder_of(&path)).map(Sink::Replacing),
        };
        match sink {
            Ok(sink) => Ok(Self { path, sink }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(about("there is no such folder; make it first"))
            }
            Err(error) => Err(cannot_write(&path, &error)),
        }
    }

    /// Puts what was written in its place.
    ///
    /// # Errors
    /// Why that cannot be done. A file is then as it was.
    pub(crate) fn finish(self) -> Result<(), String> {
        let written = match self.sink {
            Sink::Replacing(new) => new.file().sync_all().and_then(|()| new.persist(&self.path)),
            Sink::Device(_) => Ok(()),
        };
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    /// What to say where writing fails.
    pub(crate) fn complaint(&self, error: &io::Error) -> String {
        cannot_write(&self.path, error)
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Replacing(new) => new.file().write(bytes),
            Sink::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("{}: cannot be written: {}", path.display(), explain(error))
}
