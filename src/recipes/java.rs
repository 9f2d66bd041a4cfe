//! Java and its kin: what they build is bytecode, and the stage moves as it is (B8). What is linked to a JVM, or compiled
//! to a program, does not.

use super::advised::Advised;
use super::{Assessment, CompilesFor, Obstacle, Recipe, Rewrite, by_knowledge};
use crate::model::{Cause, Facts, Invocation, InvocationId, StagePlatform, resolve_path};

/// What these make depends on nothing but what they are given.
const COMPILERS: [&str; 5] = ["java", "javac", "kotlinc", "scalac", "groovyc"];

pub(super) struct Java;

impl Recipe for Java {
    fn compiles_for(&self, facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
        let invocation = facts.invocation(id);
        match invocation.program() {
            Some("jlink" | "jpackage") => links_for(facts, id, invocation),
            _ => by_knowledge(facts, invocation),
        }
    }

    fn retarget(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        commands: &[InvocationId],
        rewrite: &mut Rewrite<'_>,
    ) -> Vec<Obstacle> {
        Advised.retarget(facts, assessment, commands, rewrite)
    }

    fn bundle_obstacles(
        &self,
        facts: &Facts<'_>,
        assessment: &Assessment,
        id: InvocationId,
    ) -> Vec<Obstacle> {
        let invocation = facts.invocation(id);
        if invocation.program().is_some_and(|program| COMPILERS.contains(&program)) {
            return Vec::new();
        }
        let message = "dflint does not read the build files, which may choose native libraries by the architecture of the \
                       machine (`<arch>` in a profile, `os.detected`, JavaFX)";
        let mut obstacles = vec![Obstacle::doubt(invocation.name_range(), message)];
        let is_for_native =
            facts.root_image(id.stage).and_then(|image| image.known).and_then(|known| known.toolchain)
                == Some("native-image");
        for &(_, instruction) in &assessment.consumers {
            let sources = facts.sources_of(instruction).filter(|source| assessment.has(*source));
            let mut paths = sources.flat_map(|source| facts.paths_taken_from(source, instruction)).flatten();
            if paths.any(|path| path.ends_with("-runner") || (is_for_native && !is_archive(&path))) {
                let range = facts.instruction(instruction).range;
                let message = "what is copied here may be a native program";
                obstacles.push(Obstacle::block(range, message).advised("native-image"));
            }
        }
        obstacles
    }
}

fn is_archive(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| matches!(extension, "jar" | "war" | "ear"))
}

/// jlink puts together the modules that it is given, of whatever platform they are; without any, those of its own JDK.
fn links_for(facts: &Facts<'_>, id: InvocationId, invocation: &Invocation) -> CompilesFor {
    let Some(option) = invocation.option(&["--module-path", "-p"]) else { return CompilesFor::Machine };
    // The image sets it, to the JDK that it brings.
    if facts.slice(option.range()).contains("JAVA_HOME") {
        return CompilesFor::Machine;
    }
    let value = option.value();
    let modules = value.constant().and_then(|path| resolve_path(invocation.directory.as_deref(), path));
    let Some(modules) = modules else { return CompilesFor::Unknown };
    match facts.contents(id.stage, &modules).native {
        Some(Cause::BaseImage(stage)) => match facts.stages()[stage].platform {
            StagePlatform::Target if stage != id.stage => CompilesFor::Target,
            _ if facts.is_built_on(id.stage, stage) => CompilesFor::Machine,
            _ => CompilesFor::Unknown,
        },
        _ => CompilesFor::Unknown,
    }
}
