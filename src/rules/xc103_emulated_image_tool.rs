//! See rules/XC103-emulated-image-tool.toml.

use crate::diagnostics::Applicability;
use crate::model::{Facts, Stage, StagePlatform};
use crate::recipes::Rewrite;
use crate::rules::Findings;
use crate::syntax::{Body, ImageReference, Keyword, Word};

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    for stage in facts.stages.iter().filter(|stage| stage.platform == StagePlatform::Build) {
        for at in stage.span.body.clone() {
            let Some((from, names)) = taken_programs(facts, at) else { continue };
            if facts.stage_named(&from.text).is_some() || !is_image_with_programs(facts, from) {
                continue;
            }
            let run =
                facts.family(stage.index).into_iter().flat_map(|member| facts.invocations(member)).find(
                    |(id, invocation)| {
                        facts.run(*id).instruction >= at
                            && invocation.program().is_some_and(|program| names.contains(&program))
                    },
                );
            let Some((_, invocation)) = run else { continue };
            let finding = out.report(
                from.range,
                format!(
                    "`{}` comes from the target platform's variant of this image, but runs in {}, which is on the build \
                     platform: it is emulated",
                    invocation.program().unwrap_or_default(),
                    stage.display_name(),
                ),
            );
            finding.relate(invocation.name_range(), "runs it");
            hoist(facts, stage, from, finding);
        }
    }
}

/// Where a COPY or a mount takes files from, and the names of the programs that it may bring.
fn taken_programs<'a>(facts: &'a Facts<'_>, at: usize) -> Option<(&'a Word, Vec<&'a str>)> {
    let instruction = facts.instruction(at);
    let file_name = |path: &'a str| path.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or_default();
    match (&instruction.body, instruction.keyword) {
        (Body::Copy(copy), Keyword::Copy) => {
            let from = instruction.flag("from")?.value.as_ref()?;
            let sources = copy.sources.iter().map(|source| file_name(&source.text));
            Some((
                from,
                sources.chain([file_name(&copy.destination.text)]).filter(|name| !name.is_empty()).collect(),
            ))
        }
        (_, Keyword::Run) => {
            let mount = instruction.flags_named("mount").find(|mount| mount.key("from").is_some())?;
            let keys = ["source", "src", "target", "dst", "destination"]
                .into_iter()
                .filter_map(|name| mount.key(name));
            let names = keys.filter_map(|key| key.value.as_ref()).map(|value| file_name(&value.text));
            Some((mount.key("from")?.value.as_ref()?, names.filter(|name| !name.is_empty()).collect()))
        }
        _ => None,
    }
}

/// Whether the name is that of an image with programs in it. A single word may be a context of the build's own.
fn is_image_with_programs(facts: &Facts<'_>, from: &Word) -> bool {
    let Some(image) = ImageReference::parse(from, facts.parse.escape) else { return false };
    let known = crate::knowledge::image(&image.name.text);
    let is_image =
        image.registry.is_some() || image.tag.is_some() || image.digest.is_some() || from.text.contains('/');
    is_image && known.is_none_or(|known| !known.portable)
}

/// Offers to take the tool from a stage of its own on the build platform.
fn hoist(facts: &Facts<'_>, stage: &Stage<'_>, from: &Word, finding: &mut crate::diagnostics::Diagnostic) {
    let Some(image) = ImageReference::parse(from, facts.parse.escape) else { return };
    let name = image.base_name().to_ascii_lowercase();
    let by_number =
        facts.parse.instructions.iter().filter_map(|instruction| instruction.flag("from")?.value.as_ref());
    let counts_stages = by_number.into_iter().any(|from| from.text.parse::<usize>().is_ok());
    if facts.stage_named(&name).is_some() || counts_stages || !from.contiguous {
        finding.help = Some(format!(
            "take it from a stage of its own: `FROM --platform=$BUILDPLATFORM {} AS tool`, then `--from=tool`",
            from.text
        ));
        return;
    }
    let mut rewrite = Rewrite::new(facts);
    rewrite
        .insert_stage_above(stage.index, &format!("FROM --platform=$BUILDPLATFORM {} AS {name}", from.text));
    rewrite.replace(from.range, &name);
    finding.fix(
        format!("Take it from a stage `{name}` on the build platform"),
        Applicability::Unsafe,
        rewrite,
    );
}
