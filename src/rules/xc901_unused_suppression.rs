//! See rules/XC901-unused-suppression.toml.

use crate::model::Facts;
use crate::rules::Findings;

/// Finds nothing by itself: what a comment suppresses follows from what all other rules find (see `suppress`).
pub(crate) fn check(_: &Facts<'_>, _: &mut Findings) {}
