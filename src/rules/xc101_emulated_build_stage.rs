//! See rules/XC101-emulated-build-stage.toml.

use crate::diagnostics::{Confidence, Severity};
use crate::knowledge::Does;
use crate::model::{Facts, Invocation, InvocationId, Stage, StageBase};
use crate::recipes::{
    Assessment, CompilesFor, Obstacle, Rewrite, assess, command_name, compiles_for, is_bound, is_movable,
    retarget, toolchain_at_hand, toolchain_of,
};
use crate::rules::Findings;

pub(crate) fn check(facts: &Facts<'_>, out: &mut Findings) {
    out.for_each_stage(facts, |stage, out| {
        if !is_movable(facts, stage.index) && !is_bound(facts, stage.index) {
            return;
        }
        let assessment = assess(facts, stage.index);
        // Stages that move together are one finding.
        if !assessment.could_be_pinned(facts) || assessment.working_root(facts) != stage.index {
            return;
        }
        let for_what: Vec<_> = assessment.compiles.iter().map(|&id| compiles_for(facts, id)).collect();
        let all_cross = !for_what.is_empty() && for_what.iter().all(|what| *what == CompilesFor::Target);
        // A build argument that names the target belongs to builds that are native, for each platform with another value.
        if all_cross || for_what.contains(&CompilesFor::Unknown) {
            return;
        }
        let emulated = assessment.work();
        match emulated.first() {
            Some(&first) => report(facts, stage, &assessment, (first, emulated), out),
            None => report_driver(facts, stage, &assessment, out),
        }
    });
}

fn report(
    facts: &Facts<'_>,
    stage: &Stage,
    assessment: &Assessment,
    (first, emulated): (InvocationId, &[InvocationId]),
    out: &mut Findings,
) {
    let mut rewrite = Rewrite::new(facts);
    assessment.pin(facts, &mut rewrite);
    let mut obstacles = assessment.obstacles.clone();
    obstacles.extend(retarget(facts, assessment, &mut rewrite));
    if let (StageBase::Stage(base), None) = (&stage.base, facts.bare_image_below(stage.index)) {
        let base = facts.stages()[*base].display_name();
        let message = format!(
            "the exported image is built on {base} as well: only a stage that starts from the image itself can move"
        );
        obstacles.insert(0, Obstacle::block(stage.label(), message));
    }

    let first = facts.invocation(first);
    let toolchain = toolchain_of(first);
    let consequence = toolchain.map_or("many times slower", |toolchain| toolchain.emulated);
    let name = stage.display_name();
    let finding = out.report(
        stage.label(),
        format!(
            "{name} runs `{}` on the target platform: a build for another architecture runs it under emulation, {consequence}",
            command_name(first)
        ),
    );
    if toolchain.is_some_and(|toolchain| toolchain.fails_emulated) {
        finding.severity = Severity::Error;
    } else if emulated.iter().all(|&id| installs(facts.invocation(id))) {
        // Much of what package managers install is only downloaded.
        finding.severity = Severity::Info;
    }
    for &id in emulated {
        finding.relate(facts.invocation(id).name_range(), "emulated");
    }
    let others: Vec<String> = assessment
        .roots
        .iter()
        .filter(|&&root| root != stage.index)
        .map(|&root| facts.stages()[root].display_name())
        .collect();
    let stages = others.iter().fold(name, |all, other| format!("{all} and {other}"));
    let title = if assessment.compiles.is_empty() {
        format!("Run {stages} on the build platform")
    } else {
        format!("Run {stages} on the build platform and cross-compile")
    };
    finding.fix_unless(title, rewrite, &obstacles);
}

fn installs(invocation: &Invocation) -> bool {
    invocation.command.is_some_and(|command| command.does == Does::Install)
}

/// Programs that run a project's own build.
const DRIVERS: [&str; 12] = [
    "make",
    "gmake",
    "mage",
    "task",
    "just",
    "goreleaser",
    "bazel",
    "cake",
    "nuke",
    "ninja",
    "meson",
    "scons",
];

/// A stage of a compiler's image that leaves compiling to a build file of the project: emulated all the same.
fn report_driver(facts: &Facts<'_>, stage: &Stage, assessment: &Assessment, out: &mut Findings) {
    let toolchain = toolchain_at_hand(facts, &assessment.family);
    let Some(toolchain) = toolchain.filter(|_| !assessment.takers.is_empty()) else { return };
    let mut commands = assessment.family.iter().flat_map(|&member| facts.invocations(member));
    let driver = commands.find(|(_, invocation)| {
        invocation.program().is_some_and(|program| DRIVERS.contains(&program))
            && !invocation.worlds.is_empty()
    });
    let Some((_, driver)) = driver else { return };
    let name = driver.program().unwrap_or_default();
    let finding = out.report(
        stage.label(),
        format!(
            "{} runs `{name}` on the target platform: if it compiles, a build for another architecture runs the compiler \
             under emulation",
            stage.display_name(),
        ),
    );
    finding.confidence = Confidence::Medium;
    finding.relate(driver.name_range(), "emulated");
    let knob = match toolchain {
        "go" => "GOARCH=$TARGETARCH",
        "c" => "`CC` and the triple of the target, as `xx-clang --print-target-triple` has it",
        _ => "$TARGETARCH",
    };
    finding.help = Some(format!(
        "no fix is offered: dflint does not see what `{name}` runs; if it can compile for another architecture, pin the \
         stage with `--platform=$BUILDPLATFORM` and hand it {knob}"
    ));
}
