//! Folding: stages, instructions of several lines, heredocs, and blocks of comments.

use dflint::syntax::{Keyword, PieceKind};
use dflint::text::{TextRange, TextSize};
use lsp_types::{FoldingRange, FoldingRangeKind, Position};

use super::view::View;

/// What can be folded.
pub(super) fn folding(view: &View<'_>) -> Vec<FoldingRange> {
    let parse = view.parse();
    let mut found = Vec::new();
    let mut fold = |range: TextRange, kind: Option<FoldingRangeKind>| {
        let range = view.range(range);
        if range.start.line < range.end.line {
            let column = |place: Position| (!view.support.only_whole_lines_fold).then_some(place.character);
            found.push(FoldingRange {
                start_line: range.start.line,
                start_character: column(range.start).filter(|_| kind.is_none()),
                end_line: range.end.line,
                end_character: column(range.end),
                kind,
                collapsed_text: None,
            });
        }
    };
    let mut comment: Option<TextRange> = None;
    for piece in &parse.pieces {
        if piece.kind == PieceKind::Comment {
            let all = comment.unwrap_or(piece.range).cover(piece.range);
            comment = Some(all);
            continue;
        }
        if let Some(range) = comment.take() {
            fold(without_ending(view, range), Some(FoldingRangeKind::Comment));
        }
    }
    if let Some(range) = comment {
        fold(without_ending(view, range), Some(FoldingRangeKind::Comment));
    }
    let mut stage: Option<(TextSize, TextSize)> = None;
    let mut stages = Vec::new();
    for instruction in &parse.instructions {
        let first_line_end = line_end(view, instruction.range.start());
        fold(TextRange::new(first_line_end.min(instruction.range.end()), instruction.range.end()), None);
        for heredoc in &instruction.heredocs {
            fold(without_ending(view, heredoc.body), None);
        }
        if instruction.keyword == Keyword::From {
            stages.extend(stage.replace((first_line_end, instruction.range.end())));
        } else if let Some((_, end)) = &mut stage {
            *end = instruction.range.end();
        }
    }
    stages.extend(stage);
    for (start, end) in stages {
        fold(TextRange::new(start.min(end), end), Some(FoldingRangeKind::Region));
    }
    found
}

/// The end of the line that holds an offset.
fn line_end(view: &View<'_>, offset: TextSize) -> TextSize {
    let line = view.position(offset).line;
    view.document.lines.line_range(view.text(), line).map_or(offset, TextRange::end)
}

fn without_ending(view: &View<'_>, range: TextRange) -> TextRange {
    let text = view.text()[range].trim_end_matches(['\n', '\r']);
    TextRange::at(range.start(), TextSize::of(text))
}
