//! Which rules run: codes, prefixes of codes, and names.

use std::fmt;

use crate::rules::Card;

/// How far a code or name may be from what was written to be offered instead.
const NEAR: usize = 3;

/// The rank of an entry that means one rule.
const EXACT: usize = usize::MAX;

/// One rule or a group of rules, as a person names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Selector {
    /// As it was written.
    text: String,
    /// How many characters of the code are given: the longer, the more it says.
    rank: usize,
    codes: Vec<&'static str>,
}

/// The text names no rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownRule {
    /// What was written.
    pub text: String,
    /// The codes and names that are most like it, best first; may be empty.
    pub nearest: Vec<&'static str>,
}

impl Selector {
    /// Reads a code (`XC101`), the beginning of one (`XC1`), a name (`emulated-build-stage`) or `ALL`, each in any
    /// case.
    ///
    /// # Errors
    /// [`UnknownRule`] where no rule of `rules` is meant.
    pub fn parse(text: &str, rules: &'static [Card]) -> Result<Self, UnknownRule> {
        let written = text.trim();
        let selector = |rank, codes| Ok(Self { text: written.to_owned(), rank, codes });
        if written.eq_ignore_ascii_case("all") {
            return selector(0, rules.iter().map(|rule| rule.code).collect());
        }
        if let Some(rule) = rules.iter().find(|rule| is(rule, written)) {
            return selector(EXACT, vec![rule.code]);
        }
        let codes: Vec<_> =
            rules.iter().map(|rule| rule.code).filter(|code| starts_with(code, written)).collect();
        if codes.is_empty() || written.is_empty() {
            return Err(UnknownRule { text: written.to_owned(), nearest: nearest(written, rules) });
        }
        selector(written.len(), codes)
    }

    /// The codes of the rules that are meant, in order.
    pub fn codes(&self) -> &[&'static str] {
        &self.codes
    }

    /// Whether one rule is meant, by its full code or its name.
    pub fn is_exact(&self) -> bool {
        self.rank == EXACT
    }
}

/// Whether a rule runs. No `select` means every rule; where both lists name a rule, the one that says more wins, and
/// `ignore` between equals: `--select XC101 --ignore XC1` runs XC101. A rule in preview is only meant by its full code or
/// its name.
pub fn is_selected(rule: &Card, select: &[Selector], ignore: &[Selector]) -> bool {
    let entries = |list: &[Selector]| {
        list.iter().filter(|entry| entry.codes.contains(&rule.code)).map(|entry| entry.rank).max()
    };
    let selected = if select.is_empty() { Some(0) } else { entries(select) };
    let selected = selected.filter(|rank| !rule.preview || *rank == EXACT);
    entries(ignore) < selected
}

/// What the entry that says most of the rule `code` holds for it; of equals, the last.
pub fn most_exact<'a, T>(code: &str, entries: &'a [(Selector, T)]) -> Option<&'a T> {
    let of_code = entries.iter().filter(|(selector, _)| selector.codes.contains(&code));
    of_code.max_by_key(|(selector, _)| selector.rank).map(|(_, value)| value)
}

fn is(rule: &Card, written: &str) -> bool {
    rule.code.eq_ignore_ascii_case(written) || rule.name.eq_ignore_ascii_case(written)
}

fn starts_with(code: &str, written: &str) -> bool {
    code.get(..written.len()).is_some_and(|start| start.eq_ignore_ascii_case(written))
}

fn nearest(written: &str, rules: &'static [Card]) -> Vec<&'static str> {
    let lower = written.to_ascii_lowercase();
    let mut found: Vec<(usize, &'static str)> = rules
        .iter()
        .flat_map(|rule| [rule.code, rule.name])
        .map(|candidate| (strsim::damerau_levenshtein(&candidate.to_ascii_lowercase(), &lower), candidate))
        .filter(|(distance, candidate)| *distance <= NEAR.min(candidate.len() / 3))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, candidate)| candidate).take(3).collect()
}

