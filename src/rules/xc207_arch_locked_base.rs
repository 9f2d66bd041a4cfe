//! See rules/XC207-arch-locked-base.toml.

use crate::diagnostics::Confidence;
use crate::model::{Facts, StageBase, StagePlatform};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    // A file that is for one architecture says so in its name.
    let path = facts.file.path().to_string_lossy().to_ascii_lowercase();
    let Some(mut stage) = facts.exported_stage() else { return };
    while let StageBase::Stage(base) = stage.base {
        stage = &facts.stages[base];
    }
    let (Some(image), Some(body)) = (stage.image(), stage.from_body) else { return };
    if let Some(lock) = image.architecture_lock() {
        if path.contains(lock) {
            return;
        }
        let finding = out.report(
            body.image.range,
            format!("the image can be built for one architecture only: `{lock}` in the name of its base says which"),
        );
        finding.confidence = Confidence::Medium;
        finding.help = Some("use the tag without the architecture, which is there for all of them".to_owned());
    } else if let StagePlatform::Fixed(platform) = &stage.platform {
        let Some(flag) = stage.from.flag("platform").filter(|_| !path.contains(&platform.architecture)) else { return };
        let finding = out.report(
            flag.range,
            format!("the exported image always holds programs for {platform}, whatever platform it is built for"),
        );
        finding.confidence = Confidence::Medium;
        finding.help = Some("drop the flag, or build for that platform only".to_owned());
    }
}
