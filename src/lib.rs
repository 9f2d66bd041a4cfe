//! The engine of dflint. No terminal, no files, no protocol: text in, diagnostics and edits out.

pub mod config;
pub mod diagnostics;
pub mod engine;
mod fix;
pub mod knowledge;
pub mod model;
pub mod recipes;
pub mod rules;
pub mod select;
pub mod shell;
mod suppress;
pub mod syntax;
pub mod text;
