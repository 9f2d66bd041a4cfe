//! See rules/XC105-emulated-runtime-step.toml.

use crate::diagnostics::Severity;
use crate::knowledge::Does;
use crate::model::{Facts, StagePlatform};
use crate::recipes::{Toolchain, command_name};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    // The image of a development container is for the machine that it is built on.
    if facts.file.path().to_string_lossy().contains("devcontainer") {
        return;
    }
    for stage in facts.stages.iter().filter(|stage| stage.exported && stage.platform == StagePlatform::Target)
    {
        let mut heavy = facts.invocations(stage.index).filter(|(_, invocation)| {
            invocation.command.is_some_and(|command| command.does == Does::Compile)
                && !invocation.worlds.is_empty()
        });
        let Some((_, first)) = heavy.next() else { continue };
        if facts.root_image(stage.index).is_some_and(|image| image.is_windows()) {
            continue;
        }
        let name = command_name(first);
        let what = Toolchain::of(first).map_or("the compiler", Toolchain::name);
        let is_tool = first
            .operands()
            .iter()
            .any(|word| word.value.world(0).text().is_some_and(|text| text.contains('@')));
        let finding = out.report(
            first.name_range(),
            format!(
                "`{name}` runs in the image itself, on the target platform: a build for another architecture emulates \
                 {what}, and the image keeps it",
            ),
        );
        if name == "go install" && is_tool {
            finding.severity = Severity::Info;
        }
        for (_, other) in heavy {
            finding.relate(other.name_range(), "so does this");
        }
        finding.help = Some(format!(
            "compile in a stage of its own (`FROM --platform=$BUILDPLATFORM … AS build`), for the target platform, and \
             `COPY --from=build` what `{name}` makes into the image"
        ));
    }
}
