//! See rules/XC304-unused-platform-arg.toml.

use crate::diagnostics::{Applicability, Severity};
use crate::model::{Facts, StagePlatform};
use crate::recipes::{Rewrite, first_user, is_split, splitting_arguments};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.platform == StagePlatform::Build) {
        for (at, names) in splitting_arguments(facts, stage) {
            let mut family = facts.family(stage.index).into_iter();
            let used = family.any(|member| first_user(facts, member, at, &names).is_some());
            let splits = stage.runs.iter().any(|run| run.instruction > at)
                || facts
                    .family(stage.index)
                    .iter()
                    .skip(1)
                    .any(|&member| !facts.stages[member].runs.is_empty());
            let others = splitting_arguments(facts, stage).len() > 1;
            if used || !splits || others || is_split(facts, at) {
                continue;
            }
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
    }
}
