//! See rules/XC102-unpinned-cross-stage.toml.

use crate::diagnostics::Severity;
use crate::model::Facts;
use crate::recipes::{
    Assessment, CompilesFor, Rewrite, applicability, assess, command_name, compiles_for, cross_obstacles,
    is_movable,
};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if !is_movable(facts, stage.index) {
            return;
        }
        let assessment = assess(facts, stage.index);
        let all_cross = assessment.compiles.iter().all(|&id| compiles_for(facts, id) == CompilesFor::Target);
        if !assessment.could_be_pinned(facts) || !all_cross {
            return;
        }
        let Some(&first) = assessment.compiles.first() else {
            report_downloads(facts, &assessment, out);
            return;
        };
        let mut rewrite = Rewrite::new(facts);
        assessment.pin(facts, &mut rewrite);
        let mut obstacles = assessment.obstacles.clone();
        obstacles.extend(cross_obstacles(facts, &assessment));

        let first = facts.invocation(first);
        let finding = out.report(
            stage.label(),
            format!(
                "`{}` compiles for the target already, but {} runs on the target platform: it is emulated for nothing",
                command_name(first),
                stage.display_name(),
            ),
        );
        for &id in &assessment.compiles {
            finding.relate(facts.invocation(id).name_range(), "compiles for the target platform");
        }
        finding.fix_unless(
            format!("Run {} on the build platform", stage.display_name()),
            rewrite,
            &obstacles,
        );
    });
}

/// A stage that does nothing but download what is for the target platform, and so may as well do it on the builder.
fn report_downloads(facts: &Facts<'_>, assessment: &Assessment, out: &mut Findings) {
    let stage = &facts.stages()[assessment.root];
    let (Some(&first), true) = (assessment.downloads.first(), assessment.work().is_empty()) else { return };
    if applicability(&assessment.obstacles).is_none() || assessment.working_root(facts) != stage.index {
        return;
    }
    let mut rewrite = Rewrite::new(facts);
    assessment.pin(facts, &mut rewrite);
    let name = stage.display_name();
    let finding = out.report(
        stage.label(),
        format!(
            "{name} downloads what is for the target platform by its URL, but runs there itself: `{}` is emulated for \
             nothing",
            command_name(facts.invocation(first)),
        ),
    );
    finding.severity = Severity::Info;
    for &id in &assessment.downloads {
        finding.relate(facts.invocation(id).name_range(), "downloads for the target platform");
    }
    finding.fix_unless(format!("Run {name} on the build platform"), rewrite, &assessment.obstacles);
}
