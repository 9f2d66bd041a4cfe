//! Files that take the place of another one once they are complete. Until then they are gone with the run, also where a
//! signal ends it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::NamedTempFile;

/// The files that are there and have not taken their place. A file comes and goes while this is locked, so whoever
/// holds the lock sees all of them.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A new file, removed when it is dropped.
pub(crate) struct Temporary(Option<NamedTempFile>);

impl Temporary {
    /// A file in `folder`, with the mode that new files have.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn create(folder: &Path) -> io::Result<Self> {
        static WATCHED: Once = Once::new();
        WATCHED.call_once(remove_on_signals);
        let mut unfinished = unfinished();
        let mut builder = tempfile::Builder::new();
        builder.prefix(".dflint-").suffix(".tmp");
        // From which the system takes the umask.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder)?;
        unfinished.push(file.path().to_owned());
        Ok(Self(Some(file)))
    }

    /// The open file.
    pub(crate) fn file(&self) -> &File {
        self.0.as_ref().expect("it is taken only by the methods that end it").as_file()
    }

    /// Puts the file in the place of the one at `path`, in one step.
    ///
    /// # Errors
    /// Those of the system. `path` is then as it was.
    pub(crate) fn persist(mut self, path: &Path) -> io::Result<()> {
        match self.finish() {
            Some((_lock, file)) => file.persist(path).map(drop).map_err(|error| error.error),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> Option<(MutexGuard<'static, Vec<PathBuf>>, NamedTempFile)> {
        let mut unfinished = unfinished();
        let file = self.0.take()?;
        unfinished.retain(|path| path != file.path());
        Some((unfinished, file))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some((lock, file)) = self.finish() {
            drop(file);
            drop(lock);
        }
    }
}

/// From now on, a signal that ends the run removes the unfinished files first.
#[cfg(unix)]
fn remove_on_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    // Without the last one, a limit on the size of files would end the run; so writing fails, and the run goes on.
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM, SIGXFSZ]) else {
        return;
    };
    std::thread::spawn(move || {
        for signal in signals.forever().filter(|signal| *signal != SIGXFSZ) {
            // Held to the end: no file comes or takes its place any more.
            let unfinished = unfinished();
            for path in unfinished.iter() {
                // What cannot be removed stays; there is nobody to tell.
                let _ = std::fs::remove_file(path);
            }
            // As if there had been no handler: a shell sees which signal it was.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
}

#[cfg(not(unix))]
fn remove_on_signals() {}
