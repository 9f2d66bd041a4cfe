//! See rules/XC204-platform-arg-undeclared.toml.

use crate::diagnostics::Applicability;
use crate::model::{Facts, Invocation, PLATFORM_ARGUMENTS, Stage, StageBase, StagePlatform};
use crate::recipes::{Rewrite, assess, command_name, takes_another_turn};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        // What a stage declares, the stages that are built on it inherit.
        if matches!(stage.base, StageBase::Stage(_)) {
            return;
        }
        check_xx(facts, stage, out);
        let family = facts.family(stage.index).into_iter();
        let mut uses: Vec<_> = family.flat_map(|member| facts.platform_uses(member)).collect();
        uses.retain(|(_, of)| !of.declared);
        for name in PLATFORM_ARGUMENTS {
            // `${TARGETOS:-linux}` is right in every build for Linux.
            let is_system = name.ends_with("OS");
            let mut of_name =
                uses.iter().filter(|(_, of)| of.name == name && !(is_system && of.has_operation));
            let Some((instruction, first)) = of_name.next() else { continue };
            let consequence = if first.has_operation {
                "is not set here, so that the fallback always holds"
            } else {
                "is empty here"
            };
            let message =
                format!("{name} {consequence}: no ARG declares it in {}", facts.stage_of(*instruction));
            let finding = out.report(first.range, message);
            let mut changes_more = first.has_operation || takes_another_turn(facts, *instruction);
            let mut rewrite = Rewrite::new(facts);
            rewrite.need_at(*instruction, name);
            for (instruction, other) in of_name {
                finding.relate(other.range, "and here");
                changes_more |= other.has_operation || takes_another_turn(facts, *instruction);
                rewrite.need_at(*instruction, name);
            }
            if let Some(global) = facts.global_argument(name) {
                finding.relate(global, "an ARG above the first FROM holds for FROM lines only");
            }
            let applicability = if changes_more { Applicability::Unsafe } else { Applicability::Safe };
            finding.fix(format!("Declare {name}"), applicability, rewrite);
        }
    });
}

/// Where a stage on the build platform leaves the target of what it ships to xx, but no command of it sees one of the
/// arguments that xx reads.
fn check_xx(facts: &Facts<'_>, stage: &Stage, out: &mut Findings) {
    if stage.platform != StagePlatform::Build {
        return;
    }
    let sees_target = |invocation: &Invocation| {
        let mut names = ["TARGETPLATFORM", "TARGETPAIR", "TARGETARCH"].iter();
        names.any(|name| invocation.environment.exported(name).may_be_set())
    };
    let mut commands = facts.family(stage.index).into_iter().flat_map(|member| facts.invocations(member));
    if commands.any(|(_, invocation)| sees_target(invocation)) {
        return;
    }
    let assessment = assess(facts, stage.index);
    let mut products = assessment.products.iter();
    let Some(&id) = products.find(|&&id| facts.invocation(id).is_by_xx()) else { return };
    let first = facts.invocation(id);
    let instruction = facts.run(id).instruction;
    let mut rewrite = Rewrite::new(facts);
    rewrite.need_at(instruction, "TARGETPLATFORM");
    let message = format!(
        "`{}` reads TARGETPLATFORM, which no ARG declares in {}: it compiles for the build platform, not for the target",
        command_name(first),
        facts.stage_of(instruction)
    );
    let finding = out.report(first.name_range(), message);
    finding.fix("Declare TARGETPLATFORM", Applicability::Safe, rewrite);
}
