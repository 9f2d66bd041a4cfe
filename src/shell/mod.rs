//! What a `RUN` runs: shell text split into commands.

mod compound;
mod cursor;
mod expansions;
mod heredoc;
mod language;
mod options;
mod parser;
mod tree;
mod walk;
mod words;
mod wrappers;

pub use language::ShellLanguage;
pub use tree::*;
pub use walk::{Construct, Enclosing, Site};
pub use wrappers::{Effective, InnerScript, MAX_SCRIPT_DEPTH, Runs};

use crate::text::TextRange;

/// Splits shell text, POSIX `sh` or `bash`.
///
/// Never fails, takes time in proportion to the text, and nests at most 200 deep: a command that nests deeper is
/// [`CommandKind::Unknown`], and so is the rest of the text. Every range in the script is a byte range of `text` on
/// character boundaries. A line may end in a line feed with or without a carriage return.
pub fn parse(text: &str) -> Script {
    if u32::try_from(text.len()).is_err() {
        let range = TextRange::default();
        return Script {
            body: List::new(),
            errors: vec![ShellError { range, message: "too long".to_owned() }],
        };
    }
    let mut parser = cursor::Parser::new(text);
    let mut body = parser.script();
    if !parser.bodies.is_empty() {
        heredoc::attach(&mut body, &mut parser.bodies);
    }
    Script { body, errors: parser.errors }
}
