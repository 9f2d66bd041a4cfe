//! From the file to lines, and from lines to pieces (`BuildKit` parser/parser.go).

use std::collections::{HashMap, HashSet};

use super::check;
use super::directives;
use super::heredoc::{self, Marker};
use super::image::ImageReference;
use super::instruction::{self, Context};
use super::lines::{self, Line, content};
use super::tree::{
    Body, Directive, FromBody, Heredoc, Instruction, Keyword, Parse, Phase, Piece, PieceKind, SyntaxError,
};
use crate::text::{LogicalText, TextRange, TextSize, offset, range};

/// The longest line that `BuildKit` reads, in bytes without the line feed (Go's bufio.MaxScanTokenSize).
const MAX_LINE: usize = 65_535;

const BYTE_ORDER_MARK: &str = "\u{feff}";

pub(super) struct Reader<'a> {
    text: &'a str,
    /// Where the next line begins.
    at: usize,
    /// How much more than its place in `text` the offset of a byte is, and by how much that grows with each piece.
    shift: usize,
    room: usize,
    /// Whether the text ended where an instruction was to go on.
    is_cut_off: bool,
    /// Whether a directive may still come, and which were seen.
    directives_open: bool,
    seen: Vec<&'static str>,
    /// Made when the first heredoc turns out to have no end.
    last_lines: Option<LastLines<'a>>,
    has_stage: bool,
    /// The names of the stages so far, in lower case.
    stages: HashSet<String>,
    parse: Parse,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        // Growing step by step, the lists would for a while be there twice.
        let begins_instruction = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic);
        let (mut lines, mut instructions) = (1, usize::from(begins_instruction(0)));
        for line_end in memchr::memchr_iter(b'\n', text.as_bytes()) {
            lines += 1;
            instructions += usize::from(begins_instruction(line_end + 1));
        }
        let parse = Parse {
            pieces: Vec::with_capacity(lines),
            directives: Vec::new(),
            instructions: Vec::with_capacity(instructions),
            errors: Vec::new(),
            escape: '\\',
        };
        Self {
            text,
            at: 0,
            shift: 0,
            room: 0,
            is_cut_off: false,
            directives_open: true,
            seen: Vec::new(),
            last_lines: None,
            has_stage: false,
            stages: HashSet::new(),
            parse,
        }
    }

    /// See [`parse_with_room`](super::parse_with_room).
    pub(super) fn with_room(self, room: usize) -> Self {
        Self { room, ..self }
    }

    /// See [`read_instruction`](super::read_instruction).
    pub(super) fn only_instruction(text: &'a str, start: TextSize, escape: char) -> Option<Instruction> {
        let mut reader =
            Self { shift: start.into(), directives_open: false, has_stage: true, ..Self::new(text) };
        reader.parse.escape = escape;
        let line = reader.next_line()?;
        let trimmed = text[..line.content_end].trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return None;
        }
        reader.instruction(trimmed, line);
        let is_whole = reader.at == text.len() && !reader.is_cut_off && reader.parse.errors.is_empty();
        reader.parse.instructions.pop().filter(|_| is_whole)
    }

    pub(super) fn run(mut self) -> Parse {
        if self.text.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
            self.piece(PieceKind::ByteOrderMark, 0);
        }
        while let Some(line) = self.next_line() {
            let trimmed = line.content(self.text).trim_start();
            let kind = if trimmed.starts_with('#') {
                if self.directives_open && self.directive(trimmed, line) {
                    PieceKind::Directive
                } else {
                    PieceKind::Comment
                }
            } else if trimmed.is_empty() {
                PieceKind::Blank
            } else {
                self.instruction(trimmed, line);
                PieceKind::Instruction(offset(self.parse.instructions.len() - 1).into())
            };
            if kind != PieceKind::Directive && kind != PieceKind::Comment {
                self.directives_open = false;
            }
            self.piece(kind, line.start);
            self.shift += self.room;
        }
        if self.parse.instructions.is_empty() {
            let end = TextRange::empty(self.offset(self.text.len()));
            self.error(end, "the file has no instructions", Phase::Parse);
        } else if !self.has_stage {
            let last = &self.parse.instructions[self.parse.instructions.len() - 1];
            let range = last.keyword_range;
            self.error(range, "the file has no FROM: there is nothing to build", Phase::Dispatch);
        }
        self.parse.errors.sort_by_key(|error| (error.range.start(), error.range.end()));
        self.parse
    }

    /// A piece from `start` to the next line to be read.
    fn piece(&mut self, kind: PieceKind, start: usize) {
        self.parse.pieces.push(Piece { kind, range: self.range(start, self.at) });
    }

    /// The offset of a place in the text.
    fn offset(&self, at: usize) -> TextSize {
        offset(self.shift + at)
    }

    fn range(&self, start: usize, end: usize) -> TextRange {
        range(self.shift + start, self.shift + end)
    }

    fn error(&mut self, range: TextRange, message: impl Into<String>, phase: Phase) {
        self.parse.errors.push(SyntaxError { range, message: message.into(), phase });
    }

    fn next_line(&mut self) -> Option<Line> {
        let line = Line::at(self.text, self.at)?;
        self.at = line.end;
        let end = if self.text[..line.end].ends_with('\n') { line.end - 1 } else { line.end };
        if end - line.start > MAX_LINE {
            let mut from = line.start + MAX_LINE;
            while !self.text.is_char_boundary(from) {
                from -= 1;
            }
            let message = format!("the line is longer than {MAX_LINE} bytes, the most that BuildKit reads");
            self.error(self.range(from, end), message, Phase::Parse);
        }
        Some(line)
    }

    /// Whether a comment line is a directive in force. `trimmed` is its text from the `#` on.
    fn directive(&mut self, trimmed: &str, line: Line) -> bool {
        let Some((name, value)) = directives::read(trimmed) else {
            self.directives_open = false;
            return false;
        };
        let text_start = line.content_end - trimmed.len();
        let value_range = self.range(text_start + value.start, text_start + value.end);
        let value = &trimmed[value];
        let whole = self.range(text_start, line.content_end);
        if self.seen.contains(&name) {
            let message = format!("only one `{name}` directive can be used: this one has no effect");
            self.error(whole, message, Phase::Parse);
            return false;
        }
        self.seen.push(name);
        if name == "escape" {
            match value {
                "\\" | "`" => self.parse.escape = char::from(value.as_bytes()[0]),
                _ => {
                    let message = format!("the escape character can be \\ or `, not {value}");
                    self.error(value_range, message, Phase::Parse);
                    return false;
                }
            }
        }
        let (name, value) = (name.to_owned(), value.to_owned());
        self.parse.directives.push(Directive {
            range: self.range(line.start, line.content_end),
            name,
            value,
            value_range,
        });
        true
    }

    /// Reads an instruction, whose first line is `first` and begins with `trimmed` behind white space.
    fn instruction(&mut self, trimmed: &str, first: Line) {
        let first = Line { start: first.content_end - trimmed.len(), ..first };
        let (text, shift, escape) = (self.text, self.shift, self.parse.escape);
        let next = || {
            let line = self.next_line();
            self.is_cut_off |= line.is_none();
            line
        };
        let (joined, last) = lines::join(text, shift, first, escape, next);
        let mut end = last.content_end;
        let mut context = Context { escape: self.parse.escape, errors: &mut self.parse.errors, onbuild: 0 };
        let mut instruction = instruction::read(&joined, &mut context);
        if may_have_heredocs(&instruction) {
            for marker in heredoc::markers(joined.as_str()) {
                end = self.heredoc(marker, &joined, &mut instruction, end);
            }
            instruction.heredocs.shrink_to_fit();
        }
        let range =
            TextRange::new(instruction.range.start(), self.offset(end).max(instruction.range.start()));
        instruction.range = range;
        if let Body::Onbuild(inner) = &mut instruction.body {
            inner.range = TextRange::new(inner.range.start(), range.end());
            inner.heredocs.clone_from(&instruction.heredocs);
        }
        let mut context = Context { escape: self.parse.escape, errors: &mut self.parse.errors, onbuild: 0 };
        check::instruction(&instruction, &mut context);
        self.stage(&instruction);
        self.parse.instructions.push(instruction);
    }

    /// What an instruction may be depends on the stages in front: before the first `FROM` only `ARG`, and an image may
    /// have the name of a stage.
    fn stage(&mut self, instruction: &Instruction) {
        match instruction.keyword {
            Keyword::From => {
                self.has_stage = true;
                if let Body::From(from) = &instruction.body {
                    self.image(from);
                }
            }
            Keyword::Arg | Keyword::Unknown => {}
            _ if self.has_stage => {}
            _ => {
                // One report is enough: the others follow from it.
                self.has_stage = true;
                self.error(
                    instruction.keyword_range,
                    "only ARG may stand in front of the first FROM: there is no stage yet",
                    Phase::Dispatch,
                );
            }
        }
    }

    /// Reports an image that cannot be one. A variable may make anything of it.
    fn image(&mut self, from: &FromBody) {
        let is_stage = self.stages.contains(&from.image.text.to_lowercase());
        if !is_stage
            && from.image.text != "scratch"
            && let Some(image) = ImageReference::parse(&from.image, self.parse.escape)
            && !image.has_variables
            && let Some((word, message)) = image.mistake()
        {
            let range = if word.text.is_empty() { from.image.range } else { word.range };
            self.error(range, message, Phase::Dispatch);
        }
        self.stages.extend(from.alias.as_ref().map(|alias| alias.text.to_lowercase()));
    }

    /// Reads the body of a heredoc that the line `joined` announces; returns where the instruction ends.
    fn heredoc(
        &mut self,
        marker: Marker,
        joined: &LogicalText,
        instruction: &mut Instruction,
        mut end: usize,
    ) -> usize {
        let source = joined.to_source(range(marker.span.start, marker.span.end));
        let start = self.at;
        let mut body_end = start;
        if self.is_terminated(&marker) {
            while let Some(line) = self.next_line() {
                end = line.content_end;
                if terminates(&self.text[line.start..line.content_end], &marker) {
                    break;
                }
                body_end = line.end;
            }
        } else {
            let message = format!("the heredoc is not closed: no line consists of `{}`", marker.name);
            self.error(source, message, Phase::Parse);
            let lower = joined.as_str().trim_start().starts_with(|c: char| c.is_lowercase());
            while !starts_instruction(&self.text[self.at..], lower) {
                let Some(line) = self.next_line() else { break };
                (end, body_end) = (line.content_end, line.end);
            }
        }
        let body = &self.text[start..body_end];
        let content = if marker.chomp {
            heredoc::chomp(body, start + self.shift)
        } else {
            let mut content = LogicalText::default();
            content.push(body, self.offset(start));
            content
        };
        instruction.heredocs.push(Heredoc {
            name: marker.name,
            file_descriptor: marker.file_descriptor,
            expand: marker.expand,
            chomp: marker.chomp,
            marker: source,
            body: self.range(start, body_end),
            content,
        });
        end
    }

    /// Whether a line that ends the heredoc is still to come. Takes constant time after the first failure, so that
    /// many heredocs without an end cost no more than one.
    fn is_terminated(&mut self, marker: &Marker) -> bool {
        if self.last_lines.is_none() {
            if self.text[self.at..].split_inclusive('\n').any(|line| terminates(content(line), marker)) {
                return true;
            }
            self.last_lines = Some(LastLines::new(self.text));
        }
        self.last_lines.as_ref().and_then(|lines| lines.find(marker)).is_some_and(|last| last >= self.at)
    }
}

