//! The few lines of a file that a finding is about, made fit to print.
//!
//! A file may hold lines of a megabyte and characters that a terminal obeys. An excerpt holds only the lines that the
//! labels touch, neutralised, and of a long line only what stands around the labels.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files, Location};
use dflint::text::{SourceFile, TextRange};

use super::{neutral, place};

/// Lines up to this many bytes are shown whole.
const LINE_LIMIT: usize = 200;
/// What is kept of a longer line before a label's start and behind its end, in bytes.
const AROUND: usize = 40;
/// What is kept of a longer line behind a label's start and before its end, in bytes.
const WITHIN: usize = 60;
/// How many lines codespan shows at the start and at the end of a label that spans lines, and the one that it shows
/// rather than a gap of one line.
const CONTEXT: usize = 4;

/// A stand-in for a file, with offsets of its own: see [`Excerpt::range`].
pub(super) struct Excerpt {
    name: String,
    text: String,
    lines: BTreeMap<usize, Line>,
    /// Where the labels start: in the excerpt, and in the file.
    starts: Vec<(usize, Location)>,
}

struct Line {
    /// Where the line stands in `Excerpt::text`.
    shown: Range<usize>,
    /// What is kept of it, in order.
    pieces: Vec<Piece>,
}

/// Bytes of the file and where they stand in the excerpt.
struct Piece {
    source: Range<usize>,
    shown: usize,
}

impl Excerpt {
    /// The lines of `file` that `labels` touch.
    pub(super) fn new(file: &SourceFile, labels: &[TextRange]) -> Self {
        let labels: Vec<_> = labels.iter().map(|label| trimmed(file.text(), *label)).collect();
        let name = neutral::line(&place::slashed(file.path())).into_owned();
        let mut excerpt = Self { name, text: String::new(), lines: BTreeMap::new(), starts: vec![] };
        for (number, line) in touched(file, &labels) {
            excerpt.push(file.text(), number, line, &labels);
        }
        for label in &labels {
            let at = file.position(u32::try_from(label.start).unwrap_or(u32::MAX).into());
            let location = Location { line_number: at.line as usize, column_number: at.column as usize };
            excerpt.starts.push((excerpt.offset(label.start), location));
        }
        excerpt
    }

    /// A label's range in the excerpt.
    pub(super) fn range(&self, file: &SourceFile, label: TextRange) -> Range<usize> {
        let label = trimmed(file.text(), label);
        self.offset(label.start)..self.offset(label.end)
    }

    fn push(&mut self, source: &str, number: usize, line: Range<usize>, labels: &[Range<usize>]) {
        let start = self.text.len();
        let mut pieces = vec![];
        let mut end = line.start;
        for kept in kept(source, &line, labels) {
            if kept.start > end && source[end..kept.start] != *"\u{feff}" {
                self.text.push('…');
            }
            pieces.push(Piece { source: kept.clone(), shown: self.text.len() });
            self.text.push_str(&neutral::text(&source[kept.clone()]));
            end = kept.end;
        }
        if end < line.end {
            self.text.push('…');
        }
        self.lines.insert(number, Line { shown: start..self.text.len(), pieces });
        self.text.push('\n');
    }

    /// Where an offset of the file stands in the excerpt. What was left out stands at its nearest end.
    fn offset(&self, source: usize) -> usize {
        let pieces = || self.lines.values().flat_map(|line| &line.pieces);
        let before = pieces().take_while(|piece| piece.source.start <= source).last().or(pieces().next());
        before.map_or(0, |piece| {
            piece.shown + source.clamp(piece.source.start, piece.source.end) - piece.source.start
        })
    }
}

/// The range without white space at its end, so that a label does not reach into the next line.
fn trimmed(text: &str, label: TextRange) -> Range<usize> {
    let start = usize::from(label.start());
    start..start + text[label].trim_end().len()
}

/// The lines (from 0) that the labels touch, without their endings; of a long label the first and last few.
fn touched(file: &SourceFile, labels: &[Range<usize>]) -> BTreeMap<usize, Range<usize>> {
    let text = file.text();
    let mut lines = BTreeMap::new();
    for label in labels {
        for offset in [label.start, label.end] {
            let number = file.line(u32::try_from(offset).unwrap_or(u32::MAX).into()) as usize - 1;
            let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
            let below = line_ranges(text, start).take(CONTEXT + 1).enumerate();
            lines.extend(below.map(|(index, line)| (number + index, line)));
            let mut end = start;
            for back in 1..=CONTEXT.min(number) {
                let start = text[..end - 1].rfind('\n').map_or(0, |newline| newline + 1);
                lines.insert(number - back, start..content_end(text, start, end - 1));
                end = start;
            }
        }
    }
    lines
}

/// The lines from `start` on, without their endings.
fn line_ranges(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut next = Some(start);
    std::iter::from_fn(move || {
        let start = next?;
        let newline = text[start..].find('\n').map(|at| start + at);
        next = newline.map(|at| at + 1);
        Some(start..content_end(text, start, newline.unwrap_or(text.len())))
    })
}

fn content_end(text: &str, start: usize, end: usize) -> usize {
    start + text[start..end].trim_end_matches('\r').len()
}

/// What is shown of a line: all of a short one, the surroundings of the labels of a long one. Never a byte-order mark.
fn kept(text: &str, line: &Range<usize>, labels: &[Range<usize>]) -> Vec<Range<usize>> {
    let start =
        if line.start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { line.start };
    let line = start..line.end.max(start);
    if line.len() <= LINE_LIMIT {
        return vec![line];
    }
    let ends = labels.iter().flat_map(|label| {
        [
            (label.start, AROUND, WITHIN.min(label.len()).max(AROUND)),
            (label.end, WITHIN.min(label.len()), AROUND),
        ]
    });
    let mut windows: Vec<Range<usize>> = ends
        .filter(|(offset, ..)| (line.start..=line.end).contains(offset))
        .map(|(offset, before, after)| {
            let start = text.floor_char_boundary(offset.saturating_sub(before).max(line.start));
            start..text.ceil_char_boundary(offset + after).min(line.end)
        })
        .collect();
    if windows.is_empty() {
        windows.push(line.start..text.floor_char_boundary(line.start + 2 * WITHIN));
    }
    windows.sort_unstable_by_key(|window| window.start);
    let mut merged: Vec<Range<usize>> = vec![];
    for window in windows {
        match merged.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => merged.push(window),
        }
    }
    merged
}

impl<'a> Files<'a> for Excerpt {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), offset: usize) -> Result<usize, Error> {
        let line = self.lines.iter().find(|(_, line)| offset <= line.shown.end);
        line.or(self.lines.last_key_value()).map(|(number, _)| *number).ok_or(Error::FileMissing)
    }

    fn location(&'a self, (): (), offset: usize) -> Result<Location, Error> {
        let start = self.starts.iter().find(|(start, _)| *start == offset);
        start.map(|(_, location)| *location).ok_or(Error::FileMissing)
    }

    fn line_range(&'a self, (): (), number: usize) -> Result<Range<usize>, Error> {
        Ok(self.lines.get(&number).map_or(0..0, |line| line.shown.clone()))
    }
}
