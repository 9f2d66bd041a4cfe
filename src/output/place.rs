//! Where a finding is, as programs want it told.

use std::borrow::Cow;
use std::path::Path;

use dflint::text::{Position, SourceFile, TextRange};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// What RFC 3986 calls unreserved, and the slash between the parts of a path.
const IN_PATHS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The first character of a range and the one behind its last.
pub(super) fn ends(file: &SourceFile, range: TextRange) -> (Position, Position) {
    (file.position(range.start()), file.position(range.end()))
}

/// The path with forward slashes, whatever the system writes.
pub(super) fn slashed(path: &Path) -> Cow<'_, str> {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text } else { text.replace(std::path::MAIN_SEPARATOR, "/").into() }
}

/// The path as a URI reference: relative where the path is, `file:///…` where it is absolute.
pub(super) fn uri(path: &Path) -> String {
    let encoded = percent_encode(&bytes(path), IN_PATHS).to_string();
    match (path.is_absolute(), encoded.starts_with('/')) {
        (false, _) => encoded,
        (true, true) => format!("file://{encoded}"),
        (true, false) => format!("file:///{encoded}"),
    }
}

/// The name as the system has it, which may be no Unicode.
#[cfg(unix)]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().into()
}

#[cfg(not(unix))]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    slashed(path).into_owned().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_a_relative_reference() {
        assert_eq!(uri(Path::new("api/Dockerfile")), "api/Dockerfile");
        assert_eq!(
            uri(Path::new("../a b/ü:%?#[x].Dockerfile")),
            "../a%20b/%C3%BC%3A%25%3F%23%5Bx%5D.Dockerfile"
        );
    }

    #[cfg(unix)]
    #[test]
    fn an_absolute_path_and_one_that_is_no_unicode() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(uri(Path::new("/srv/a\nb")), "file:///srv/a%0Ab");
        assert_eq!(uri(Path::new(OsStr::from_bytes(b"caf\xe9"))), "caf%E9");
    }
}
