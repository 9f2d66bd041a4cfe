//! See rules/XC304-unused-platform-arg.toml.

use crate::diagnostics::{Applicability, Severity};
use crate::model::{Facts, StagePlatform};
use crate::recipes::{Rewrite, first_user, is_split, splitting_arguments};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.platform != StagePlatform::Build {
            return;
        }
        // Where there are several, one without the others would change nothing.
        let Ok([(at, names)]) = <[_; 1]>::try_from(splitting_arguments(facts, stage)) else { return };
        if is_split(facts, at) {
            return;
        }
        let family = facts.family(stage.index);
        let used = family.iter().any(|&member| first_user(facts, member, at, &names).is_some());
        let splits = facts.runs(stage.index).iter().any(|run| run.instruction > at)
            || family.iter().skip(1).any(|&member| facts.stages()[member].has_runs());
        if !used && splits {
            let finding = out.report(
                facts.instruction(at).range,
                format!(
                    "nothing uses {}: all that the ARG does is to make the steps below run once for each platform instead of \
                     once for all",
                    names.join(" "),
                ),
            );
            finding.severity = Severity::Info;
            let mut rewrite = Rewrite::new(facts);
            rewrite.delete(at);
            finding.fix("Remove it", Applicability::Safe, rewrite);
        }
    });
}
