//! JavaScript: what bundlers make is the same on every architecture; what package managers install is not (B6).

use std::collections::BTreeSet;

use super::{Assessment, Obstacle, Recipe, Rewrite, advised, toolchain_of};
use crate::knowledge::Does;
use crate::model::{Facts, Invocation, InvocationId, StagePlatform};
use crate::syntax::{Body, CommandBody, Keyword};

pub(super) struct JavaScript;

impl Recipe for JavaScript {
    fn retarget(
        &self,
        facts: &Facts<'_>,
        _assessment: &Assessment,
        commands: &[InvocationId],
        _rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        advised::obstacles(facts, commands)
    }

    /// Pages in front of a web server are only pages. Where a JavaScript runtime takes them, they may be a server, with
    /// native modules (`.node` files) among them.
    fn bundle_obstacles(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        _id: InvocationId,
    ) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        for stage in receivers(facts, assessment) {
            let of = &facts.stages()[stage];
            let name = of.display_name();
            if runs_javascript(facts, stage) {
                let message = format!(
                    "{name} runs JavaScript: what it takes may be a server with native modules (`.node` files) in it"
                );
                obstacles.push(Obstacle::doubt(of.label(), message));
            } else if !facts.starts_from_scratch(stage)
                && facts.root_image(stage).is_none_or(|image| image.known.is_none())
            {
                let message = format!(
                    "dflint does not know the image of {name}: if it runs JavaScript, it may need native modules (`.node` files)"
                );
                obstacles.push(Obstacle::doubt(of.label(), message));
            }
        }
        obstacles
    }
}

/// The stages on the target platform that get files of the family, directly or through others.
fn receivers(facts: &Facts<'_>, assessment: &Assessment) -> BTreeSet<usize> {
    let mut receivers = BTreeSet::new();
    let mut next: Vec<usize> = assessment.consumers.iter().map(|&(stage, _)| stage).collect();
    while let Some(stage) = next.pop() {
        if assessment.has(stage) || !receivers.insert(stage) {
            continue;
        }
        next.extend(facts.family(stage));
        next.extend(facts.stages()[stage].consumers.iter().map(|consumer| consumer.stage));
    }
    receivers.retain(|&stage| facts.stages()[stage].platform != StagePlatform::Build);
    receivers
}

/// Whether a stage has a JavaScript runtime: its image brings one, it installs or uses one, or it starts one.
fn runs_javascript(facts: &Facts<'_>, stage: usize) -> bool {
    let is_runtime = facts
        .root_image(stage)
        .and_then(|image| image.known)
        .is_some_and(|known| known.runtime == Some("javascript"));
    let is_of_javascript = |invocation: &Invocation| {
        toolchain_of(invocation).is_some_and(|toolchain| toolchain.id == "javascript")
            || installs_runtime(invocation)
    };
    is_runtime
        || facts.invocations(stage).any(|(_, invocation)| is_of_javascript(invocation))
        || facts.stages()[stage].span.body.clone().any(|at| starts_runtime(facts, at))
}

fn installs_runtime(invocation: &Invocation) -> bool {
    const PACKAGES: [&str; 6] = ["nodejs", "nodejs-current", "node", "npm", "yarn", "bun"];
    invocation.command.is_some_and(|command| command.does == Does::Install)
        && invocation.operands().iter().any(|word| {
            word.value.constant().is_some_and(|package| {
                PACKAGES.contains(&package.split(['=', '@', '~', '<', '>']).next().unwrap_or_default())
            })
        })
}

/// Whether an ENTRYPOINT or CMD starts a JavaScript runtime.
fn starts_runtime(facts: &Facts<'_>, at: usize) -> bool {
    const PROGRAMS: [&str; 10] =
        ["node", "nodejs", "npm", "npx", "yarn", "pnpm", "bun", "deno", "pm2", "pm2-runtime"];
    let instruction = facts.instruction(at);
    if !matches!(instruction.keyword, Keyword::Cmd | Keyword::Entrypoint) {
        return false;
    }
    let names_runtime = |word: &str| {
        let name = word.rsplit('/').next().unwrap_or(word);
        PROGRAMS.contains(&name)
    };
    if let Body::Command(CommandBody::Exec(words)) = &instruction.body {
        return words.iter().any(|word| word.value.split(' ').any(names_runtime));
    }
    facts.shell_line(at).is_some_and(|line| line.as_str().split_whitespace().any(names_runtime))
}
