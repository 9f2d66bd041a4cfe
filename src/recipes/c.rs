//! C and C++: the compiler's own name says what it compiles for (B4; gcc.gnu.org, clang.llvm.org). Advice only.

use super::advised::Advised;
use super::{Assessment, CompilesFor, Obstacle, Recipe, Rewrite, by_knowledge};
use crate::knowledge::Does;
use crate::model::{Facts, Invocation, InvocationId};

pub(super) struct C;

impl Recipe for C {
    fn compiles_for(&self, facts: &Facts<'_>, id: InvocationId) -> CompilesFor {
        let invocation = facts.invocation(id);
        if invocation.is_by_xx() {
            return CompilesFor::Target;
        }
        // Images of other people may have a cross compiler under the plain name.
        let image = facts.root_image(id.stage).and_then(|image| image.known);
        if image.is_none() || is_set_up_elsewhere(facts, id) || only_links(facts, id) {
            return CompilesFor::Unknown;
        }
        match by_knowledge(facts, invocation) {
            // No option makes GCC, CMake's build or Meson's compile for another architecture.
            CompilesFor::Open if invocation.program().is_some_and(|program| !program.contains("clang")) => {
                CompilesFor::Machine
            }
            what => what,
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
}

/// Whether a stage does no more than link what was compiled elsewhere, which takes no time.
fn only_links(facts: &Facts<'_>, id: InvocationId) -> bool {
    let is_object = |name: &str| [".o", ".a", ".lo"].iter().any(|end| name.ends_with(end));
    let links = |invocation: &Invocation| {
        let operands = invocation.operands();
        !operands.is_empty() && operands.iter().all(|word| word.value.constant().is_some_and(is_object))
    };
    let compiles = |invocation: &Invocation| {
        invocation.command.is_some_and(|command| command.does == Does::Compile) && !links(invocation)
    };
    links(facts.invocation(id)) && !facts.invocations(id.stage).any(|(_, other)| compiles(other))
}

/// Whether something before, or around, a command may decide what it compiles for.
fn is_set_up_elsewhere(facts: &Facts<'_>, id: InvocationId) -> bool {
    let invocation = facts.invocation(id);
    let compiles_itself = !matches!(invocation.program(), Some("cmake" | "meson"));
    let variables: &[&str] =
        if compiles_itself { &["PATH"] } else { &["PATH", "CC", "CXX", "CMAKE_TOOLCHAIN_FILE"] };
    variables.iter().any(|name| !invocation.environment.exported(name).is_unset())
        || facts
            .stages_below(id.stage)
            .flat_map(|stage| facts.invocations(stage))
            .any(|(other, earlier)| other <= id && sets_up(facts, earlier, compiles_itself))
}

/// Whether a command chooses a compiler for others: `CMake` or Meson that is given one, `xx-clang --wrap`, another `cc` by
/// `update-alternatives` or a link.
fn sets_up(facts: &Facts<'_>, invocation: &Invocation, compiles_itself: bool) -> bool {
    const MARKS: [&str; 7] =
        ["TOOLCHAIN", "COMPILER", "CMAKE_SYSTEM", "CROSS", "--cross-file", "--preset", "target"];
    match invocation.program() {
        Some("xx-clang") => invocation.option(&["--wrap"]).is_some(),
        Some("update-alternatives") => true,
        Some("ln") => invocation.operands().iter().any(|word| is_compiler(word.value.constant())),
        Some("cmake" | "meson") if !compiles_itself && !is_build_step(invocation) => {
            invocation.words.iter().any(|word| {
                let text = word.value.constant().unwrap_or_else(|| facts.slice(word.range));
                word.may_be_options || MARKS.iter().any(|mark| text.contains(mark))
            })
        }
        _ => false,
    }
}

/// Whether a path may be that of a compiler or a linker.
fn is_compiler(path: Option<&str>) -> bool {
    const NAMES: [&str; 7] = ["cc", "gcc", "g++", "c++", "clang", "clang++", "ld"];
    path.is_none_or(|path| NAMES.contains(&path.rsplit('/').next().unwrap_or(path)))
}

/// Whether it only builds what was set up before.
fn is_build_step(invocation: &Invocation) -> bool {
    let first = invocation.words.get(1).and_then(|word| word.value.constant());
    matches!(first, Some("--build" | "--install" | "compile" | "install" | "-E"))
}
