//! See rules/XC105-emulated-runtime-step.toml.

use crate::model::{Facts, StagePlatform};
use crate::recipes::{Toolchain, command_name};
use crate::rules::Findings;
use crate::knowledge::Does;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.exported && stage.platform == StagePlatform::Target) {
        let mut heavy = facts.invocations(stage.index).filter(|(_, invocation)| {
            invocation.command.is_some_and(|command| command.does == Does::Compile) && !invocation.worlds.is_empty()
        });
        let Some((_, first)) = heavy.next() else { continue };
        let name = command_name(first);
        let what = Toolchain::of(first).map_or("the compiler", Toolchain::name);
        let finding = out.report(
            first.name_range(),
            format!(
                "`{name}` runs in the image itself, on the target platform: a build for another architecture emulates \
                 {what}, and the image keeps it",
            ),
        );
        for (_, other) in heavy {
            finding.relate(other.name_range(), "so does this");
        }
        finding.help = Some(format!(
            "compile in a stage of its own (`FROM --platform=$BUILDPLATFORM … AS build`), for the target platform, and \
             `COPY --from=build` what `{name}` makes into the image"
        ));
    }
}
