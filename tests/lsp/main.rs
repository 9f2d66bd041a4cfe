//! The language server as an editor meets it.

mod client;
mod features;
mod lifecycle;
mod properties;
mod text;
