//! Source text, positions in it, and text that was put together from several places of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use line_index::{LineIndex, WideEncoding};
pub use text_size::{TextRange, TextSize};
use thin_vec::ThinVec;

/// A file as it was read: never normalised, so that every offset is an offset of the file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: PathBuf,
    /// As it came: to copy a large file would take its size again.
    text: Arc<String>,
    lines: Arc<LineIndex>,
    /// Where runs of the text stand, as their first offset and their place in `text`; empty where every offset is a place.
    runs: Arc<[(TextSize, usize)]>,
}

/// A place in a file for a person: both numbers start at one, `column` counts Unicode scalar values. A byte-order mark
/// is no column: whatever shows the file does not show it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters (Unicode scalar values), from 1.
    pub column: u32,
}

/// The text is longer than 4 GiB - 1, more than a [`TextSize`] can address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooLarge;

impl SourceFile {
    /// Takes over a file's text.
    ///
    /// # Errors
    /// [`TooLarge`] where the text cannot be addressed with 32-bit offsets.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Result<Self, TooLarge> {
        let text: String = text.into();
        if u32::try_from(text.len()).is_err() {
            return Err(TooLarge);
        }
        let lines = Arc::new(LineIndex::new(&text));
        Ok(Self { path: path.into(), text: Arc::new(text), lines, runs: Arc::default() })
    }

    /// The same text with other offsets: it consists of runs that stand at these ranges, with unused offsets between them.
    /// So an edit within one run leaves the offsets of all others as they are. What asks for text by offsets does not
    /// notice, as long as it does not count from one run into another; [`path`](Self::path) and [`text`](Self::text) are
    /// what they were.
    pub(crate) fn spread(&self, runs: impl Iterator<Item = TextRange>) -> Self {
        let mut place = 0;
        let runs = runs.map(|run| {
            let start = place;
            place += usize::from(run.len());
            (run.start(), start)
        });
        Self { runs: runs.collect(), ..self.clone() }
    }

    /// The place of an offset in the text; the same unless the text is [spread](Self::spread).
    pub(crate) fn place(&self, offset: TextSize) -> usize {
        match self.runs.partition_point(|(start, _)| *start <= offset).checked_sub(1) {
            Some(run) => self.runs[run].1 + usize::from(offset - self.runs[run].0),
            None => offset.into(),
        }
    }

    /// The range of the text itself that a range of offsets stands for.
    pub(crate) fn unspread(&self, of: TextRange) -> TextRange {
        range(self.place(of.start()), self.place(of.end()))
    }

    /// The text from an offset on.
    pub(crate) fn rest(&self, from: TextSize) -> &str {
        &self.text[self.place(from)..]
    }

    /// The path as it was given, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text in `range`.
    ///
    /// # Panics
    /// If the range lies outside the file or splits a character.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[self.place(range.start())..self.place(range.end())]
    }

    /// The line (from 1) that holds `offset`.
    pub fn line(&self, offset: TextSize) -> u32 {
        self.lines.line_col(self::offset(self.place(offset))).line + 1
    }

    /// The line and the column of `offset`, which must lie on a character boundary.
    ///
    /// # Panics
    /// If `offset` is outside the file or inside a character.
    pub fn position(&self, offset: TextSize) -> Position {
        let narrow = self.lines.line_col(self::offset(self.place(offset)));
        let wide = self
            .lines
            .to_wide(WideEncoding::Utf32, narrow)
            .expect("an offset on a character boundary of the file");
        let mark = wide.line == 0 && wide.col > 0 && self.text.starts_with('\u{feff}');
        Position { line: wide.line + 1, column: wide.col + 1 - u32::from(mark) }
    }
}

/// The line ending that most lines of a text have.
pub(crate) fn line_ending(text: &str) -> &'static str {
    let text = text.as_bytes();
    let (mut all, mut with_return) = (0, 0);
    for at in memchr::memchr_iter(b'\n', text) {
        all += 1;
        with_return += usize::from(text[..at].ends_with(b"\r"));
    }
    if with_return * 2 > all { "\r\n" } else { "\n" }
}

