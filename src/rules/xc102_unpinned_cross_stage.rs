//! See rules/XC102-unpinned-cross-stage.toml.

use crate::model::Facts;
use crate::recipes::{
    CompilesFor, Rewrite, assess, command_name, compiles_for, cross_obstacles, movable_stages,
};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in movable_stages(facts) {
        let stage = &facts.stages[stage];
        let assessment = assess(facts, stage.index);
        let all_cross = assessment.compiles.iter().all(|&id| compiles_for(facts, id) == CompilesFor::Target);
        if !assessment.could_be_pinned(facts) || assessment.compiles.is_empty() || !all_cross {
            continue;
        }
        let mut rewrite = Rewrite::new(facts);
        assessment.pin(&mut rewrite);
        let mut obstacles = assessment.obstacles.clone();
        obstacles.extend(cross_obstacles(facts, &assessment));

        let first = facts.invocation(assessment.compiles[0]);
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
    }
}
