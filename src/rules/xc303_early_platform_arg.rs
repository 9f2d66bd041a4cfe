//! See rules/XC303-early-platform-arg.toml.

use crate::diagnostics::{Applicability, Severity};
use crate::model::{Facts, StagePlatform};
use crate::recipes::{Rewrite, first_user, is_split, splitting_arguments};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.platform != StagePlatform::Build {
            return;
        }
        let arguments = splitting_arguments(facts, stage);
        let all_names: Vec<&str> = arguments.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for (at, names) in &arguments {
            // Another such ARG above splits the steps anyway.
            if is_split(facts, *at) {
                continue;
            }
            let Some(user) = first_user(facts, stage.index, *at, &all_names) else { continue };
            let shared: Vec<_> =
                facts.runs(stage.index).iter().filter(|run| run.instruction > *at && run.instruction < user).collect();
            let Some(first) = shared.first() else { continue };
            let finding = out.report(
                facts.instruction(*at).range,
                format!(
                    "`ARG {}` stands above steps that do not need it: they run once for each platform instead of once for all",
                    names.join(" "),
                ),
            );
            finding.severity = Severity::Info;
            finding.relate(
                facts.instruction(first.instruction).keyword_range,
                "could be shared by all platforms",
            );
            finding.relate(facts.instruction(user).keyword_range, "the first step that may need it");
            let mut rewrite = Rewrite::new(facts);
            rewrite.delete(*at);
            rewrite.declare(user, names);
            finding.fix("Declare it where it is needed", Applicability::Safe, rewrite);
        }
    });
}
