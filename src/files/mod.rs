//! Files: read with care, and replaced in one step or not at all.

pub(crate) mod configuration;
pub(crate) mod destination;
pub(crate) mod discover;
pub(crate) mod engines;
pub(crate) mod temporary;

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use dflint::text::SourceFile;
use temporary::Temporary;

/// What standard input is called where no name is given.
pub(crate) const STDIN: &str = "<stdin>";

/// What dflint reads at once.
const CHUNK: u64 = 1 << 16;

/// Whether a path of the command line means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads the file at `path`, which may be a pipe.
///
/// # Errors
/// What is wrong, and the way out.
pub(crate) fn read(path: &Path) -> Result<SourceFile, String> {
    let file = File::open(path).map_err(|error| explain(&error))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let text = read_text(file, usize::try_from(size).unwrap_or(0))?;
    SourceFile::new(path, text).map_err(|_| too_large())
}

/// Reads standard input, which messages call `name`.
///
/// # Errors
/// What is wrong, and the way out.
pub(crate) fn read_stdin(name: &Path) -> Result<SourceFile, String> {
    let text = read_text(io::stdin().lock(), 0)?;
    SourceFile::new(name, text).map_err(|_| too_large())
}

/// Reads to the end, but no further than the first bytes that show that this is no text: what was named may be a disk
/// image, or a device without an end.
fn read_text(mut source: impl Read, size: usize) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(size.min(1 << 24) + 1);
    let mut valid = 0;
    loop {
        let seen = bytes.len();
        let read = source.by_ref().take(CHUNK).read_to_end(&mut bytes).map_err(|error| explain(&error))?;
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err("encoded as UTF-16; save it as UTF-8".to_owned());
        }
        if let Some(at) = bytes[seen..].iter().position(|byte| *byte == 0) {
            let at = seen + at;
            let line = line_of(&bytes, at);
            return Err(format!("a binary file (NUL at byte {at}, line {line}); name a Dockerfile"));
        }
        match std::str::from_utf8(&bytes[valid..]) {
            Ok(_) => valid = bytes.len(),
            // At the end of a chunk a character may be incomplete; at the end of the file it may not.
            Err(error) if error.error_len().is_none() && read > 0 => valid += error.valid_up_to(),
            Err(error) => return Err(not_utf8(&bytes, valid + error.valid_up_to())),
        }
        if u32::try_from(bytes.len()).is_err() {
            return Err(too_large());
        }
        if read == 0 {
            return String::from_utf8(bytes).map_err(|error| error.to_string());
        }
    }
}

fn not_utf8(bytes: &[u8], at: usize) -> String {
    let line = line_of(bytes, at);
    format!("not UTF-8 (byte 0x{:02x} at offset {at}, line {line}); save it as UTF-8", bytes[at])
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    bytes[..offset].split(|byte| *byte == b'\n').count()
}

fn too_large() -> String {
    "4 GiB or more; no Dockerfile is that long".to_owned()
}

/// Replaces the text of `file` on the disk by `text`, completely or not at all. A symbolic link stays and its target is
/// replaced. The mode stays, and the owner where this process may give files away.
///
/// # Errors
/// What is wrong, and the way out. The file is then as it was.
pub(crate) fn replace(file: &SourceFile, text: &str) -> Result<(), String> {
    let path = fs::canonicalize(file.path()).map_err(|error| explain(&error))?;
    let metadata = fs::metadata(&path).map_err(|error| explain(&error))?;
    if !metadata.is_file() {
        return Err("not a regular file, so it cannot be rewritten; use --diff".to_owned());
    }
    if is_read_only(&path) {
        return Err("read-only, so it was left alone; make it writable, or use --diff".to_owned());
    }
    let written = write_beside(folder_of(&path), text, &metadata).map_err(|error| {
        format!("cannot write into its folder: {}; the file was left alone", explain(&error))
    })?;
    // The last moment: whoever saved the file since it was read has the last word.
    if !fs::read(&path).is_ok_and(|now| now == file.text().as_bytes()) {
        return Err("changed while it was checked, so it was left alone; run dflint again".to_owned());
    }
    written
        .persist(&path)
        .map_err(|error| format!("cannot be replaced: {}; the file was left alone", explain(&error)))
}

/// Whether this process may not write the file. Renaming asks only for the folder's permission; what counts for a person
/// is the file's. Root may write any.
fn is_read_only(path: &Path) -> bool {
    let opened = fs::OpenOptions::new().append(true).open(path);
    opened.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// A new file in `folder` that looks like the one with `metadata`.
fn write_beside(folder: &Path, text: &str, metadata: &Metadata) -> io::Result<Temporary> {
    let new = Temporary::create(folder)?;
    let mut file = new.file();
    file.write_all(text.as_bytes())?;
    keep_owner(file, metadata);
    // Behind the owner: a change of owner clears bits of the mode.
    file.set_permissions(metadata.permissions())?;
    file.sync_all()?;
    Ok(new)
}

/// The folder that holds the file at `path`.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn keep_owner(new: &File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    // Only root may give a file away; its group may still be open to us. Neither is a reason not to write.
    if fchown(new, Some(metadata.uid()), Some(metadata.gid())).is_err() {
        let _ = fchown(new, None, Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Makes sure that a report does not take the place of a file that is checked.
///
/// # Errors
/// It would.
pub(super) fn is_none_of(report: &Path, files: &[PathBuf]) -> Result<(), String> {
    let Ok(real) = fs::canonicalize(report) else { return Ok(()) };
    if files.iter().any(|file| fs::canonicalize(file).is_ok_and(|file| file == real)) {
        return Err(format!("{}: one of the files to check; write to another one", report.display()));
    }
    Ok(())
}

/// An error of the system, with the way out where there is one.
pub(crate) fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is gone; was it removed during the run?".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied; check its mode and its owner".to_owned(),
        io::ErrorKind::IsADirectory => "a folder, not a file; name a file".to_owned(),
        io::ErrorKind::StorageFull => {
            "no space is left on the device; make room and run dflint again".to_owned()
        }
        io::ErrorKind::FileTooLarge | io::ErrorKind::QuotaExceeded => {
            "a limit of this account or this process is reached; raise it and run dflint again".to_owned()
        }
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only; use --diff".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
