//! See rules/XC210-inconsistent-target.toml.

use crate::diagnostics::Severity;
use crate::model::Facts;
use crate::recipes::{Disagreement, Rewrite, assess, command_name, disagreements, retarget_one};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if stage.image().is_none() {
            return;
        }
        let assessment = assess(facts, stage.index);
        for Disagreement { command, with, fails, consequence } in disagreements(facts, &assessment) {
            let (one, other) = (facts.invocation(command), facts.invocation(with));
            let finding = out.report(
                one.name_range(),
                format!(
                    "`{}` is for the machine that it runs on, a later `{}` for the target platform: {consequence}",
                    command_name(one),
                    command_name(other),
                ),
            );
            finding.severity = if fails { Severity::Error } else { Severity::Warning };
            finding.relate(other.name_range(), "for the target platform");
            let mut rewrite = Rewrite::new(facts);
            let obstacles = retarget_one(facts, &assessment, command, &mut rewrite);
            finding.fix_unless(
                format!("Let `{}` be for the target platform too", command_name(one)),
                rewrite,
                &obstacles,
            );
        }
    });
}