impl fmt::Display for Selector {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown rule `{}`", self.text)?;
        for (index, candidate) in self.nearest.iter().enumerate() {
            let before = match index {
                0 => "; did you mean ",
                _ if index + 1 < self.nearest.len() => ", ",
                _ => " or ",
            };
            write!(f, "{before}`{candidate}`")?;
        }
        if self.nearest.is_empty() { Ok(()) } else { write!(f, "?") }
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Severity;

    const RULES: &[Card] = &[
        rule("XC101", "emulated-build-stage"),
        rule("XC102", "unpinned-cross-stage"),
        rule("XC201", "exported-stage-pinned"),
        Card { preview: true, ..rule("XC401", "young-rule") },
    ];

    const fn rule(code: &'static str, name: &'static str) -> Card {
        Card { code, name, severity: Severity::Warning, preview: false, summary: "", text: "" }
    }

    fn list(text: &str) -> Vec<Selector> {
        text.split_terminator(',').map(|entry| Selector::parse(entry, RULES).unwrap()).collect()
    }

    fn selected(select: &str, ignore: &str) -> Vec<&'static str> {
        let (select, ignore) = (list(select), list(ignore));
        RULES.iter().filter(|rule| is_selected(rule, &select, &ignore)).map(|rule| rule.code).collect()
    }

    #[test]
    fn a_selector_is_a_code_a_prefix_or_a_name() {
        assert_eq!(Selector::parse("xc101", RULES).unwrap().codes(), ["XC101"]);
        assert_eq!(Selector::parse(" XC1 ", RULES).unwrap().codes(), ["XC101", "XC102"]);
        assert_eq!(Selector::parse("exported-stage-pinned", RULES).unwrap().codes(), ["XC201"]);
        assert_eq!(Selector::parse("ALL", RULES).unwrap().codes().len(), 4);
    }

    #[test]
    fn what_names_no_rule_is_refused_with_the_nearest() {
        let message = |text| Selector::parse(text, RULES).unwrap_err().to_string();
        assert_eq!(message("XC110"), "unknown rule `XC110`; did you mean `XC101`?");
        assert_eq!(
            message("emulated-build-stages"),
            "unknown rule `emulated-build-stages`; did you mean `emulated-build-stage`?"
        );
        assert_eq!(message("XC103"), "unknown rule `XC103`; did you mean `XC101` or `XC102`?");
        assert_eq!(message("DL3006"), "unknown rule `DL3006`");
        assert_eq!(message(""), "unknown rule ``");
        assert_eq!(message("ü"), "unknown rule `ü`");
    }

    #[test]
    fn the_entry_that_says_more_wins() {
        assert_eq!(selected("", ""), ["XC101", "XC102", "XC201"]);
        assert_eq!(selected("XC1", ""), ["XC101", "XC102"]);
        assert_eq!(selected("", "XC1"), ["XC201"]);
        assert_eq!(selected("XC101", "XC1"), ["XC101"]);
        assert_eq!(selected("XC1", "XC101"), ["XC102"]);
        assert_eq!(selected("XC101", "emulated-build-stage"), Vec::<&str>::new());
        assert_eq!(selected("XC", "ALL"), ["XC101", "XC102", "XC201"]);
    }

    #[test]
    fn a_rule_in_preview_runs_where_it_is_selected_itself() {
        for by in ["XC401", "young-rule"] {
            assert_eq!(selected(by, ""), ["XC401"]);
            assert_eq!(selected(&format!("ALL,{by}"), ""), ["XC101", "XC102", "XC201", "XC401"]);
            assert_eq!(selected(by, by), Vec::<&str>::new());
        }
        for group in ["ALL", "XC", "XC4", "XC40"] {
            assert!(!selected(group, "").contains(&"XC401"), "{group}");
        }
    }
}
