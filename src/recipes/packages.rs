//! Packages that stages install. What is linked against a library needs that of the target.

use crate::knowledge::Does;
use crate::model::{Facts, Invocation};
use crate::text::TextRange;

/// Packages with the headers of the C library, which compilers bring or need wherever they compile for.
pub(super) const OF_THE_C_LIBRARY: [&str; 4] = ["libc6-dev", "libc-dev", "musl-dev", "linux-libc-dev"];

/// Whether a command installs one of these packages.
pub(super) fn installs_any(invocation: &Invocation, names: &[&str]) -> bool {
    let is_named = |name: &str| names.contains(&name);
    installs(invocation)
        && invocation.operands().iter().any(|word| word.value.constant().is_some_and(is_named))
}

fn installs(invocation: &Invocation) -> bool {
    invocation.command.is_some_and(|command| command.does == Does::Install)
}

/// The first library that one of the stages installs to link against: `libpq-dev`.
pub(super) fn to_link_against<'f>(facts: &'f Facts<'_>, stages: &[usize]) -> Option<(&'f str, TextRange)> {
    first(facts, stages, |package| {
        (package.ends_with("-dev") || package.ends_with("-devel")) && !OF_THE_C_LIBRARY.contains(&package)
    })
}

/// The first library that one of the stages installs for programs to run with: `libssl3`.
pub(super) fn to_run_with<'f>(facts: &'f Facts<'_>, stages: &[usize]) -> Option<(&'f str, TextRange)> {
    const OF_COMPILERS: [&str; 4] = ["libc6", "libgcc", "libstdc++", "libcap"];
    first(facts, stages, |package| {
        package.starts_with("lib") && !OF_COMPILERS.iter().any(|own| package.starts_with(own))
    })
}

fn first<'f>(
    facts: &'f Facts<'_>,
    stages: &[usize],
    is_it: impl Fn(&str) -> bool,
) -> Option<(&'f str, TextRange)> {
    let commands = stages.iter().flat_map(|&stage| facts.invocations(stage));
    let installing = commands.filter(|(_, invocation)| {
        installs(invocation)
            && matches!(invocation.program(), Some("apt-get" | "apt" | "apk" | "dnf" | "yum" | "microdnf"))
    });
    let mut packages = installing.flat_map(|(_, invocation)| invocation.operands());
    packages.find_map(|word| {
        let package = word.value.constant()?;
        is_it(package).then_some((package, word.range))
    })
}
