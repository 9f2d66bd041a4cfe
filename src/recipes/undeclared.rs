//! What becomes of a RUN when a platform argument that it uses is declared.

use super::command_name;
use crate::model::{Facts, Invocation};

/// Whether a RUN that works without the argument may fail with it: `go install` puts what it cross-compiles into another
/// folder, or refuses, and Node calls amd64 x64.
pub fn takes_another_turn(facts: &Facts<'_>, instruction: usize) -> bool {
    let is_risky = |command: &Invocation| {
        let names_cpu = || {
            let text = facts.slice(command.range);
            text.contains("--cpu") || text.contains("npm_config_")
        };
        command_name(command) == "go install"
            || matches!(command.program(), Some("npm" | "pnpm" | "yarn" | "node-gyp")) && names_cpu()
    };
    facts.run_at(instruction).is_some_and(|run| run.invocations.iter().any(is_risky))
}