/// Whether an instruction can announce heredocs.
fn may_have_heredocs(instruction: &Instruction) -> bool {
    let instruction = match &instruction.body {
        Body::Onbuild(inner) => inner,
        _ => instruction,
    };
    matches!(instruction.keyword, Keyword::Add | Keyword::Copy | Keyword::Run) && !instruction.json
}

/// Where each line occurs for the last time.
struct LastLines<'a> {
    /// As it is.
    exact: HashMap<&'a str, usize>,
    /// Without leading tabs.
    chomped: HashMap<&'a str, usize>,
}

impl<'a> LastLines<'a> {
    fn new(text: &'a str) -> Self {
        let mut lines = Self { exact: HashMap::new(), chomped: HashMap::new() };
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            lines.exact.insert(content(line), at);
            lines.chomped.insert(content(line).trim_start_matches('\t'), at);
            at += line.len();
        }
        lines
    }

    fn find(&self, marker: &Marker) -> Option<usize> {
        let lines = if marker.chomp { &self.chomped } else { &self.exact };
        lines.get(marker.name.as_str()).copied()
    }
}

fn terminates(content: &str, marker: &Marker) -> bool {
    (if marker.chomp { content.trim_start_matches('\t') } else { content }) == marker.name
}

/// Whether the next line looks like an instruction: where a heredoc has no end, it ends there. In scripts lower-case
/// words that are keywords, too, are common, so the letters must be written like those of the heredoc's instruction.
fn starts_instruction(rest: &str, lower: bool) -> bool {
    let line = rest.split('\n').next().unwrap_or_default();
    let Some((word, _)) = line.split_once([' ', '\t']) else { return false };
    check::KEYWORDS
        .iter()
        .any(|keyword| if lower { word == keyword.to_ascii_lowercase() } else { word == *keyword })
}
