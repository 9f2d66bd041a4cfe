//! Commands that run, or look into, what a command before them has compiled.

use crate::model::{Facts, Invocation, InvocationId, resolve_path};

/// Programs of the machine's own binutils, which fail on programs for another architecture.
const INSPECTORS: [&str; 4] = ["strip", "objcopy", "objdump", "ldd"];

/// The one of `compiles` whose outcome the command `id` runs or strips.
pub fn executed_product(
    facts: &Facts<'_>,
    compiles: &[InvocationId],
    id: InvocationId,
) -> Option<InvocationId> {
    let invocation = facts.invocation(id);
    let before = compiles
        .iter()
        .copied()
        .filter(|&compile| compile < id && facts.is_built_on(id.stage, compile.stage));
    before.into_iter().find(|&compile| {
        let command = facts.invocation(compile);
        let outputs = facts.outputs(command);
        outputs
            .iter()
            .flatten()
            .any(|output| runs(invocation, command, output) || inspects(invocation, output))
            || works_with(facts, id, compile)
    })
}

/// Whether a command runs the file `output`, or a file in it if it is a folder.
fn runs(invocation: &Invocation, compile: &Invocation, output: &str) -> bool {
    let (Some(name), Some(program)) =
        (invocation.words.first().and_then(|word| word.value.constant()), invocation.program())
    else {
        return false;
    };
    if !name.contains('/') {
        // A bare name is looked for where programs are.
        let (folder, file) = output.rsplit_once('/').unwrap_or_default();
        return (file == program && folder.ends_with("bin"))
            || (output.ends_with("bin") && is_named(compile, program));
    }
    let Some(path) = resolve_path(invocation.directory.as_deref(), name) else { return false };
    let is_within = path.strip_prefix(output).is_some_and(|rest| rest.starts_with('/'));
    if compile.command.is_some_and(|command| compile.option(command.output_options).is_some()) {
        return *path == *output || is_within;
    }
    is_within && (output.ends_with(&format!("/{program}")) || is_named(compile, program))
}

/// Whether a package that is compiled gives its program that name.
fn is_named(compile: &Invocation, program: &str) -> bool {
    compile.operands().iter().any(|word| {
        let package =
            word.value.constant().map(|text| text.split('@').next().unwrap_or(text).trim_end_matches('/'));
        package.is_some_and(|package| package.rsplit('/').next() == Some(program))
    })
}

/// Whether a command runs a file that `compile` has made in a folder of its own, or looks into one that was copied from
/// there.
fn works_with(facts: &Facts<'_>, id: InvocationId, compile: InvocationId) -> bool {
    let invocation = facts.invocation(id);
    let is_product = |path: &str| {
        let path = resolve_path(invocation.directory.as_deref(), path);
        path.is_some_and(|path| facts.contents(id.stage, &path).products.contains(&compile))
    };
    if invocation.program().is_some_and(|program| INSPECTORS.contains(&program)) {
        return invocation.operands().iter().any(|word| word.value.constant().is_some_and(is_product));
    }
    let has_folder =
        facts.invocation(compile).command.is_some_and(|command| !command.output_folders.is_empty());
    let name = invocation.words.first().and_then(|word| word.value.constant());
    has_folder && name.is_some_and(|name| name.contains('/') && is_product(name))
}

fn inspects(invocation: &Invocation, output: &str) -> bool {
    invocation.program().is_some_and(|program| INSPECTORS.contains(&program))
        && invocation.operands().iter().any(|word| {
            let path =
                word.value.constant().and_then(|path| resolve_path(invocation.directory.as_deref(), path));
            path.as_deref() == Some(output)
        })
}
