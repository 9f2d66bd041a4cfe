//! A file that is checked again and again while somebody writes it.
//!
//! What an edit within one instruction leaves as it was is not worked out again: the other instructions, the stages, and
//! every answer and finding for which nothing was read of the edited stage. The offsets of a draft are
//! [spread](SourceFile::spread), so that all of that stays true to the text behind the edit.

use std::mem::take;

use super::{Engine, Report};
use crate::diagnostics::{Diagnostic, Edit};
use crate::model::{Facts, FileModel, is_local};
use crate::syntax::{self, Instruction, Keyword, Parse, Phase, Piece, PieceKind};
use crate::text::{SourceFile, TextRange, TextSize, line_ending};

/// See the module.
pub struct Draft {
    /// The file, with room behind each piece.
    file: SourceFile,
    parse: Parse,
    /// What the last check has found out; none where there was none, or where a rule panicked in it.
    model: Option<FileModel>,
    /// The instructions that were edited since then, by their indices.
    edited: Vec<usize>,
    /// Whether lines were added or taken away since then.
    lines_moved: bool,
    line_ending: &'static str,
    /// How many edits were taken in so far.
    edits: usize,
}

/// How many offsets are left unused behind each piece of a draft: so much may be written there at most.
const ROOM: usize = 1 << 16;

/// After how many edits all is worked out anew, so that answers to questions that no one asks any more do not pile up.
const MOST_EDITS: usize = 500;

impl Draft {
    /// A draft that is not checked yet.
    pub fn new(file: &SourceFile) -> Self {
        let lines = file.text().split('\n').count();
        let room = ROOM.min((u32::MAX as usize - file.text().len()) / (lines + 1));
        let parse = syntax::parse_with_room(file, room);
        let file = file.spread(parse.pieces.iter().map(|piece| piece.range));
        let line_ending = line_ending(file.text());
        Self { file, parse, model: None, edited: Vec::new(), lines_moved: false, line_ending, edits: 0 }
    }

    /// Takes in that the draft's text is now that of `new`, in which `inserted` bytes stand in place of the range `replaced`
    /// of the old one. Whether that can be done: only where the edit stays within a comment or the arguments of one
    /// instruction and leaves the stages as they are. Where it cannot, this draft is of no more use.
    pub fn edit(&mut self, new: &SourceFile, replaced: TextRange, inserted: TextSize) -> bool {
        self.take_in(new, replaced, inserted).is_some()
    }

    fn take_in(&mut self, new: &SourceFile, replaced: TextRange, inserted: TextSize) -> Option<()> {
        let is_cut = self.parse.errors.iter().any(|error| error.phase == Phase::Parse);
        if is_cut || line_ending(new.text()) != self.line_ending || self.edits == MOST_EDITS {
            return None;
        }
        self.edits += 1;
        let pieces = &self.parse.pieces;
        let place = usize::from(replaced.start());
        let at =
            pieces.partition_point(|piece| self.file.place(piece.range.start()) <= place).checked_sub(1)?;
        let Piece { kind, range } = pieces[at];
        let behind = self.file.place(range.end()).checked_sub(replaced.end().into())?;
        let text = &new.text()[self.file.place(range.start())..place + usize::from(inserted) + behind];
        let next = pieces.get(at + 1);
        let is_within = next.is_none_or(|next| {
            range.start() + TextSize::of(text) < next.range.start() && text.ends_with('\n')
        });
        match kind {
            PieceKind::Instruction(index) if is_within => {
                self.take_instruction(index as usize, range, place, text)?;
            }
            PieceKind::Comment if is_within && is_comment(text) && self.is_behind_head(at) => {}
            _ => return None,
        }
        self.parse.pieces[at].range = TextRange::at(range.start(), TextSize::of(text));
        self.file = new.spread(self.parse.pieces.iter().map(|piece| piece.range));
        Some(())
    }

    /// Reads an instruction again, whose piece at `range` has the text `text` now, which differs from `place` on.
    fn take_instruction(&mut self, index: usize, range: TextRange, place: usize, text: &str) -> Option<()> {
        let old = &self.parse.instructions[index];
        let is_broken = self.parse.errors.iter().any(|error| range.contains_range(error.range));
        let is_above_stages =
            self.parse.instructions[..index].iter().all(|above| above.keyword != Keyword::From);
        if !is_local(old.keyword)
            || is_above_stages
            || is_broken
            || place < self.file.place(old.arguments.start())
        {
            return None;
        }
        let new = syntax::read_instruction(text, range.start(), self.parse.escape)?;
        if !agree(old, &new) {
            return None;
        }
        self.parse.instructions[index] = new;
        let lines = |text: &str| memchr::memchr_iter(b'\n', text.as_bytes()).count();
        self.lines_moved |= lines(self.file.slice(range)) != lines(text);
        if !self.edited.contains(&index) {
            self.edited.push(index);
        }
        Some(())
    }

    /// Whether an instruction stands above a piece, so that no comment there can be a directive or keep one from being one.
    fn is_behind_head(&self, piece: usize) -> bool {
        self.parse.pieces[..piece].iter().any(|piece| matches!(piece.kind, PieceKind::Instruction(_)))
    }
}

/// Whether a text is a comment line, which means nothing to the model, and is not too long for `BuildKit`.
fn is_comment(text: &str) -> bool {
    text.len() < ROOM
        && text.trim_start().starts_with('#')
        && !text.strip_suffix('\n').unwrap_or(text).contains('\n')
}

/// Whether two versions of an instruction are the same to all that only looks at it from outside.
fn agree(old: &Instruction, new: &Instruction) -> bool {
    old.keyword == new.keyword
        && old.flags == new.flags
        && old.range.start() == new.range.start()
        && old.heredocs.is_empty() == new.heredocs.is_empty()
}

impl Engine {
    /// What there is to say about the text of `draft`: what [`check`](Self::check) has to say about it. All checks of a
    /// draft must be made by engines of the same options.
    pub fn check_draft(&self, draft: &mut Draft) -> Report {
        let Draft { file, parse, model: kept, edited, lines_moved, .. } = draft;
        let project = &self.options.project;
        let mut model = kept.take().unwrap_or_else(|| FileModel::new(file, parse, project).log_reads());
        model.take_edits(file, parse, project, &take(edited), take(lines_moved));
        let facts = Facts::with(file, parse, project, model);
        let mut report = self.findings(&facts);
        let model = facts.into_model();
        for diagnostic in &mut report.diagnostics {
            unspread(diagnostic, file);
        }
        *kept = report.failures.is_empty().then_some(model);
        report
    }
}

/// Gives a finding the offsets of the text itself.
fn unspread(diagnostic: &mut Diagnostic, file: &SourceFile) {
    let Diagnostic { primary, related, fixes, .. } = diagnostic;
    let edits = fixes.iter_mut().flat_map(|fix| fix.edits.iter_mut().map(|Edit { range, .. }| range));
    let ranges = related.iter_mut().map(|related| &mut related.range).chain(edits);
    for range in ranges.chain([primary]) {
        *range = file.unspread(*range);
    }
}
