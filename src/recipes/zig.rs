//! Zig: `-Dtarget` or `-target` decides what is compiled; Zig brings what it takes for all targets (B5).

use super::{
    Assessment, CompilesFor, Obstacle, Recipe, Rewrite, Whose, command_name, look_at_plainness, packages,
};
use crate::knowledge::Libc;
use crate::model::{BaseImage, Facts, InvocationId};

pub(super) struct Zig;

impl Recipe for Zig {
    fn retarget(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        if let Some((library, range)) = packages::to_link_against(facts, &assessment.family) {
            let message =
                format!("with a target, Zig does not look among the system's libraries, where {library} is");
            obstacles.push(Obstacle::block(range, message));
        }
        for &id in commands {
            let invocation = facts.invocation(id);
            let range = invocation.name_range();
            let what = self.compiles_for(facts, id);
            obstacles.extend(what.obstacle(range, "dflint cannot tell which target Zig is given here"));
            match what {
                CompilesFor::Machine => {}
                CompilesFor::Constant(target) => {
                    follow(facts, id, &target, rewrite, &mut obstacles);
                    continue;
                }
                _ => continue,
            }
            look_at_plainness(facts, id, &mut obstacles);
            let libc = facts.root_image(id.stage).and_then(BaseImage::libc);
            let abi = match libc {
                Some(Libc::Musl) => "musl",
                Some(Libc::Glibc) => "gnu",
                _ => {
                    obstacles
                        .push(Obstacle::block(range, "dflint does not know the C library of this image"));
                    continue;
                }
            };
            let Some(arch) = spell(facts, id, rewrite, &mut obstacles) else { continue };
            let option = if command_name(invocation) == "zig build" { "-Dtarget=" } else { "-target " };
            rewrite.append_option(id, &format!("{option}{arch}-linux-{abi}"));
            let message = match command_name(invocation).as_str() {
                "zig build" => {
                    "it only helps if build.zig asks for standardTargetOptions, which dflint does not see"
                }
                _ => "a CPU is chosen for the target then, not the builder's own",
            };
            obstacles.push(Obstacle::doubt(range, message));
        }
        obstacles
    }
}

/// Puts a variable in the place of the architecture of a target that is written out.
fn follow(
    facts: &Facts<'_>,
    id: InvocationId,
    target: &str,
    rewrite: &mut Rewrite<'_>,
    obstacles: &mut Vec<Obstacle>,
) {
    let invocation = facts.invocation(id);
    let range = invocation.name_range();
    look_at_plainness(facts, id, obstacles);
    let options = invocation.command.map_or(&[][..], |command| command.target_options);
    let place = invocation.option(options).and_then(|option| option.plain_value_range());
    let (Some(place), Some((_, rest))) = (place, target.split_once('-')) else {
        obstacles.push(Obstacle::block(range, "dflint sees no way to put a variable into its target"));
        return;
    };
    let Some(arch) = spell(facts, id, rewrite, obstacles) else { return };
    rewrite.replace(place, format!("{arch}-{rest}"));
    let message = format!("`{target}` is written out: is this image meant for other platforms?");
    obstacles.push(Obstacle::doubt(range, message));
}

/// The variable with Zig's name of the architecture.
fn spell(
    facts: &Facts<'_>,
    id: InvocationId,
    rewrite: &mut Rewrite<'_>,
    obstacles: &mut Vec<Obstacle>,
) -> Option<String> {
    // 32-bit ARM has an ABI of its own behind it, `musleabihf`.
    if facts.project.platforms.iter().any(|platform| platform.architecture == "arm") {
        let message = "for 32-bit ARM, the end of the target is another one";
        obstacles.push(Obstacle::block(facts.invocation(id).name_range(), message));
        return None;
    }
    rewrite.spell(id, Whose::Target, "zig", "ZIG_ARCH").map_err(|obstacle| obstacles.push(obstacle)).ok()
}