/// A byte offset of a text that a [`SourceFile`] holds.
pub(crate) fn offset(at: usize) -> TextSize {
    TextSize::try_from(at).expect("an offset of a file of less than 4 GiB")
}

/// A byte range of a text that a [`SourceFile`] holds.
pub(crate) fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(offset(start), offset(end))
}

/// Text that was joined from several places of a file (continuation lines, heredoc lines, quoted words), with the
/// way back.
///
/// Offsets into [`as_str`](Self::as_str) are called logical, offsets into the file source.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LogicalText {
    text: String,
    /// Where the text begins: most texts have no other segment. `None`: the text is empty and stands nowhere.
    first: Option<TextSize>,
    /// The segments behind the first, in order.
    more: ThinVec<Segment>,
}

/// A run of bytes that stands in the file as it stands in the logical text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Segment {
    logical: TextSize,
    source: TextSize,
}

impl LogicalText {
    /// Appends `text`, which stands at `source` in the file.
    pub fn push(&mut self, text: &str, source: TextSize) {
        let logical = TextSize::of(self.text.as_str());
        match self.last() {
            // Kept even if it is empty: so an empty text knows where it stands.
            None => self.first = Some(source),
            Some(last) => {
                let adjoins = last.source + (logical - last.logical) == source;
                if !adjoins && !text.is_empty() {
                    self.more.push(Segment { logical, source });
                }
            }
        }
        self.text.push_str(text);
    }

    /// Drops the text from the logical offset `length` on.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        self.more.retain(|segment| segment.logical < offset(length));
    }

    fn first(&self) -> Option<Segment> {
        self.first.map(|source| Segment { logical: TextSize::from(0), source })
    }

    fn last(&self) -> Option<Segment> {
        self.more.last().copied().or(self.first())
    }

    /// The joined text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The joined text in the logical `range`.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[range]
    }

    /// Where the logical `range` stands in the file: from its first byte to behind its last, gaps (a continuation, a
    /// comment between lines) included.
    pub fn to_source(&self, range: TextRange) -> TextRange {
        if range.is_empty() {
            return TextRange::empty(self.start_to_source(range.start()));
        }
        let last = self.start_to_source(range.end() - TextSize::from(1));
        TextRange::new(self.start_to_source(range.start()), last + TextSize::from(1))
    }

    /// Whether the logical `range` stands in the file without a gap, so that an edit may replace it.
    pub fn is_contiguous(&self, range: TextRange) -> bool {
        self.to_source(range).len() == range.len()
    }

    /// Calls `each` with every run of bytes that stands in the file as it stands here, and where it does.
    pub(crate) fn for_each_segment(&self, mut each: impl FnMut(&str, TextSize)) {
        let mut ends = self.more.iter().map(|segment| segment.logical);
        for segment in self.first().iter().chain(&self.more) {
            let end = ends.next().unwrap_or(TextSize::of(self.as_str()));
            each(self.slice(TextRange::new(segment.logical, end)), segment.source);
        }
    }

    /// The logical text of `range` as a text of its own, with the way back to the same file.
    #[must_use]
    pub fn extract(&self, range: TextRange) -> Self {
        let mut part = Self { text: String::with_capacity(range.len().into()), ..Self::default() };
        let mut at = range.start();
        if range.is_empty() {
            part.push("", self.start_to_source(at));
        }
        while at < range.end() {
            let next = self.more.partition_point(|segment| segment.logical <= at);
            let end = self.more.get(next).map_or(range.end(), |segment| segment.logical.min(range.end()));
            part.push(self.slice(TextRange::new(at, end)), self.start_to_source(at));
            at = end;
        }
        part.more.shrink_to_fit();
        part
    }

    /// Where the byte at `offset` stands in the file; for the end of the text, behind its last byte.
    fn start_to_source(&self, offset: TextSize) -> TextSize {
        let behind = self.more.partition_point(|segment| segment.logical <= offset);
        let segment = behind.checked_sub(1).map(|index| self.more[index]).or(self.first());
        segment.map_or(offset, |segment| segment.source + (offset - segment.logical))
    }
}
