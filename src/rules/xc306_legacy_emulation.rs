//! See rules/XC306-legacy-emulation.toml.

use crate::model::{BaseImage, Facts, Stage, StageBase};
use crate::rules::Findings;
use crate::syntax::Body;

const HELP: &str = "BuildKit brings its own emulators, or uses those that are registered with the kernel: nothing of this \
                    is needed in the image";

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        check_base(facts, stage, out);
        // From scratch, emulators are what the image is for.
        if !matches!(stage.base, StageBase::Scratch) {
            check_copies(facts, stage, out);
        }
        let mut marks =
            facts.invocations(stage.index).map(|(_, invocation)| invocation).filter(|invocation| {
                matches!(invocation.program(), Some("cross-build-start" | "cross-build-end"))
            });
        let Some(first) = marks.next() else { return };
        let message =
            "from here on the build runs under an emulator that the base brings, also where none is needed";
        let finding = out.report(first.name_range(), message);
        finding.help = Some(HELP.to_owned());
        for other in marks {
            finding.relate(other.name_range(), "goes with it");
        }
    });
}

fn check_base(facts: &Facts<'_>, stage: &Stage, out: &mut Findings) {
    let named =
        stage.image().filter(|image| image.name.constant().is_some_and(|name| name.contains("multiarch/")));
    let reference = named.and_then(BaseImage::reference);
    let (Some(reference), Some(body)) = (reference, facts.from_body(stage.index)) else { return };
    let repository = reference.name.text.as_str();
    // Where emulators are only taken from there, the COPY is reported.
    if repository.starts_with("multiarch/") && !repository.contains("qemu") {
        let message = format!(
            "`{repository}` carries an emulator and is bound to one architecture: it is from before BuildKit could emulate"
        );
        out.report(body.image.range, message).help = Some(HELP.to_owned());
    }
}

fn check_copies(facts: &Facts<'_>, stage: &Stage, out: &mut Findings) {
    for at in stage.span.body.clone() {
        let Body::Copy(copy) = &facts.instruction(at).body else { continue };
        let Some(source) = copy.sources.iter().find(|source| is_emulator(&source.text)) else { continue };
        let message = format!(
            "this puts an emulator into {}: BuildKit does not need it there, and the image carries it along",
            stage.display_name()
        );
        out.report(source.range, message).help = Some(HELP.to_owned());
    }
}

/// `qemu-aarch64-static` and its kin, with or without a folder, packed or not.
fn is_emulator(path: &str) -> bool {
    let name = path.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or_default();
    let name = name.trim_end_matches('*').trim_end_matches(".tar.gz");
    name.contains("qemu-") && name.ends_with("-static")
}
