//! See rules/XC209-product-executed.toml.

use crate::model::{Facts, StagePlatform};
use crate::recipes::{CompilesFor, command_name, compiles_for, compiling_commands, executed_product};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.platform != StagePlatform::Build || stage.image().is_none() {
            return;
        }
        let family = facts.family(stage.index);
        let compiles = compiling_commands(facts, &family);
        for (id, invocation) in family.iter().flat_map(|&member| facts.invocations(member)) {
            // What a stage beside this one has compiled is not here.
            let mut here = compiles.clone();
            here.retain(|compile| facts.is_built_on(id.stage, compile.stage));
            let Some(compile) = executed_product(facts, &here, id) else { continue };
            if invocation.conditional
                || !invocation.worlds.is_all()
                || compiles_for(facts, compile) != CompilesFor::Target
            {
                continue;
            }
            let name = command_name(facts.invocation(compile));
            let finding = out.report(
                invocation.name_range(),
                format!(
                    "this runs or reads a program that `{name}` compiled for the target platform, but {} is on the build \
                     platform: in a build for another architecture it is emulated, or fails",
                    facts.stages()[id.stage].display_name(),
                ),
            );
            finding.relate(facts.invocation(compile).name_range(), "compiled for the target platform");
            finding.help = Some(
                "run it in a stage on the target platform, or only where both platforms are the same"
                    .to_owned(),
            );
        }
    });
}
