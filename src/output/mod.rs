//! What dflint prints: one module per format.

pub mod parse_json;
