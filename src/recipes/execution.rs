//! Commands that run, or look into, what a command before them has compiled.

use std::rc::Rc;

use super::{Assessment, Obstacle, command_name};
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
    let touched = Touched::by(invocation);
    let before = compiles
        .iter()
        .copied()
        .filter(|&compile| compile < id && facts.is_built_on(id.stage, compile.stage));
    before.into_iter().find(|&compile| {
        let command = facts.invocation(compile);
        let mut outputs = facts.outputs(command).iter().flatten();
        outputs.any(|output| touched.runs(command, output) || touched.inspected.contains(output))
            || touched.works_with(facts, id, compile)
    })
}

/// What a command that runs or strips what `product` has compiled says against compiling it for another platform.
pub(super) fn execution_obstacle(facts: &Facts<'_>, product: InvocationId, by: &Invocation) -> Obstacle {
    let name = command_name(facts.invocation(product));
    let message = match by.program() {
        Some("strip") => format!(
            "the builder's `strip` cannot read what `{name}` compiles for another architecture; have the compiler strip it"
        ),
        _ => format!("it runs what `{name}` has compiled, which would be a program for another architecture"),
    };
    Obstacle::block(by.name_range(), message)
}

/// The same of all the commands of an assessed stage, about these products.
pub fn execution_obstacles(
    facts: &Facts<'_>,
    assessment: &Assessment,
    products: &[InvocationId],
) -> Vec<Obstacle> {
    let commands = assessment.family.iter().flat_map(|&stage| facts.invocations(stage));
    let obstacle = |(id, invocation)| {
        executed_product(facts, products, id).map(|product| execution_obstacle(facts, product, invocation))
    };
    commands.filter_map(obstacle).collect()
}

/// The programs that a command runs and looks into.
#[derive(Default)]
struct Touched<'a> {
    /// Its own program, without the folder.
    program: Option<&'a str>,
    /// Where that is, if the command says so.
    path: Option<Rc<str>>,
    /// Whether the command names a folder.
    by_path: bool,
    inspected: Vec<Rc<str>>,
}

impl<'a> Touched<'a> {
    fn by(invocation: &'a Invocation) -> Self {
        let Some(name) = invocation.words.first().and_then(|word| word.value.constant()) else {
            return Self::default();
        };
        let directory = invocation.directory.as_deref();
        let program = invocation.program();
        let by_path = name.contains('/');
        let inspects = program.is_some_and(|program| INSPECTORS.contains(&program));
        let operands = if inspects { invocation.operands() } else { Vec::new() };
        Self {
            program,
            by_path,
            path: if by_path { resolve_path(directory, name) } else { None },
            inspected: operands
                .into_iter()
                .filter_map(|word| resolve_path(directory, word.value.constant()?))
                .collect(),
        }
    }

    /// Whether that runs the file `output`, or a file in it if it is a folder.
    fn runs(&self, compile: &Invocation, output: &str) -> bool {
        let Some(program) = self.program else { return false };
        if !self.by_path {
            // A bare name is looked for where programs are.
            let (folder, file) = output.rsplit_once('/').unwrap_or_default();
            return (file == program && folder.ends_with("bin"))
                || (output.ends_with("bin") && is_named(compile, program));
        }
        let Some(path) = &self.path else { return false };
        let is_within = path.strip_prefix(output).is_some_and(|rest| rest.starts_with('/'));
        if compile.command.is_some_and(|command| compile.option(command.output_options).is_some()) {
            return **path == *output || is_within;
        }
        let is_folder_of = output.strip_suffix(program).is_some_and(|folder| folder.ends_with('/'));
        is_within && (is_folder_of || is_named(compile, program))
    }

    /// Whether that is a file which `compile` has made in a folder of its own, or a look into one that comes from there.
    fn works_with(&self, facts: &Facts<'_>, id: InvocationId, compile: InvocationId) -> bool {
        let is_product = |path: &Rc<str>| facts.contents(id.stage, path).products.contains(&compile);
        let command = facts.invocation(compile).command;
        let has_folder = command.is_some_and(|command| !command.output_folders.is_empty());
        self.inspected.iter().any(is_product) || (has_folder && self.path.as_ref().is_some_and(is_product))
    }
}

/// Whether a package that is compiled gives its program that name.
fn is_named(compile: &Invocation, program: &str) -> bool {
    compile.operands().iter().any(|word| {
        let package =
            word.value.constant().map(|text| text.split('@').next().unwrap_or(text).trim_end_matches('/'));
        package.is_some_and(|package| package.rsplit('/').next() == Some(program))
    })
}
