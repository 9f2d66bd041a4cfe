//! Changes as a unified diff that `git apply` and `patch -p1` take.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Component, Path};

use similar::udiff::UnifiedHunkHeader;
use similar::{ChangeTag, TextDiff};

use super::neutral;

/// How many unchanged lines stand around a change.
const CONTEXT: usize = 3;

/// Writes the change from `old` to `new` of the file at `path`; nothing where they are equal. Returns whether the diff
/// can be applied: a character that a terminal or a CI system would obey is shown as another one, and then it cannot.
pub(crate) fn unified_diff(
    out: &mut dyn Write,
    path: &Path,
    old: &str,
    new: &str,
    color: bool,
) -> io::Result<bool> {
    let mut exact = true;
    if old == new {
        return Ok(exact);
    }
    // Not the library's own splitting: that takes a lone carriage return for the end of a line, which git does not.
    let (old, new): (Vec<_>, Vec<_>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let diff = TextDiff::configure().diff_slices(&old, &new);
    let paint = |style: &'static str| if color { style } else { "" };
    let (bold, cyan, red, green, reset) =
        (paint("\x1b[1m"), paint("\x1b[36m"), paint("\x1b[31m"), paint("\x1b[32m"), paint("\x1b[0m"));
    writeln!(out, "{bold}--- {}{reset}", name("a", path))?;
    writeln!(out, "{bold}+++ {}{reset}", name("b", path))?;
    for operations in diff.grouped_ops(CONTEXT) {
        writeln!(out, "{cyan}{}{reset}", UnifiedHunkHeader::new(&operations))?;
        for change in operations.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let (color, reset) = match change.tag() {
                ChangeTag::Delete => (red, reset),
                ChangeTag::Insert => (green, reset),
                ChangeTag::Equal => ("", ""),
            };
            let line = neutral::source(change.value());
            exact &= line == change.value();
            let content = line.trim_end_matches(['\r', '\n']);
            write!(out, "{color}{}{content}{reset}{}", change.tag(), &line[content.len()..])?;
            if !line.ends_with('\n') {
                writeln!(out, "\n\\ No newline at end of file")?;
            }
        }
    }
    Ok(exact)
}

/// A path as git writes it in a header: below `prefix`, quoted where it would be misread.
fn name(prefix: &str, path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy()),
        Component::ParentDir => Some("..".into()),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    });
    let name = std::iter::once(prefix.into()).chain(parts).collect::<Vec<_>>().join("/");
    if neutral::line(&name) != name || name.contains(['"', '\\']) {
        quoted(&name)
    } else if name.contains(' ') {
        // Ends the name for readers who would stop at the first blank.
        name + "\t"
    } else {
        name
    }
}

/// `name` as a C string, which git reads back.
fn quoted(name: &str) -> String {
    let mut quoted = String::from('"');
    for c in name.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // `##vso[` is a command to Azure's agent, and others have the like.
            ' '..='~' if c != '[' => quoted.push(c),
            _ => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing into a string cannot fail.
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests;
