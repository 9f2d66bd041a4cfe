//! See rules/XC306-legacy-emulation.toml.

use crate::model::Facts;
use crate::rules::Findings;
use crate::syntax::Body;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    const HELP: &str = "BuildKit brings its own emulators, or uses those that are registered with the kernel: nothing of \
                        this is needed in the image";
    for stage in &facts.stages {
        let repository =
            stage.image().and_then(|image| image.reference.as_ref()).map(|image| image.name.text.as_str());
        if let (Some(repository), Some(body)) = (repository, stage.from_body) {
            if repository.starts_with("multiarch/") {
                let message =
                    format!("`{repository}` carries an emulator of its own, from before BuildKit had one");
                out.report(body.image.range, message).help = Some(HELP.to_owned());
            }
        }
        for at in stage.span.body.clone() {
            let Body::Copy(copy) = &facts.instruction(at).body else { continue };
            let emulator = copy.sources.iter().find(|source| is_emulator(&source.text));
            if let Some(source) = emulator {
                let message = "this puts an emulator into the image, which is not needed there";
                out.report(source.range, message).help = Some(HELP.to_owned());
            }
        }
        for (_, invocation) in facts.invocations(stage.index) {
            if matches!(invocation.program(), Some("cross-build-start" | "cross-build-end")) {
                let message = "this runs the build under an emulator that the image brings";
                out.report(invocation.name_range(), message).help = Some(HELP.to_owned());
            }
        }
    }
}

/// `qemu-aarch64-static` and its kin, with or without a folder.
fn is_emulator(path: &str) -> bool {
    let name = path.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or_default();
    name.starts_with("qemu-") && name.contains("-static")
}
