//! Rust: `--target` decides what is compiled. xx gives it, with a linker, in the official images; cargo-zigbuild brings a
//! linker for all targets (B3; tonistiigi/xx README.md, doc.rust-lang.org/cargo).

mod output;
mod triple;

use super::{
    Assessment, CompilesFor, Obstacle, Recipe, Rewrite, Weight, by_knowledge, command_name,
    look_at_plainness, packages, xx,
};
use crate::model::{BaseImage, Facts, InvocationId};

pub(super) struct Rust;

impl Recipe for Rust {
    fn compiles_for(&self, facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
        let invocation = facts.invocation(id);
        if invocation.is_by_xx() {
            return CompilesFor::Target;
        }
        by_knowledge(facts, invocation)
    }

    fn retarget(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        let mut by_xx = Vec::new();
        for &id in commands {
            let range = facts.invocation(id).name_range();
            let what = self.compiles_for(facts, id);
            let unclear = what.obstacle(range, "dflint cannot tell which target cargo is given here");
            obstacles.extend(unclear.map(|obstacle| obstacle.advised("rust-target")));
            match what {
                CompilesFor::Target | CompilesFor::Asked | CompilesFor::Open | CompilesFor::Unknown => {}
                CompilesFor::Constant(triple) => {
                    obstacles.extend(triple::follow(facts, assessment, id, &triple, rewrite));
                }
                CompilesFor::Machine => {
                    look_at(facts, id, &mut obstacles);
                    by_xx.push(id);
                }
            }
        }
        if !by_xx.is_empty() {
            look_at_stages(facts, assessment, &mut obstacles);
        }
        if by_xx.is_empty() || obstacles.iter().any(|obstacle| obstacle.weight == Weight::Block) {
            return obstacles;
        }
        obstacles.extend(xx::set_up(facts, &by_xx, "rust", rewrite));
        for &id in &by_xx {
            if let Some(program) = facts.invocation(id).words.first() {
                rewrite.replace(program.range, "xx-cargo");
            }
        }
        obstacles.extend(output::bring_back(facts, assessment, &by_xx, rewrite));
        let message = "crates that compile C, or link with libraries of the system, need them for the target as well, \
                       and dflint does not see Cargo.lock";
        obstacles.push(Obstacle::doubt(facts.invocation(by_xx[0]).name_range(), message));
        obstacles
    }

    /// Whoever gives another command its target without xx goes on doing so.
    fn retarget_one(
        &self,
        facts: &Facts<'_>,
        _: &Assessment,
        id: InvocationId,
        _: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        let invocation = facts.invocation(id);
        let message = format!("`{}` needs the same `--target` as the other", command_name(invocation));
        vec![Obstacle::block(invocation.name_range(), message)]
    }

    /// A target is not enough: the machine's linker makes programs for the machine only.
    fn cross_obstacles(&self, facts: &Facts<'_>, _: &Assessment, id: InvocationId) -> Vec<Obstacle> {
        let invocation = facts.invocation(id);
        // xx, once asked, has set up the linkers; cargo-zigbuild brings one for all.
        let target = invocation.option(&["--target"]);
        let by_xx = target.is_some_and(|option| facts.slice(option.range()).contains("$(xx-cargo"));
        if invocation.is_by_xx() || by_xx || command_name(invocation) == "cargo zigbuild" {
            return Vec::new();
        }
        let message = "cargo needs a linker for each target, and dflint cannot tell whether there is one";
        vec![Obstacle::block(invocation.name_range(), message).advised("rust-target")]
    }
}

/// The images whose package manager and rustup are where xx looks for them.
const KNOWN_TO_WORK: [&str; 2] = ["rust", "lukemathwalker/cargo-chef"];

/// Variables that name tools, options or libraries of the machine.
const OF_THE_MACHINE: [&str; 14] = [
    "AR",
    "CARGO_TARGET_DIR",
    "CC",
    "CFLAGS",
    "CXX",
    "LD",
    "LDFLAGS",
    "LIBRARY_PATH",
    "OPENSSL_DIR",
    "OPENSSL_LIB_DIR",
    "PKG_CONFIG",
    "PKG_CONFIG_PATH",
    "PQ_LIB_DIR",
    "RUSTC",
];

/// What in the stages is in the way of xx: a library that only the image installs by name is one that the official image
/// brings for its own platform, and what Debian no longer serves installs nothing.
fn look_at_stages(facts: &Facts<'_>, assessment: &Assessment, obstacles: &mut Vec<Obstacle>) {
    let takers: Vec<usize> = assessment.takers.iter().map(|&(stage, _)| stage).collect();
    let named = packages::to_link_against(facts, &assessment.family).is_some();
    let used = packages::to_run_with(facts, &takers).filter(|_| !named);
    if let Some((library, range)) = used {
        let message = format!(
            "the image installs {library}: if the program is linked with it, the build stage needs its `-dev` package, \
                 and the fix would install that for the target too"
        );
        obstacles.push(Obstacle::block(range, message).advised("rust"));
    }
    let root = &facts.stages()[assessment.root];
    let tag = facts.root_image(assessment.root).and_then(BaseImage::tag).unwrap_or_default();
    if let Some(old) = ["stretch", "buster"].into_iter().find(|old| tag.contains(old)) {
        let message =
            format!("Debian {old} is archived, and its servers have no packages for apt to install");
        obstacles.push(Obstacle::block(root.label(), message).advised("rust"));
    }
}

/// What in a command is in the way of xx.
fn look_at(facts: &Facts<'_>, id: InvocationId, obstacles: &mut Vec<Obstacle>) {
    look_at_plainness(facts, id, obstacles);
    let invocation = facts.invocation(id);
    let range = invocation.name_range();
    let mut block = |message: String| obstacles.push(Obstacle::block(range, message).advised("rust"));
    let name = command_name(invocation);
    if !matches!(name.as_str(), "cargo build" | "cargo rustc" | "cargo chef cook" | "cargo install --path") {
        block(format!("`{name}` is not among what dflint can hand over to xx"));
    }
    let image = facts.root_image(id.stage).and_then(|image| image.known);
    if !image.is_some_and(|image| KNOWN_TO_WORK.contains(&image.name)) {
        block("cargo needs the target's standard library and a linker for it, and this is not the official image".into());
    }
    let is_plain = invocation.words.first().is_some_and(|word| facts.slice(word.range) == "cargo");
    if !is_plain || invocation.words.iter().any(|word| facts.slice(word.range) == "--") {
        block("xx-cargo appends `--target` to the command, which is not its place here".into());
    }
    if invocation.option(&["--target-dir", "--artifact-dir", "--out-dir", "--config"]).is_some() {
        block("an option moves what cargo makes, or sets up something that dflint does not see".into());
    }
    for name in OF_THE_MACHINE {
        if !invocation.environment.exported(name).is_unset() {
            block(format!("{name} is set, for the machine that compiles today"));
        }
    }
    for name in ["RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        let flags = invocation.environment.exported(name);
        let of_machine =
            |flags: &str| ["target-cpu", "linker", "fuse-ld", "-L"].iter().any(|flag| flags.contains(flag));
        if !flags.is_unset() && flags.constant().is_none_or(of_machine) {
            block(format!("{name} may choose a linker or a CPU of the machine that compiles today"));
        }
    }
}
