//! The lossless Dockerfile tree, as `BuildKit` reads the file.
//!
//! [`parse`] cuts the file into pieces (`reader`), joins the lines of each instruction (`lines`), cuts its flags
//! (`flags`) and arguments (`arguments`, `words`, `json`) and types them (`instruction`). [`variables`] finds and expands
//! variables in the words.

mod arguments;
mod check;
mod directives;
mod flags;
mod heredoc;
mod image;
mod instruction;
mod json;
mod keys;
mod lexer;
mod lines;
mod pattern;
mod reader;
mod tree;
pub mod variables;
mod words;

pub use arguments::argument_list;
pub use image::ImageReference;
pub use keys::FlagKey;
pub use tree::*;

use crate::text::{SourceFile, TextSize};

/// Parses a Dockerfile. Never fails: what `BuildKit` would refuse is in [`Parse::errors`]. Takes time in proportion to
/// the file.
pub fn parse(file: &SourceFile) -> Parse {
    reader::Reader::new(file.text()).run()
}

/// The same with that many offsets left unused behind each piece: see [`SourceFile::spread`].
pub(crate) fn parse_with_room(file: &SourceFile, room: usize) -> Parse {
    reader::Reader::new(file.text()).with_room(room).run()
}

/// The instruction that a text consists of, its lines being whole; none where there is anything else in it, or something
/// that `BuildKit` would refuse. Its first byte gets the offset `start`.
pub(crate) fn read_instruction(text: &str, start: TextSize, escape: char) -> Option<Instruction> {
    reader::Reader::only_instruction(text, start, escape)
}
