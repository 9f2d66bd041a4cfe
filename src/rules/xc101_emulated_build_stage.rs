//! See rules/XC101-emulated-build-stage.toml.

use crate::diagnostics::{Confidence, Severity};
use crate::model::{Facts, Stage};
use crate::recipes::{
    Assessment, CompilesFor, Rewrite, Toolchain, assess, command_name, compiles_for, retarget,
};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.image().is_some()) {
        let assessment = assess(facts, stage.index);
        let for_what: Vec<_> = assessment.compiles.iter().map(|&id| compiles_for(facts, id)).collect();
        let all_cross = for_what.iter().all(|what| *what == CompilesFor::Target);
        let nothing_to_move = all_cross && (!assessment.compiles.is_empty() || assessment.tools.is_empty());
        if !assessment.could_be_pinned(facts) {
            continue;
        }
        if assessment.compiles.is_empty() && assessment.tools.is_empty() {
            report_driver(facts, stage, &assessment, out);
            continue;
        }
        if nothing_to_move || for_what.contains(&CompilesFor::Unknown) {
            continue;
        }
        let mut rewrite = Rewrite::new(facts);
        rewrite.pin(stage.index);
        let mut obstacles = assessment.obstacles.clone();
        obstacles.extend(retarget(facts, &assessment, &mut rewrite));

        let emulated = if assessment.compiles.is_empty() { &assessment.tools } else { &assessment.compiles };
        let first = facts.invocation(emulated[0]);
        let is_dotnet = Toolchain::of(first) == Some(Toolchain::Dotnet);
        let consequence = if is_dotnet {
            "a build for another architecture runs it under emulation, which .NET does not support"
        } else {
            "a build for another architecture runs it under emulation, many times slower"
        };
        let finding = out.report(
            stage.label(),
            format!(
                "{} runs `{}` on the target platform: {consequence}",
                stage.display_name(),
                command_name(first)
            ),
        );
        if is_dotnet {
            finding.severity = Severity::Error;
        }
        for &id in emulated {
            finding.relate(facts.invocation(id).name_range(), "emulated");
        }
        finding.fix_unless(
            format!("Run {} on the build platform and cross-compile", stage.display_name()),
            rewrite,
            &obstacles,
        );
    }
}

/// Programs that run a project's own build.
const DRIVERS: [&str; 9] = ["make", "gmake", "mage", "task", "just", "goreleaser", "bazel", "cake", "nuke"];

/// A stage of a compiler's image that leaves compiling to a build file of the project: emulated all the same.
fn report_driver(facts: &Facts<'_>, stage: &Stage<'_>, assessment: &Assessment, out: &mut Findings) {
    let toolchain = stage.image().and_then(|image| image.known).and_then(|known| known.toolchain);
    let Some(toolchain) = toolchain.filter(|_| !assessment.takers.is_empty()) else { return };
    let mut commands = assessment.family.iter().flat_map(|&member| facts.invocations(member));
    let driver = commands.find(|(_, invocation)| {
        invocation.program().is_some_and(|program| DRIVERS.contains(&program))
            && !invocation.worlds.is_empty()
    });
    let Some((_, driver)) = driver else { return };
    let name = driver.program().unwrap_or_default();
    let finding = out.report(
        stage.label(),
        format!(
            "{} runs `{name}` on the target platform: if it compiles, a build for another architecture runs the compiler \
             under emulation",
            stage.display_name(),
        ),
    );
    finding.confidence = Confidence::Medium;
    finding.relate(driver.name_range(), "emulated");
    let knob = if toolchain == "go" { "GOARCH=$TARGETARCH" } else { "$TARGETARCH" };
    finding.help = Some(format!(
        "no fix is offered: dflint does not see what `{name}` runs; if it can compile for another architecture, pin the \
         stage with `--platform=$BUILDPLATFORM` and hand it {knob}"
    ));
}
