//! See rules/XC101-emulated-build-stage.toml.

use crate::diagnostics::Severity;
use crate::model::Facts;
use crate::recipes::{CompilesFor, Rewrite, Toolchain, assess, command_name, compiles_for, retarget};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.image().is_some()) {
        let assessment = assess(facts, stage.index);
        let for_what: Vec<_> = assessment.compiles.iter().map(|&id| compiles_for(facts, id)).collect();
        let all_cross = for_what.iter().all(|what| *what == CompilesFor::Target);
        let nothing_to_move = all_cross && (!assessment.compiles.is_empty() || assessment.tools.is_empty());
        if !assessment.could_be_pinned(facts) || nothing_to_move || for_what.contains(&CompilesFor::Unknown) {
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
