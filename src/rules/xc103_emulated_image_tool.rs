//! See rules/XC103-emulated-image-tool.toml.

use smol_str::SmolStr;

use crate::diagnostics::{Applicability, Confidence, Diagnostic};
use crate::model::{Facts, Invocation, Stage, StagePlatform};
use crate::recipes::Rewrite;
use crate::rules::Findings;
use crate::syntax::{Body, ImageReference, Keyword, Word};

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    let mut taken = Vec::new();
    for stage in pinned(facts) {
        let all = stage.span.body.clone().filter_map(|at| Some((at, taken_programs(facts, at)?)));
        taken.extend(all.map(|(at, (from, names))| Taken { stage, at, from, names }));
    }
    for Taken { stage, at, from, names } in &taken {
        let Some(run) = first_use(facts, stage, *at, names) else { continue };
        let program = run.program().unwrap_or_default();
        let finding = out.report(
            from.range,
            format!(
                "`{program}` from `{}` is for the target platform even here: {} runs on the build platform and has \
                 to emulate it in a build for another architecture",
                from.text,
                stage.display_name(),
            ),
        );
        if run.conditional {
            finding.confidence = Confidence::Medium;
        }
        finding.relate(run.name_range(), "runs it");
        hoist(facts, &taken, from, program, finding);
    }
}

/// A COPY or RUN of a stage on the build platform that takes programs from an image, and what they may be called.
struct Taken<'a> {
    stage: &'a Stage,
    at: usize,
    from: Word,
    names: Vec<SmolStr>,
}

fn pinned<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'a Stage> {
    facts.stages().iter().filter(|stage| stage.platform == StagePlatform::Build)
}

/// The image that a COPY or a mount takes files from, and the names of the programs that it may bring.
fn taken_programs(facts: &Facts<'_>, at: usize) -> Option<(Word, Vec<SmolStr>)> {
    let instruction = facts.instruction(at);
    let (from, paths): (_, Vec<Word>) = match (&instruction.body, instruction.keyword) {
        (Body::Copy(copy), Keyword::Copy) => {
            let from = instruction.flag("from")?.value.clone()?;
            (from, copy.sources.iter().chain([&copy.destination]).cloned().collect())
        }
        (_, Keyword::Run) => {
            let is_from_image = |from: &Word| scripts_of_image(facts, from).is_some();
            let mut mounts = instruction.flags_named("mount");
            mounts.find_map(|mount| {
                let from = mount.key("from").filter(is_from_image)?;
                let keys = ["source", "src", "target", "dst", "destination"].into_iter();
                Some((from, keys.filter_map(|name| mount.key(name)).collect()))
            })?
        }
        _ => return None,
    };
    let names = paths.iter().filter_map(|path| path.text.trim_matches(['"', '\'']).rsplit('/').next());
    let scripts = scripts_of_image(facts, &from)?;
    let names = names.filter(|name| !name.is_empty() && !scripts.contains(name)).map(SmolStr::from).collect();
    Some((from, names))
}

/// The scripts of an image with programs; none where the name is not that of such an image. A single word may be a
/// context of the build's own.
fn scripts_of_image(facts: &Facts<'_>, from: &Word) -> Option<&'static [&'static str]> {
    let image = ImageReference::parse(from, facts.escape())?;
    let known = facts.project.knowledge.image(&image.name.text);
    let is_image =
        image.registry.is_some() || image.tag.is_some() || image.digest.is_some() || from.text.contains('/');
    let has_programs = known.is_none_or(|known| !known.portable);
    (is_image && has_programs && facts.stage_named(&from.text).is_none())
        .then(|| known.map_or(&[][..], |known| known.scripts))
}

/// The first command that runs one of the programs: behind a COPY in the stage or in one that is built on it; what is
/// mounted is there for one RUN only.
fn first_use<'a>(
    facts: &'a Facts<'_>,
    stage: &Stage,
    at: usize,
    names: &[SmolStr],
) -> Option<&'a Invocation> {
    let is_mount = facts.instruction(at).keyword == Keyword::Run;
    let commands = facts.family(stage.index).into_iter().flat_map(|member| facts.invocations(member));
    let mut runs = commands.filter(|(id, invocation)| {
        let instruction = facts.run(*id).instruction;
        let sees_it = if is_mount { instruction == at } else { instruction > at };
        sees_it
            && !invocation.worlds.is_empty()
            && invocation.program().is_some_and(|program| names.iter().any(|name| name == program))
    });
    runs.next().map(|(_, invocation)| invocation)
}

/// Offers to take the tool from a stage of its own on the build platform.
fn hoist(facts: &Facts<'_>, taken: &[Taken<'_>], from: &Word, program: &str, finding: &mut Diagnostic) {
    let Some(image) = ImageReference::parse(from, facts.escape()) else { return };
    let doubt = format!(
        "the fix is unsafe: the image has to exist for the builder's platform, and a `{program}` that is shipped as well \
         would be the builder's"
    );
    let mut rewrite = Rewrite::new(facts);
    if let Some(name) = pinned(facts).find_map(|stage| facts.bare_stage_of(stage, &from.text)) {
        rewrite.replace(from.range, name);
        finding.help = Some(doubt);
        finding.fix(format!("Take it from stage `{name}`"), Applicability::Unsafe, rewrite);
        return;
    }
    let name = image.base_name().to_ascii_lowercase();
    let first = taken
        .iter()
        .find(|taken| taken.from.text == from.text)
        .filter(|_| facts.stage_named(&name).is_none() && !facts.counts_stages() && from.is_contiguous());
    let Some(first) = first else {
        finding.help = Some(format!(
            "take it from a stage of its own: `FROM --platform=$BUILDPLATFORM {} AS tool`, then `--from=tool`",
            from.text
        ));
        return;
    };
    let image = format!("--platform=$BUILDPLATFORM {}", from.text);
    rewrite.insert_stage_above(first.stage.index, &image, &name);
    rewrite.replace(from.range, &name);
    finding.help = Some(doubt);
    finding.fix(
        format!("Take it from a stage `{name}` on the build platform"),
        Applicability::Unsafe,
        rewrite,
    );
}
