//! Libraries that stages install: what is linked against them needs those of the target.

use crate::knowledge::Does;
use crate::model::Facts;
use crate::text::TextRange;

/// The first library that one of the stages installs to link against: `libpq-dev`.
pub(super) fn to_link_against<'f>(facts: &'f Facts<'_>, stages: &[usize]) -> Option<(&'f str, TextRange)> {
    const OF_COMPILERS: [&str; 4] = ["libc6-dev", "libc-dev", "musl-dev", "linux-libc-dev"];
    first(facts, stages, |package| {
        (package.ends_with("-dev") || package.ends_with("-devel")) && !OF_COMPILERS.contains(&package)
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
        let installs = invocation.command.is_some_and(|command| command.does == Does::Install);
        installs
            && matches!(invocation.program(), Some("apt-get" | "apt" | "apk" | "dnf" | "yum" | "microdnf"))
    });
    let mut packages = installing.flat_map(|(_, invocation)| invocation.operands());
    packages.find_map(|word| {
        let package = word.value.constant()?;
        is_it(package).then_some((package, word.range))
    })
}
