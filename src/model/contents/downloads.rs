//! What commands write that download, or unpack what was downloaded.

use super::super::interpreter::resolve_path;
use super::super::{Facts, Invocation, InvocationId, Run};
use super::paths::{touches, touches_known};
use super::{Cause, Contents, Moment};
use crate::knowledge::Does;

impl Facts<'_> {
    /// Adds what a download, or an unpacked archive, leaves at `path`.
    pub(super) fn written_by_download(
        &self,
        run: &Run,
        invocation: &Invocation,
        id: InvocationId,
        path: &str,
        depth: usize,
        found: &mut Contents,
    ) {
        let outputs = self.outputs(invocation);
        if !outputs.iter().any(|output| touches_known(output.as_deref(), path)) {
            return;
        }
        let is_here = outputs.iter().flatten().any(|output| touches(output, path));
        found.depends_on_words(invocation);
        let fetching: Vec<_> =
            run.invocations.iter().enumerate().filter(|(_, other)| other.fetches()).collect();
        if invocation.reads_input && fetching.is_empty() {
            found.unknown = found.unknown.or(Some(invocation.name_range()));
        }
        for (index, other) in fetching {
            found.depends_on_words(other);
            if is_here && (!invocation.fetches() || index == id.invocation) {
                found.add_downloads(&[Cause::Command(InvocationId { invocation: index, ..id })]);
            }
        }
        if is_here && !invocation.fetches() {
            self.unpacked_downloads(invocation, id, depth, found);
        }
        found.portable = true;
    }

    /// Adds what downloaded the archives that a command unpacks.
    fn unpacked_downloads(
        &self,
        invocation: &Invocation,
        id: InvocationId,
        depth: usize,
        found: &mut Contents,
    ) {
        let before = Moment { instruction: self.run(id).instruction, invocation: Some(id.invocation) };
        for word in invocation.arguments() {
            let archive = word.value.constant().filter(|text| text.contains('.') && !text.contains('='));
            let Some(path) = archive.and_then(|text| resolve_path(invocation.directory.as_deref(), text))
            else {
                continue;
            };
            found.add_downloads(&self.contents_at(id.stage, &path, before, depth + 1).downloads);
        }
    }
}

impl Invocation {
    /// Whether it downloads.
    pub fn fetches(&self) -> bool {
        self.command.is_some_and(|command| command.does == Does::Fetch)
    }
}
