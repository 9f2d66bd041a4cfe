//! See rules/XC105-emulated-runtime-step.toml.

use crate::diagnostics::Severity;
use crate::knowledge::Does;
use crate::model::{BaseImage, Facts, Invocation, Known, StagePlatform};
use crate::recipes::{command_name, toolchain_of};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    // The image of a development container is for the machine that it is built on.
    if facts.path().to_string_lossy().contains("devcontainer") {
        return;
    }
    for stage in
        facts.stages().iter().filter(|stage| stage.exported && stage.platform == StagePlatform::Target)
    {
        let mut heavy = facts.invocations(stage.index).filter(|(_, invocation)| {
            invocation.command.is_some_and(|command| matches!(command.does, Does::Compile | Does::Bundle))
                && !invocation.worlds.is_empty()
        });
        let Some((_, first)) = heavy.next() else { continue };
        if facts.root_image(stage.index).is_some_and(BaseImage::is_windows) {
            continue;
        }
        let name = command_name(first);
        let emulated = toolchain_of(first).map_or("many times slower", |toolchain| toolchain.emulated);
        let finding = out.report(
            first.name_range(),
            format!(
                "`{name}` runs in the exported image, on the target platform: a build for another architecture \
                 emulates it, {emulated}, and the compiler stays in the image",
            ),
        );
        if name == "go install" && names_a_version(first) {
            finding.severity = Severity::Info;
        }
        for (_, other) in heavy {
            finding.relate(other.name_range(), "so does this");
        }
        let is_bundled = first.command.is_some_and(|command| command.does == Does::Bundle);
        finding.help = Some(if is_bundled {
            format!(
                "run `{name}` in a stage of its own (`FROM --platform=$BUILDPLATFORM … AS build`), once for all platforms, and \
                 `COPY --from=build` what it makes into the image"
            )
        } else {
            format!(
                "compile in a stage of its own (`FROM --platform=$BUILDPLATFORM … AS build`), for the target platform, and \
                 `COPY --from=build` what `{name}` makes into the image"
            )
        });
    }
}

/// Whether an operand is a package of another module: `example.com/tool@v1`.
fn names_a_version(invocation: &Invocation) -> bool {
    let is_versioned = |known: &Known| matches!(known, Known::Text(text) if text.contains('@'));
    invocation.operands().iter().any(|word| is_versioned(word.value.world(0)))
}
