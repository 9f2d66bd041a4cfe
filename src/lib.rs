//! The engine of dflint. No terminal, no files, no protocol: text in, diagnostics and edits out.

pub mod diagnostics;
pub mod knowledge;
pub mod model;
pub mod output;
pub mod recipes;
pub mod rules;
pub mod shell;
pub mod syntax;
pub mod text;
