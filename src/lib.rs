//! The engine of dflint. No terminal, no files, no protocol: text in, diagnostics and edits out.

pub mod diagnostics;
pub mod output;
pub mod shell;
pub mod syntax;
pub mod text;
