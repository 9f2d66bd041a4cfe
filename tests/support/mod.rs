//! What several tests need.
#![allow(dead_code, reason = "each test uses its part of it")]

pub(crate) mod sexp;
