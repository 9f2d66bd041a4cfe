//! How restore, build and publish are told what to compile for: `-a`, or a runtime identifier where the SDK or the C library
//! ask for one.

use super::super::{Assessment, CompilesFor, Obstacle, Rewrite, Whose};
use super::obstacles::contained_option;
use super::{ARCH, chain, compiles_for, portable_part, property_word, replaceable};
use crate::knowledge::Libc;
use crate::model::{BaseImage, Facts, InvocationId};

/// See the module.
pub(super) struct Spelling {
    /// The SDK, by its tag.
    sdk: Option<u32>,
    /// The framework that the product is for.
    framework: Option<u32>,
    /// `linux-` or `linux-musl-` where a runtime identifier is needed.
    identifier: Option<&'static str>,
    /// Whether each command has to be told that the output is not self-contained.
    stays_dependent: bool,
    /// The stage whose C library is not the SDK's.
    other_libc: Option<usize>,
}

impl Spelling {
    pub(super) fn of(facts: &Facts<'_>, assessment: &Assessment) -> Self {
        let root = &facts.stages()[assessment.root];
        let sdk = root.image().and_then(|image| {
            image.known.filter(|known| known.toolchain == Some("dotnet"))?;
            major_version(image.tag())
        });
        let framework = target_framework(facts, assessment);
        let libc = root.image().and_then(BaseImage::libc);
        let of_taker = |stage: usize| facts.root_image(stage).and_then(BaseImage::libc);
        let differs = |stage: usize| matches!((libc, of_taker(stage)), (Some(own), Some(other)) if own != other && other != Libc::None);
        let other_libc = assessment.takers.iter().map(|&(stage, _)| stage).find(|&stage| differs(stage));
        let wanted = other_libc.map_or(libc, of_taker);
        // `dotnet restore -a`, and `amd64` as a name of x64, are there since SDK 7.0.300.
        let needs_identifier = sdk == Some(6) || other_libc.is_some();
        let has_runtime = |stage: usize| {
            let known = facts.root_image(stage).and_then(|image| image.known);
            known.is_some_and(|known| known.runtime == Some("dotnet"))
        };
        Self {
            sdk,
            framework,
            identifier: needs_identifier.then_some(match wanted {
                Some(Libc::Musl) => "linux-musl-",
                _ => "linux-",
            }),
            stays_dependent: (sdk.is_some_and(|sdk| sdk < 8) || framework.is_some_and(|version| version < 8))
                && assessment.takers.iter().all(|&(stage, _)| has_runtime(stage)),
            other_libc,
        }
    }

    /// The architecture, as a word of the command.
    fn architecture(&self, id: InvocationId, rewrite: &mut Rewrite<'_>) -> Result<String, Obstacle> {
        if self.sdk == Some(6) {
            return rewrite.spell(id, Whose::Target, "dotnet", "DOTNET_ARCH");
        }
        rewrite.need(id, "TARGETARCH");
        Ok("$TARGETARCH".to_owned())
    }

    /// Tells every command of the chain.
    pub(super) fn write(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        chain(facts, assessment)
            .into_iter()
            .filter_map(|id| self.write_one(facts, id, rewrite).err())
            .collect()
    }

    fn write_one(
        &self,
        facts: &Facts<'_>,
        id: InvocationId,
        rewrite: &mut Rewrite<'_>,
    ) -> Result<(), Obstacle> {
        let invocation = facts.invocation(id);
        match compiles_for(facts, invocation) {
            CompilesFor::Machine => {
                let architecture = self.architecture(id, rewrite)?;
                let option = match self.identifier {
                    Some(portable) => format!("-r {portable}{architecture}"),
                    None => format!("-a {architecture}"),
                };
                let is_restore = invocation.command.is_some_and(|command| command.name == "dotnet restore");
                let says = is_restore || contained_option(facts, invocation).is_some();
                let rest = if self.stays_dependent && !says { " --self-contained false" } else { "" };
                rewrite.append_option(id, &format!("{option}{rest}"));
            }
            CompilesFor::Constant(constant) => {
                let Some((option, value)) = replaceable(invocation) else { return Ok(()) };
                let architecture = self.architecture(id, rewrite)?;
                let portable = portable_part(&constant);
                if ARCH.contains(&option) {
                    rewrite.replace(value, architecture);
                } else if property_word(invocation).is_some() {
                    rewrite.replace(value, format!("-r {portable}{architecture}"));
                } else {
                    rewrite.replace(value, format!("{portable}{architecture}"));
                }
            }
            CompilesFor::Target | CompilesFor::Asked | CompilesFor::Open | CompilesFor::Unknown => {}
        }
        Ok(())
    }

