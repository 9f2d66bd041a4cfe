//! The parser's state: where it is, how deep, what it has to report.

use std::collections::HashMap;

use super::ShellError;
use super::heredoc::{Body, Pending};
use crate::text::{LogicalText, TextRange, TextSize};

/// How deep constructs may nest. It bounds the stack of everything that walks the tree, `Drop` included.
const MAX_DEPTH: u32 = 200;

/// A recursive-descent parser without a token stream: what a byte means depends on the construct around it.
///
/// Functions that read a construct give `None` where it is broken; the error is then recorded, and the command around
/// it becomes unknown.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    /// Where the next byte is read.
    pub(super) pos: usize,
    /// Behind the last token.
    pub(super) end: usize,
    /// The way back where `text` is itself the unescaped inside of backticks.
    map: Option<&'t LogicalText>,
    depth: u32,
    pub(super) errors: Vec<ShellError>,
    /// Heredocs whose bodies begin behind the next line break.
    pub(super) pending: Vec<Pending>,
    /// Bodies that were read, by the start of their redirection.
    pub(super) bodies: HashMap<TextSize, Body>,
    /// Whether it was said that something is never closed: around it everything else is unclosed too.
    unclosed: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            pos: 0,
            end: 0,
            map: None,
            depth: 0,
            errors: Vec::new(),
            pending: Vec::new(),
            bodies: HashMap::new(),
            unclosed: false,
        }
    }

    /// Parses `text` from `pos` to its end as a part of this text, at this depth.
    pub(super) fn part<T>(
        &mut self,
        text: &str,
        pos: usize,
        map: Option<&LogicalText>,
        read: impl FnOnce(&mut Parser<'_>) -> T,
    ) -> T {
        let mut part = Parser {
            text,
            pos,
            end: pos,
            map: map.or(self.map),
            depth: self.depth,
            errors: std::mem::take(&mut self.errors),
            pending: Vec::new(),
            bodies: std::mem::take(&mut self.bodies),
            unclosed: false,
        };
        let value = read(&mut part);
        self.errors = part.errors;
        self.bodies = part.bodies;
        value
    }

    /// Reads a construct one level deeper; at the limit gives up on the rest of the text.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            self.error(self.pos, self.pos, "nested too deeply");
            self.unclosed = true;
            self.pos = self.text.len();
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// The offset in the text that was given to [`parse`](super::parse).
    pub(super) fn source(&self, offset: usize) -> TextSize {
        self.range(offset, offset).start()
    }

    /// The range in the text that was given to [`parse`](super::parse).
    pub(super) fn range(&self, start: usize, end: usize) -> TextRange {
        // `parse` lets no text in that 32 bits cannot address.
        let [start, end] = [start, end].map(|offset| TextSize::try_from(offset).unwrap_or_default());
        let range = TextRange::new(start, end);
        self.map.map_or(range, |map| map.to_source(range))
    }

    /// Whether the text is unescaped, so that its neighbours may not be neighbours in the source.
    pub(super) fn is_mapped(&self) -> bool {
        self.map.is_some()
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.byte_at(self.pos)
    }

    pub(super) fn byte_at(&self, offset: usize) -> Option<u8> {
        self.text.as_bytes().get(offset).copied()
    }

    pub(super) fn looking_at(&self, token: &str) -> bool {
        self.text.as_bytes()[self.pos..].starts_with(token.as_bytes())
    }

    /// Takes an operator or a reserved word.
    pub(super) fn bump(&mut self, len: usize) {
        self.pos += len;
        self.end = self.pos;
    }

    /// Takes `token` if it comes next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.looking_at(token);
        if found {
            self.bump(token.len());
        }
        found
    }

    /// The length of the line break at `offset`, 0 if there is none.
    pub(super) fn line_break_at(&self, offset: usize) -> usize {
        match self.byte_at(offset) {
            Some(b'\n') => 1,
            Some(b'\r') if self.byte_at(offset + 1) == Some(b'\n') => 2,
            _ => 0,
        }
    }

    /// Skips blanks, joined lines and a comment.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.byte() {
                Some(b' ' | b'\t') => self.pos += 1,
                Some(b'\\') if self.line_break_at(self.pos + 1) > 0 => {
                    self.pos += 1 + self.line_break_at(self.pos + 1);
                }
                Some(b'#') => self.skip_line(),
                _ => return,
            }
        }
    }

    /// Skips blanks, comments and line breaks; behind a line break stand the bodies of its line's heredocs.
    pub(super) fn blank_lines(&mut self) {
        loop {
            self.blanks();
            let len = self.line_break_at(self.pos);
            if len == 0 {
                return;
            }
            self.pos += len;
            self.heredocs();
        }
    }

    /// Goes to the end of the line.
    pub(super) fn skip_line(&mut self) {
        let rest = &self.text.as_bytes()[self.pos..];
        let end = rest.iter().position(|byte| *byte == b'\n');
        self.pos += match end {
            Some(end) if rest[..end].ends_with(b"\r") => end - 1,
            Some(end) => end,
            None => rest.len(),
        };
    }

    pub(super) fn error(&mut self, start: usize, end: usize, message: impl Into<String>) {
        let range = self.range(start, end);
        self.errors.push(ShellError { range, message: message.into() });
    }

    /// Says that the construct that begins with the `len` bytes at `start` has no end, and gives up on the rest.
    pub(super) fn unclosed(&mut self, start: usize, len: usize) {
        if !self.unclosed {
            self.unclosed = true;
            self.error(start, start + len, format!("`{}` is never closed", &self.text[start..start + len]));
        }
        self.pos = self.text.len();
    }
}
