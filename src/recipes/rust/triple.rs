//! A target that is written out: cargo-zigbuild links for any other as well, so a map of the platforms takes its place.

use crate::knowledge;
use crate::model::{Facts, InvocationId};
use crate::recipes::{Assessment, Obstacle, Rewrite, Whose, command_name, look_at_plainness};
use crate::syntax::Body;
use crate::text::{TextRange, TextSize};

/// Makes `cargo zigbuild`, and all that names its target, follow the target platform.
pub(super) fn follow(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    target: &str,
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let range = facts.invocation(id).name_range();
    // `aarch64-unknown-linux-gnu.2.28` names the oldest glibc that is to do.
    let triple = target.split('.').next().unwrap_or(target);
    let is_spelled = |spelling: &&str| {
        ["amd64", "arm64"].iter().any(|docker| knowledge::spelled(docker, spelling) == Some(triple))
    };
    let spelling = ["rust-musl", "rust-gnu"].into_iter().find(is_spelled);
    let Some(spelling) = spelling.filter(|_| command_name(facts.invocation(id)) == "cargo zigbuild") else {
        let message = format!(
            "`{target}` is written out: the programs in the image for any other platform are for that one"
        );
        return vec![Obstacle::block(range, message).advised("rust-target")];
    };
    let mut obstacles = Vec::new();
    look_at_plainness(facts, id, &mut obstacles);
    for &stage in &assessment.family {
        for (other, invocation) in facts.invocations(stage) {
            for word in &invocation.words {
                let written = facts.slice(word.range);
                let Some(at) = written.find(triple) else { continue };
                if written.contains('\'') || written.matches(triple).count() > 1 {
                    let message = "dflint sees no way to put a variable here";
                    obstacles.push(Obstacle::block(word.range, message).advised("rust-target"));
                    continue;
                }
                match rewrite.spell(other, Whose::Target, spelling, "RUST_TARGET") {
                    Ok(variable) => {
                        let start = word.range.start() + TextSize::try_from(at).unwrap_or_default();
                        rewrite.replace(TextRange::at(start, TextSize::of(triple)), variable);
                    }
                    Err(obstacle) => obstacles.push(obstacle.advised("rust-target")),
                }
            }
        }
    }
    for &(_, instruction) in &assessment.takers {
        let instruction = facts.instruction(instruction);
        let Body::Copy(copy) = &instruction.body else { continue };
        if copy.sources.iter().any(|source| source.text.contains(triple)) {
            let message = format!(
                "the path holds `{triple}`: copy the program to a path without it where it is compiled"
            );
            obstacles.push(Obstacle::block(instruction.range, message).advised("rust-target"));
        }
    }
    let message = "crates that compile C, or link with libraries of the system, may need more than cargo-zigbuild brings";
    obstacles.push(Obstacle::doubt(range, message));
    obstacles
}
