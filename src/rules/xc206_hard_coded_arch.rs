//! See rules/XC206-hard-coded-arch.toml.

use crate::diagnostics::{Confidence, Severity};
use crate::model::Facts;
use crate::recipes::{Fate, HardCoded, What, hard_coded_fixes};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        for (found, rewrite, obstacles) in hard_coded_fixes(facts, stage) {
            let finding = out.report(found.range, message(facts, &found));
            if found.is_certain() {
                finding.severity = Severity::Error;
            } else {
                finding.confidence = Confidence::Medium;
            }
            match found.fate {
                Fate::Taken { by: stage, .. } => {
                    finding.relate(facts.stages()[stage].label(), "takes it, for the target platform");
                }
                Fate::Run(range) => {
                    finding.relate(range, "run here, on the builder");
                }
                Fate::Exported | Fate::Stays => {}
            }
            let whose = if found.is_for_builder() { "the build platform" } else { "the target platform" };
            finding.fix_unless(format!("Follow {whose}"), rewrite, &obstacles);
        }
    });
}

fn message(facts: &Facts<'_>, found: &HardCoded) -> String {
    let HardCoded { text, wrong_for, .. } = found;
    let is_where = match found.fate {
        Fate::Exported => "it is in the image".to_owned(),
        Fate::Taken { by: stage, .. } => format!("{} takes it", facts.stages()[stage].display_name()),
        Fate::Stays => "it runs under emulation, or not at all".to_owned(),
        Fate::Run(_) => "it runs there under emulation, or not at all".to_owned(),
    };
    match found.what {
        What::Download(..) | What::Add(_) if found.is_for_builder() => {
            format!("a builder on {wrong_for} downloads the file for `{text}` as well, and {is_where}")
        }
        What::Download(..) | What::Add(_) => {
            format!("a build for {wrong_for} downloads the file for `{text}` as well, and {is_where}")
        }
        What::Compile(_) => {
            format!("this compiles for `{text}` in a build for {wrong_for} as well, and {is_where}")
        }
        What::Libraries(_) => {
            format!("`{text}` is the folder of another architecture in a build for {wrong_for}")
        }
        What::Packages(_) => {
            format!("apt takes packages for `{text}` only from here: a build for {wrong_for} finds none")
        }
    }
}
