//! See rules/XC305-partial-arch-map.toml.

use crate::diagnostics::Severity;
use crate::model::{Facts, Stage};
use crate::recipes::{PartialMap, Rewrite, complete, partial_maps};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.reachable {
            check_maps(facts, stage, out);
            check_base(facts, stage, out);
        }
    });
}

fn check_maps(facts: &Facts<'_>, stage: &Stage, out: &mut Findings) {
    for partial in partial_maps(facts, stage.index) {
        let mut rewrite = Rewrite::new(facts);
        let obstacles = complete(facts, &partial, &mut rewrite);
        let finding = out.report(partial.map.range, message(&partial));
        if partial.missing.is_empty() {
            finding.severity = Severity::Info;
        }
        for arm in &partial.map.arms {
            finding.relate(arm.range, "what it has");
        }
        finding.fix_unless("Complete the map", rewrite, &obstacles);
    }
}

/// A stage is chosen by the platform, and there is none for one of them.
fn check_base(facts: &Facts<'_>, stage: &Stage, out: &mut Findings) {
    let Some(body) = facts.from_body(stage.index) else { return };
    let missing = facts.missing_alternatives(stage.index);
    let Some((platform, name)) = missing.first() else { return };
    let finding = out.report(
        body.image.range,
        format!(
            "for {platform} this names `{name}`, which is no stage: BuildKit looks for an image of that name"
        ),
    );
    finding.help =
        Some(format!("add a stage `{name}` beside the others, or take {platform} from the platforms"));
}

fn message(partial: &PartialMap<'_>) -> String {
    let variables: Vec<String> = partial.map.sets.iter().map(|name| format!("`{name}`")).collect();
    let (variables, are) = (variables.join(" and "), if variables.len() == 1 { "is" } else { "are" });
    let platforms: Vec<String> = partial.missing.iter().map(ToString::to_string).collect();
    match (platforms.is_empty(), partial.is_of_builder) {
        (true, _) => {
            format!(
                "this map has no `*)`: on a platform that it does not name, {variables} {are} empty and the build goes on"
            )
        }
        (false, true) => {
            format!(
                "this has nothing for a builder on {}: {variables} {are} empty there",
                platforms.join(" and ")
            )
        }
        (false, false) => {
            format!(
                "this has nothing for {}: {variables} {are} empty in a build for it",
                platforms.join(" and ")
            )
        }
    }
}
