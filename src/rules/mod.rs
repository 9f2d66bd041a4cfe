//! The rules and what is known of each.

/// What a rule is called and how it explains itself: the card of `rules/XC101-….toml`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    /// `XC101`.
    pub code: &'static str,
    /// `emulated-build-stage`.
    pub name: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Why it matters, how to mend it, and examples, as Markdown.
    pub text: &'static str,
}

/// Every rule, ordered by code.
pub fn all() -> &'static [Rule] {
    &[]
}
