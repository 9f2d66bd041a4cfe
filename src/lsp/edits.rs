//! Edits of the engine as edits of the protocol.

use std::collections::HashMap;

use dflint::diagnostics::Edit;
use dflint::text::{TextRange, TextSize};
use lsp_types::{
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};

use super::view::View;

pub(super) fn text_edits(view: &View<'_>, edits: &[Edit]) -> Vec<TextEdit> {
    edits.iter().map(|edit| text_edit(view, edit.range, &edit.text)).collect()
}

pub(super) fn text_edit(view: &View<'_>, range: TextRange, text: &str) -> TextEdit {
    TextEdit { range: view.range(range), new_text: text.to_owned() }
}

/// An edit of one document: tied to its version where the client knows how, so that it never lands in another text.
pub(super) fn workspace_edit(view: &View<'_>, edits: Vec<TextEdit>) -> WorkspaceEdit {
    if !view.support.document_changes {
        let changes = HashMap::from([(view.uri(), edits)]);
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let change = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version: view.document.version,
            text_document_identifier: TextDocumentIdentifier { uri: view.uri() },
        },
        edits: edits.into_iter().map(Into::into).collect(),
    };
    WorkspaceEdit { document_changes: Some(vec![change.into()]), ..WorkspaceEdit::default() }
}

/// The edits, one for each run of lines that differ, that make `new` of `old`.
pub(super) fn difference(old: &str, new: &str) -> Vec<Edit> {
    let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
    let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
    let starts: Vec<usize> = std::iter::once(0)
        .chain(old_lines.iter().scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }))
        .collect();
    let offset =
        |line: usize| TextSize::try_from(starts[line]).expect("an offset of a file of less than 4 GiB");
    similar::capture_diff_slices(similar::Algorithm::Myers, &old_lines, &new_lines)
        .into_iter()
        .filter(|change| change.tag() != similar::DiffTag::Equal)
        .map(|change| {
            let (old, new) = (change.old_range(), change.new_range());
            Edit { range: TextRange::new(offset(old.start), offset(old.end)), text: new_lines[new].concat() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_lines_that_differ() {
        let old = "a\nb\nc\nd";
        let edits = difference(old, "x\na\nB\nc\nd\n");
        let mut text = old.to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.text);
        }
        assert_eq!(text, "x\na\nB\nc\nd\n");
        assert_eq!(edits.len(), 3);
        assert!(difference(old, old).is_empty());
    }
}
