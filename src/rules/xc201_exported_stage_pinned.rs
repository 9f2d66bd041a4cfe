//! See rules/XC201-exported-stage-pinned.toml.

use crate::diagnostics::{Applicability, Confidence};
use crate::model::{Facts, Stage, StageBase, StagePlatform};
use crate::recipes::{CompilesFor, Rewrite, assess, compiles_for, compiling_commands};
use crate::rules::Findings;
use crate::syntax::Keyword;

const BY_HAND: &str = "dflint moves no image that is exported: without the flag, a build for another architecture emulates \
                       every RUN of this stage and of those built on it";

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    // The image of a development container is for the machine that it is built on.
    if facts.path().to_string_lossy().contains("devcontainer") {
        return;
    }
    for stage in facts.exported_stages().filter(|stage| stage.platform == StagePlatform::Build) {
        check_exported(facts, stage, out);
    }
}

fn check_exported(facts: &Facts<'_>, exported: &Stage, out: &mut Findings) {
    let mut chain = vec![exported.index];
    while let StageBase::Stage(base) = facts.stages()[chain[chain.len() - 1]].base {
        chain.push(base);
    }
    let root = &facts.stages()[chain[chain.len() - 1]];
    let Some(image) = root.image().filter(|image| !image.known.is_some_and(|known| known.portable)) else {
        return;
    };
    // A last stage that ends in a RUN and starts nothing is run for that RUN: a linter, a test.
    let keywords = || {
        chain
            .iter()
            .flat_map(|&stage| facts.stages()[stage].span.body.clone())
            .map(|at| facts.instruction(at).keyword)
    };
    let starts_something = keywords().any(|keyword| matches!(keyword, Keyword::Cmd | Keyword::Entrypoint));
    let last = exported.span.body.clone().next_back().map(|at| facts.instruction(at).keyword);
    if !starts_something && last.is_none_or(|keyword| keyword == Keyword::Run) {
        return;
    }
    let place = facts.from_body(exported.index).map_or(exported.label(), |body| body.image.range);
    // A digest says nothing to a reader.
    let name = image.name.constant().unwrap_or("its image");
    let what = name.split_once('@').map_or(name, |(name, _)| name);
    let finding = out.report(
        place,
        format!(
            "the exported image is built on the build platform, from `{what}`: a build for another architecture labels \
             it with that one, but it holds programs for the builder's",
        ),
    );
    if !starts_something {
        finding.confidence = Confidence::Medium;
    }
    if let Some(flag) = facts.from(root.index).flag("platform") {
        if root.index != exported.index {
            finding.relate(flag.range, "put on the build platform here");
        }
        let assessment = assess(facts, root.index);
        let cross = compiling_commands(facts, &assessment.family)
            .iter()
            .any(|&id| compiles_for(facts, id) == CompilesFor::Target);
        if cross {
            finding.help = Some("start the last stage from an image of its own, without `--platform`, and copy what was built into it".to_owned());
        } else {
            let mut rewrite = Rewrite::new(facts);
            rewrite.remove_flag(root.span.from, flag.range);
            finding.fix("Build the image for the target platform", Applicability::DisplayOnly, rewrite);
            finding.help = Some(BY_HAND.to_owned());
        }
    }
}
