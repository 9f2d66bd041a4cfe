//! See rules/XC207-arch-locked-base.toml.

use crate::diagnostics::{Applicability, Confidence};
use crate::model::{Facts, Stage, StagePlatform};
use crate::recipes::{Rewrite, other_architecture};
use crate::rules::Findings;
use crate::text::{TextRange, TextSize};

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    // A file that is for one architecture says so in its name.
    let path = facts.path().to_string_lossy().to_ascii_lowercase();
    let mut roots: Vec<usize> = facts.exported_stages().map(|stage| facts.root(stage.index)).collect();
    roots.sort_unstable();
    roots.dedup();
    for root in roots {
        check_root(facts, &facts.stages()[root], &path, out);
    }
}

/// Checks the stage that an exported one is built on.
fn check_root(facts: &Facts<'_>, stage: &Stage, path: &str, out: &mut Findings) {
    let (Some(image), Some(body)) = (stage.image(), facts.from_body(stage.index)) else { return };
    if image.is_windows() {
        return;
    }
    if let Some(lock) = image.architecture_lock() {
        // Written by a variable, it is the choice of whoever builds.
        if !body.image.text.contains(lock) || spellings(lock).iter().any(|spelling| path.contains(spelling)) {
            return;
        }
        let finding = out.report(
            body.image.range,
            format!("the image can be built for one architecture only: `{lock}` in the name of its base says which"),
        );
        finding.confidence = Confidence::Medium;
        finding.help =
            Some("use the tag without the architecture, which is there for all of them".to_owned());
        if tag_suffix(facts, stage).is_some() {
            let suffixes = facts.stages().iter().filter_map(|stage| tag_suffix(facts, stage));
            let suffixes: Vec<TextRange> = suffixes.collect();
            if let Some(other) = other_architecture(facts, &suffixes) {
                finding.relate(other, "written for one architecture as well");
                return;
            }
            let mut rewrite = Rewrite::new(facts);
            for suffix in suffixes {
                rewrite.replace(suffix, "");
            }
            finding.fix("Use the tags for all architectures", Applicability::Unsafe, rewrite);
        }
    } else if let StagePlatform::Fixed(platform) = &stage.platform {
        let Some(flag) = facts.from(stage.index).flag("platform") else { return };
        let is_chosen = flag.value.as_ref().is_none_or(|value| value.text.contains('$'));
        if is_chosen || spellings(&platform.architecture).iter().any(|spelling| path.contains(spelling)) {
            return;
        }
        if is_bound(facts, &stage.platform) {
            return;
        }
        let finding = out.report(
            flag.range,
            format!(
                "the exported image always holds programs for {platform}: a build for another platform changes its label \
                 only"
            ),
        );
        finding.confidence = Confidence::Medium;
        finding.help = Some("drop the flag, or build for that platform only".to_owned());
    }
}

/// `-amd64` at the end of a tag of .NET's images, which are there without it for all architectures.
fn tag_suffix(facts: &Facts<'_>, stage: &Stage) -> Option<TextRange> {
    let (image, body) = (stage.image()?, facts.from_body(stage.index)?);
    image.known.filter(|known| known.name.starts_with("dotnet/"))?;
    let suffix = format!("-{}", image.architecture_lock()?);
    // Only where nothing is quoted do the text and the file agree.
    let is_plain = usize::from(body.image.range.len()) == body.image.text.len();
    let length = TextSize::try_from(suffix.len()).ok()?;
    let end = body.image.range.end();
    (is_plain && body.image.text.ends_with(&suffix)).then(|| TextRange::new(end - length, end))
}

/// Whether every stage that the image needs is bound to the same platform: the file is for one platform by intent.
fn is_bound(facts: &Facts<'_>, platform: &StagePlatform) -> bool {
    facts
        .stages()
        .iter()
        .filter(|stage| stage.reachable && stage.image().is_some())
        .all(|stage| stage.platform == *platform)
}

/// How names of files write an architecture.
fn spellings(architecture: &str) -> &'static [&'static str] {
    match architecture {
        "amd64" | "x64" => &["amd64", "x64", "x86_64", "x86-64"],
        "arm64" | "arm64v8" | "aarch64" => &["arm64", "aarch64"],
        "arm32v7" | "arm32v6" | "arm32v5" | "armhf" | "arm" => &["arm32", "armv", "armhf"],
        _ => &[],
    }
}
