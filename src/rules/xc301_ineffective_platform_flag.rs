//! See rules/XC301-ineffective-platform-flag.toml.

use crate::diagnostics::Applicability;
use crate::model::{Facts, StageBase, StagePlatform};
use crate::recipes::Rewrite;
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        let (Some(flag), Some(asked)) = (facts.from(stage.index).flag("platform"), &stage.asked_platform)
        else {
            return;
        };
        // A name from a build argument may become that of an image, and then the flag has an effect.
        if facts.from_body(stage.index).is_some_and(|body| body.image.text.contains('$')) {
            return;
        }
        let (message, same) = match stage.base {
            StageBase::Stage(base) => {
                let base = &facts.stages()[base];
                let place = match &stage.platform {
                    StagePlatform::Build => "on the build platform".to_owned(),
                    StagePlatform::Target => "on the target platform".to_owned(),
                    StagePlatform::Fixed(platform) => format!("on {platform}"),
                    StagePlatform::Unknown => "on the same platform".to_owned(),
                };
                let message = format!(
                    "`--platform` has no effect on a stage: {} runs where {} runs, {place}",
                    stage.display_name(),
                    base.display_name(),
                );
                (message, *asked == stage.platform)
            }
            StageBase::Scratch => (
                "`--platform` has no effect on scratch, which is always for the target platform".to_owned(),
                true,
            ),
            StageBase::Image(_) | StageBase::Unknown => return,
        };
        let finding = out.report(flag.range, message);
        let mut rewrite = Rewrite::new(facts);
        rewrite.remove_flag(stage.span.from, flag.range);
        let applicability = if same { Applicability::Safe } else { Applicability::Unsafe };
        finding.fix("Remove the flag", applicability, rewrite);
        if !same {
            finding.help = Some(
                "the fix is unsafe: the flag asks for another platform, which may be what is meant"
                    .to_owned(),
            );
        }
    });
}
