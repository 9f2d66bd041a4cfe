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
        by_knowledge(facts, invocation)
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
        || facts.stages()[..=id.stage]
            .iter()
            .filter(|stage| facts.is_built_on(id.stage, stage.index))
            .flat_map(|stage| facts.invocations(stage.index))
            .any(|(other, earlier)| other <= id && sets_up(earlier, compiles_itself))
}

/// Whether a command chooses a compiler for others: `CMake` or Meson with one, `xx-clang --wrap`, another `cc` by
/// `update-alternatives` or a link.
fn sets_up(invocation: &Invocation, compiles_itself: bool) -> bool {
    const MARKS: [&str; 7] =
        ["TOOLCHAIN", "COMPILER", "CMAKE_SYSTEM", "CROSS", "--cross-file", "--preset", "target"];
    match invocation.program() {
        Some("xx-clang") => invocation.option(&["--wrap"]).is_some(),
        Some("update-alternatives" | "ln") => true,
        Some("cmake" | "meson") if !compiles_itself => invocation.words.iter().any(|word| {
            let text = word.value.constant();
            text.is_none_or(|text| MARKS.iter().any(|mark| text.contains(mark)))
        }),
        _ => false,
    }
}
