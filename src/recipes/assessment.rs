//! Whether a stage, and what is built on it, may run on the build platform (C2 of the design's knowledge base).

mod commands;
mod companions;
mod downloads;
mod entering;
mod leaving;
mod runtimes;

use std::rc::Rc;

use companions::companions;
use thin_vec::ThinVec;

use super::{Obstacle, Rewrite};
use crate::knowledge::Does;
use crate::model::{Facts, Follows, InvocationId, Stage, StageBase, StagePlatform};

/// What speaks against running a stage on the build platform, whatever its toolchain. Kept for every stage that was asked
/// about, and most of the lists are empty.
#[derive(Clone)]
pub struct Assessment {
    /// The stage that was asked about.
    pub root: usize,
    /// The stages that have to move together: the one asked about, and those that hand it files which only run on the
    /// platform that they were made on, or that take such files from it.
    pub roots: ThinVec<usize>,
    /// Those stages and all that is built on them.
    pub family: ThinVec<usize>,
    /// The compiling commands of the family whose outcome is not run there: they have to compile for the target.
    pub compiles: ThinVec<InvocationId>,
    /// The commands of the family whose outcome is the same on every architecture, and which take their time.
    pub bundles: ThinVec<InvocationId>,
    /// Those of the compiling commands whose outcome leaves for a stage on the target platform.
    pub products: ThinVec<InvocationId>,
    /// The compiling commands whose outcome the family itself, or a stage on the build platform, goes on to run.
    pub tools: ThinVec<InvocationId>,
    /// The installing commands whose files leave for a stage on the target platform.
    pub natives: ThinVec<InvocationId>,
    /// The commands that download what is for the target platform and only leaves for stages there.
    pub downloads: ThinVec<InvocationId>,
    /// What it downloads for the target platform and runs itself.
    own_downloads: ThinVec<InvocationId>,
    /// The stages outside of the family that take files from it, with the taking instruction.
    pub consumers: ThinVec<(usize, usize)>,
    /// Those of them that take what is compiled, or what may be.
    pub takers: ThinVec<(usize, usize)>,
    /// The COPYs that take a folder of the image itself, with the stage that names the image: they need a stage of that
    /// image on the target platform.
    runtimes: ThinVec<(usize, usize)>,
    /// What is in the way.
    pub obstacles: ThinVec<Obstacle>,
}

/// Assesses a stage and what is built on it. Done once for each stage.
pub fn assess(facts: &Facts<'_>, stage: usize) -> Rc<Assessment> {
    facts.remember("assessment", stage, || worked_out(facts, stage))
}

fn worked_out(facts: &Facts<'_>, stage: usize) -> Assessment {
    let roots = companions(facts, stage);
    let mut family: Vec<usize> = roots.iter().flat_map(|&root| facts.family(root)).collect();
    family.sort_unstable();
    family.dedup();
    let mut assessment = Assessment {
        root: stage,
        compiles: compiling_commands(facts, &family),
        bundles: commands_that(facts, &family, Does::Bundle),
        roots: roots.into(),
        family: family.into(),
        products: ThinVec::new(),
        tools: ThinVec::new(),
        natives: ThinVec::new(),
        downloads: ThinVec::new(),
        own_downloads: ThinVec::new(),
        consumers: ThinVec::new(),
        takers: ThinVec::new(),
        runtimes: ThinVec::new(),
        obstacles: ThinVec::new(),
    };
    for root in assessment.roots.clone() {
        assessment.look_at_base(facts, root);
    }
    assessment.look_at_what_leaves(facts);
    assessment.leave_tools_alone(facts);
    if let (true, false, Some(&(_, taking))) =
        (assessment.products.is_empty(), assessment.compiles.is_empty(), assessment.consumers.first())
    {
        let message = "dflint cannot tell how what is compiled gets out of the stage";
        assessment.obstacles.push(Obstacle::block(facts.instruction(taking).range, message));
    }
    assessment.look_at_commands(facts);
    assessment.look_at_what_enters(facts);
    assessment.without_slack()
}

/// The compiling commands of some stages.
pub fn compiling_commands(facts: &Facts<'_>, family: &[usize]) -> ThinVec<InvocationId> {
    commands_that(facts, family, Does::Compile)
}

fn commands_that(facts: &Facts<'_>, family: &[usize], does: Does) -> ThinVec<InvocationId> {
    let commands = family.iter().flat_map(|&stage| facts.invocations(stage));
    let those = commands.filter(|(_, invocation)| {
        invocation.command.is_some_and(|command| command.does == does) && !invocation.worlds.is_empty()
    });
    those.map(|(id, _)| id).collect()
}

/// Whether a flag could move a stage to the build platform: it names an image. Where one that does nothing but name an
/// image is the exported stage's as well, those that are built on it could, each for itself.
pub fn is_movable(facts: &Facts<'_>, stage: usize) -> bool {
    let stage = &facts.stages()[stage];
    let names_image = match stage.base {
        StageBase::Image(_) => true,
        StageBase::Stage(_) => facts.bare_image_below(stage.index).is_some(),
        _ => false,
    };
    let is_shared = stage.span.body.is_empty() && family_is_exported(facts, stage.index);
    let base_moves = matches!(stage.base, StageBase::Stage(base) if !family_is_exported(facts, base));
    names_image && !is_shared && !base_moves
}