    /// What the versions and the C libraries have against it. Up to SDK 7, and for older frameworks, `-a` makes the output
    /// self-contained unless told otherwise (dotnet/docs compatibility/sdk/8.0).
    pub(super) fn obstacles(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        compiles: &[InvocationId],
    ) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        let root = &facts.stages()[assessment.root];
        if let Some(tag) = root.image().and_then(|image| image.tag()).filter(|tag| tag.ends_with("-aot")) {
            let message = format!("an SDK for native AOT ({tag}) compiles for its own platform");
            obstacles.push(Obstacle::block(root.label(), message).advised("dotnet-aot"));
        }
        let mut doubt = |message: String| obstacles.push(Obstacle::doubt(root.label(), message));
        match self.sdk {
            Some(8..) => {}
            Some(version @ (6 | 7)) => {
                doubt(format!("SDK {version} does not understand `-a $TARGETARCH` as SDK 8 does"));
            }
            Some(version) => {
                let message = format!("SDK {version} does not understand `-a $TARGETARCH` as SDK 8 does");
                obstacles.push(Obstacle::block(root.label(), message).advised("dotnet-portable"));
            }
            None => doubt("dflint cannot see which SDK this is".to_owned()),
        }
        let mut doubt = |message: String| obstacles.push(Obstacle::doubt(root.label(), message));
        if !compiles.iter().all(|&id| contained_option(facts, facts.invocation(id)).is_some()) {
            match self.framework {
                Some(8..) => {}
                Some(version) if self.stays_dependent => doubt(format!(
                    "for net{version}.0, a runtime identifier makes the output self-contained, which the fix undoes with \
                     `--self-contained false`"
                )),
                Some(version) => doubt(format!(
                    "for net{version}.0, `-a` would make the output self-contained; add `--self-contained false` first"
                )),
                None => doubt("dflint cannot see which framework the project is for".to_owned()),
            }
        }
        self.look_at_libc(facts, assessment, &mut obstacles);
        obstacles
    }

    /// `-a` keeps the libc of the SDK's own runtime identifier.
    fn look_at_libc(&self, facts: &Facts<'_>, assessment: &Assessment, obstacles: &mut Vec<Obstacle>) {
        let root = &facts.stages()[assessment.root];
        let sdk = root.image().and_then(BaseImage::libc);
        for &(stage, _) in &assessment.takers {
            let consumer = &facts.stages()[stage];
            let Some((sdk, runtime)) = sdk.zip(facts.root_image(stage).and_then(BaseImage::libc)) else {
                let message = "dflint cannot see whether this image has the C library of the SDK image";
                obstacles.push(Obstacle::doubt(consumer.label(), message));
                continue;
            };
            let of_all = self.other_libc.and_then(|other| facts.root_image(other).and_then(BaseImage::libc));
            if runtime == Libc::None || (runtime == sdk && of_all.is_none()) {
                continue;
            }
            let what = format!(
                "the SDK image has {} and {} has {}",
                sdk.name(),
                consumer.display_name(),
                runtime.name()
            );
            let written = |id: &InvocationId| match compiles_for(facts, facts.invocation(*id)) {
                CompilesFor::Constant(constant) => Some(constant),
                _ => None,
            };
            let chain = chain(facts, assessment);
            if chain.iter().all(|&id| compiles_for(facts, facts.invocation(id)) == CompilesFor::Machine)
                && of_all == Some(runtime)
            {
                let message =
                    format!("{what}: what is compiled now does not start there, what the fix compiles does");
                obstacles.push(Obstacle::doubt(consumer.label(), message));
            } else if !chain
                .iter()
                .all(|id| written(id).is_some_and(|own| own.contains("-musl-") == (runtime == Libc::Musl)))
            {
                let identifier =
                    if runtime == Libc::Musl { "linux-musl-$TARGETARCH" } else { "linux-$TARGETARCH" };
                let message = format!("{what}: `-a` would compile for the wrong one, use `-r {identifier}`");
                obstacles.push(Obstacle::block(consumer.label(), message));
            }
        }
    }
}

/// The first number of a tag: 8 of `8.0-jammy`. `latest` is newer than all that need care.
fn major_version(tag: Option<&str>) -> Option<u32> {
    let tag = tag.unwrap_or("latest");
    if matches!(tag, "latest" | "alpine") {
        return Some(u32::MAX);
    }
    tag.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The framework that the product is for, by the image that it ends up in.
fn target_framework(facts: &Facts<'_>, assessment: &Assessment) -> Option<u32> {
    let chosen = assessment.compiles.iter().find_map(|&id| {
        let framework = facts.invocation(id).option(&["-f", "--framework"])?.value();
        framework.constant()?.strip_prefix("net")?.split('.').next()?.parse().ok()
    });
    if chosen.is_some() {
        return chosen;
    }
    let mut versions = assessment.takers.iter().filter_map(|&(stage, _)| {
        let image = facts.root_image(stage)?;
        image.known.filter(|known| known.name.contains("dotnet/"))?;
        major_version(image.tag())
    });
    versions.next()
}
