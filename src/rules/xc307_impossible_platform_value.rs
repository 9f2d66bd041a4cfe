//! See rules/XC307-impossible-platform-value.toml.

use crate::diagnostics::Applicability;
use crate::model::{Facts, possible_value};
use crate::recipes::Rewrite;
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        for comparison in facts.runs(stage.index).iter().flat_map(|run| &run.comparisons) {
            for (text, range) in &comparison.texts {
                let Some(possible) = possible_value(comparison.name, text) else { continue };
                // The right value is compared with as well: this one is superfluous, not a mistake.
                if comparison.texts.iter().any(|(other, _)| *other == possible) {
                    continue;
                }
                let finding = out.report(
                    *range,
                    format!(
                        "{} is never `{text}`: BuildKit makes that `{possible}`, so that this comparison always has the same outcome",
                        comparison.name
                    ),
                );
                let mut rewrite = Rewrite::new(facts);
                rewrite.replace_in_quotes(*range, &possible);
                finding.fix(format!("Compare with `{possible}`"), Applicability::Unsafe, rewrite);
                finding.help = Some(
                    "the fix is unsafe: it changes what runs, and nobody has tried the branch that was dead"
                        .to_owned(),
                );
            }
        }
    });
}
