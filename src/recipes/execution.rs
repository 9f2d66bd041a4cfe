//! Commands that run, or look into, what a command before them has compiled.

use crate::model::{Facts, Invocation, InvocationId};

/// Programs of the machine's own binutils, which fail on programs for another architecture.
const INSPECTORS: [&str; 4] = ["strip", "objcopy", "objdump", "ldd"];

/// The one of `compiles` whose outcome the command `id` runs or strips.
pub fn executed_product(
    facts: &Facts<'_>,
    compiles: &[InvocationId],
    id: InvocationId,
) -> Option<InvocationId> {
    let invocation = facts.invocation(id);
    let before = compiles.iter().copied().filter(|compile| *compile < id);
    before.into_iter().find(|&compile| {
        let outputs = facts.outputs(facts.invocation(compile));
        outputs.iter().flatten().any(|output| runs(invocation, output) || inspects(invocation, output))
    })
}

/// Whether a command runs the file `output`, or a file in it if it is a folder.
fn runs(invocation: &Invocation, output: &str) -> bool {
    let (Some(name), Some(program)) =
        (invocation.words.first().and_then(|word| word.value.constant()), invocation.program())
    else {
        return false;
    };
    let is_file = output.rsplit('/').next() == Some(program);
    let is_within = name.strip_prefix(output).is_some_and(|rest| rest.starts_with('/'));
    // Without `-o` the program is in the working directory, under the package's name.
    let is_beside = name.starts_with("./")
        && invocation.directory.as_deref() == Some(output)
        && invocation.command.is_none()
        && !program.contains('.');
    is_file || is_within || is_beside
}

fn inspects(invocation: &Invocation, output: &str) -> bool {
    invocation.program().is_some_and(|program| INSPECTORS.contains(&program))
        && invocation.operands().iter().any(|word| {
            let path = word
                .value
                .constant()
                .and_then(|path| crate::model::resolve_path(invocation.directory.as_deref(), path));
            path.as_deref() == Some(output)
        })
}
