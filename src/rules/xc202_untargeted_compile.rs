//! See rules/XC202-untargeted-compile.toml.

use crate::model::{Facts, StagePlatform};
use crate::recipes::{
    Rewrite, assess, command_name, compiles_for, execution_obstacles, is_native_output, retarget,
};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.platform != StagePlatform::Build || stage.image().is_none() {
            return;
        }
        let assessment = assess(facts, stage.index);
        let mut untargeted = assessment.products.clone();
        untargeted.retain(|&id| {
            compiles_for(facts, id).is_of_machine() && is_native_output(facts, &assessment, id)
        });
        let Some(&first) = untargeted.first() else { return };
        let mut assessment = (*assessment).clone();
        assessment.compiles.clone_from(&untargeted);
        let mut rewrite = Rewrite::new(facts);
        let mut obstacles = retarget(facts, &assessment, &mut rewrite);
        obstacles.extend(execution_obstacles(facts, &assessment, &untargeted));

        let invocation = facts.invocation(first);
        let consumer = assessment.takers.iter().find(|(consumer, _)| facts.is_for_target(*consumer));
        let Some(&(consumer, copy)) = consumer else { return };
        let finding = out.report(
            invocation.name_range(),
            format!(
                "`{}` compiles for the build platform, and what it makes ends up in {}, which is for the target platform",
                command_name(invocation),
                facts.stages()[consumer].display_name(),
            ),
        );
        finding.relate(stage.label(), "runs on the build platform");
        finding.relate(facts.instruction(copy).range, "copied into the image here");
        for &other in untargeted.iter().skip(1) {
            finding.relate(facts.invocation(other).name_range(), "so does this");
        }
        finding.fix_unless("Compile for the target platform", rewrite, &obstacles);
    });
}