/// Whether a stage could move but for what it is built on, which the exported image is built on as well.
pub fn is_bound(facts: &Facts<'_>, stage: usize) -> bool {
    match facts.stages()[stage].base {
        StageBase::Stage(base) => {
            family_is_exported(facts, base)
                && !family_is_exported(facts, stage)
                && facts.bare_image_below(stage).is_none()
        }
        _ => false,
    }
}

fn family_is_exported(facts: &Facts<'_>, stage: usize) -> bool {
    facts.family(stage).iter().any(|&member| facts.stages()[member].exported)
}

impl Assessment {
    fn look_at_base(&mut self, facts: &Facts<'_>, root: usize) {
        let stage = &facts.stages()[root];
        let Some(image) = facts.root_image(root) else { return };
        if facts.is_overridden("BUILDPLATFORM") {
            let message = "BUILDPLATFORM has a value of its own in this file, which would be used instead";
            self.obstacles.push(Obstacle::block(stage.label(), message));
        }
        if let Some(exported) = facts.exported_stage().filter(|exported| is_left_to_builder(facts, exported))
        {
            let message = "a build argument may export another stage than the one that the file names";
            self.obstacles.push(Obstacle::doubt(exported.label(), message));
        }
        if image.name.follows() == Follows::Target {
            self.obstacles
                .push(Obstacle::block(stage.label(), "the image is another one for each target platform"));
        } else if image.known.is_none() {
            let message = "dflint does not know this image, nor whether it exists for the build platform";
            self.obstacles.push(Obstacle::doubt(stage.label(), message));
        }
    }

    /// The same without room for more: a list of one would have it for four.
    fn without_slack(mut self) -> Self {
        for commands in [
            &mut self.compiles,
            &mut self.bundles,
            &mut self.products,
            &mut self.tools,
            &mut self.natives,
            &mut self.downloads,
            &mut self.own_downloads,
        ] {
            commands.shrink_to_fit();
        }
        for stages in [&mut self.consumers, &mut self.takers, &mut self.runtimes] {
            stages.shrink_to_fit();
        }
        self.obstacles.shrink_to_fit();
        self.obstacles.iter_mut().for_each(|obstacle| obstacle.message.shrink_to_fit());
        self
    }

    /// The commands of the kind that emulation hurts most, of those that there are: what is compiled, what is bundled, what
    /// is installed to be shipped.
    pub fn work(&self) -> &[InvocationId] {
        let kinds = [&self.compiles, &self.tools, &self.bundles, &self.natives];
        kinds.into_iter().find(|commands| !commands.is_empty()).map_or(&[], |commands| commands.as_slice())
    }

    /// The one of the stages that move together that the work is done on, or the first.
    pub fn working_root(&self, facts: &Facts<'_>) -> usize {
        let works = |root: &usize| self.work().iter().any(|id| facts.is_built_on(id.stage, *root));
        self.roots.iter().copied().find(works).unwrap_or(self.roots[0])
    }

    /// Moves the stages to the build platform.
    pub fn pin(&self, facts: &Facts<'_>, rewrite: &mut Rewrite<'_>) {
        for &root in &self.roots {
            rewrite.pin(root);
        }
        self.take_runtimes_elsewhere(facts, rewrite);
        self.download_for_builder(facts, rewrite);
    }

    /// Whether a stage is one of the family.
    pub fn has(&self, stage: usize) -> bool {
        self.family.binary_search(&stage).is_ok()
    }

    /// Whether dflint knows all that leaves the family, and none of it is for the platform that it runs on.
    pub fn leaves_only_known(&self, facts: &Facts<'_>) -> bool {
        self.consumers.iter().all(|&(_, instruction)| {
            facts.sources_of(instruction).filter(|source| self.has(*source)).all(|source| {
                let contents = facts.taken_from(source, instruction);
                contents.native.is_none() && contents.probed.is_none() && contents.unknown.is_none()
            })
        })
    }

    /// Whether the family may run on the build platform at all: each of its roots starts from an image, runs on the target
    /// platform, and is in no exported image.
    pub fn could_be_pinned(&self, facts: &Facts<'_>) -> bool {
        self.roots.iter().all(|&root| could_be_pinned(facts, root))
    }
}

/// Whether a stage may run on the build platform at all: it starts from an image, runs on the target platform, and
/// nothing that is built on it is the exported image.
fn could_be_pinned(facts: &Facts<'_>, stage: usize) -> bool {
    let family = facts.family(stage);
    facts.root_image(stage).is_some_and(|image| image.architecture_lock().is_none() && !image.is_windows())
        && facts.stages()[stage].platform == StagePlatform::Target
        && !is_platform_an_argument(facts)
        && family.iter().all(|&member| !facts.stages()[member].exported)
        && family.iter().any(|&member| facts.stages()[member].reachable)
}

/// Whether a build argument names the platform of all that is exported: who builds so does not do it by `--platform`, and
/// all other stages are native.
fn is_platform_an_argument(facts: &Facts<'_>) -> bool {
    facts.exported_stages().all(|exported| {
        exported.platform == StagePlatform::Unknown && facts.from(exported.index).flag("platform").is_some()
    })
}

/// Whether a variable names the stage that a stage is built on, so that it may name another.
fn is_left_to_builder(facts: &Facts<'_>, stage: &Stage) -> bool {
    matches!(stage.base, StageBase::Stage(_))
        && facts.from_body(stage.index).is_some_and(|body| body.image.text.contains('$'))
}
