//! How many findings each rule has.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dflint::diagnostics::Applicability;
use serde::Serialize;

use super::json::Array;
use super::{Checked, Reporter, Tally, human, mendable};

/// What `--statistics` prints in the place of findings.
pub(super) struct Statistics {
    json: bool,
    rules: BTreeMap<&'static str, Row>,
}

#[derive(Serialize)]
struct Row {
    rule: &'static str,
    name: &'static str,
    count: usize,
    /// How many have a safe fix, and how many only an unsafe one.
    safe_fixes: usize,
    unsafe_fixes: usize,
}

impl Statistics {
    pub(super) fn new(json: bool) -> Self {
        Self { json, rules: BTreeMap::new() }
    }

    /// The most frequent first.
    fn sorted(&self) -> Vec<&Row> {
        let mut counts: Vec<&Row> = self.rules.values().collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.count));
        counts
    }
}

impl Reporter for Statistics {
    fn file(&mut self, out: &mut dyn Write, checked: Checked<'_>) -> io::Result<()> {
        for finding in checked.diagnostics {
            let (rule, name) = (finding.code, finding.name);
            let none = Row { rule, name, count: 0, safe_fixes: 0, unsafe_fixes: 0 };
            let count = self.rules.entry(rule).or_insert(none);
            count.count += 1;
            match mendable(finding) {
                Some(Applicability::Safe) => count.safe_fixes += 1,
                Some(Applicability::Unsafe) => count.unsafe_fixes += 1,
                Some(Applicability::DisplayOnly) | None => {}
            }
        }
        if self.json { Ok(()) } else { human::changes(out, checked) }
    }

    fn finish(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let counts = self.sorted();
        if self.json {
            let mut array = Array::default();
            counts.iter().try_for_each(|count| array.push(out, count))?;
            return array.finish(out);
        }
        let digits = counts.first().map_or(0, |most| most.count.to_string().len());
        let codes = counts.iter().map(|count| count.rule.len()).max().unwrap_or(0);
        for Row { rule, name, count, safe_fixes, unsafe_fixes } in counts {
            let fixes = match (safe_fixes, unsafe_fixes) {
                (0, 0) => String::new(),
                (safe, 0) => format!(" ({safe} with a safe fix)"),
                (0, more) => format!(" ({more} with an unsafe fix)"),
                (safe, more) => format!(" ({safe} with a safe fix, {more} with an unsafe one)"),
            };
            writeln!(out, "{count:digits$}  {rule:codes$}  {name}{fixes}")?;
        }
        human::summary(out, tally)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::samples::printed;
    use super::*;

    #[test]
    fn findings_are_counted_by_rule() {
        assert_eq!(
            printed(&mut Statistics::new(false)),
            "2  XC101  emulated-build-stage (1 with a safe fix)\n"
        );
        let counts: Value = serde_json::from_str(&printed(&mut Statistics::new(true))).unwrap();
        assert_eq!(
            counts,
            json!([{
                "rule": "XC101",
                "name": "emulated-build-stage",
                "count": 2,
                "safe_fixes": 1,
                "unsafe_fixes": 0,
            }])
        );
    }
}
