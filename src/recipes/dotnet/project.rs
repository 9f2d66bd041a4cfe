//! Whether a command is about a project or about a solution.

use super::super::{Assessment, Obstacle};
use crate::model::{Facts, InvocationId};
use crate::syntax::{Body, Keyword};

/// `-a` works on projects; with a solution, build and publish fail (NETSDK1134).
pub(in crate::recipes) fn look_at_project(
    facts: &Facts<'_>,
    assessment: &Assessment,
    id: InvocationId,
    obstacles: &mut Vec<Obstacle>,
) {
    let invocation = facts.invocation(id);
    let operands = invocation.operands();
    let named = operands.iter().filter_map(|word| word.value.world(0).text()).find(|text| !is_boolean(text));
    match named {
        Some(path) if is_solution(path) => {
            let message = "`-a` does not work on a solution (NETSDK1134)";
            obstacles.push(Obstacle::block(invocation.name_range(), message).advised("dotnet-solution"));
        }
        Some(path) if is_project(path) => {}
        folder => {
            let directory = invocation.directory.as_deref();
            let folder = crate::model::resolve_path(directory, folder.unwrap_or("."));
            let has_project = folder.is_some_and(|folder| holds_project(facts, assessment, id, &folder));
            if !has_project {
                let message = "dflint cannot see whether this builds a project or a solution, which `-a` does not work on \
                               (NETSDK1134); name the project";
                obstacles.push(Obstacle::doubt(invocation.name_range(), message));
            }
        }
    }
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn is_solution(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']);
    [".sln", ".slnx", ".slnf"].iter().any(|ending| path.ends_with(ending))
}

pub(in crate::recipes) fn is_project(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']);
    [".csproj", ".fsproj", ".vbproj"].iter().any(|ending| path.ends_with(ending))
}

/// Whether a COPY above the command puts a project file into the folder, and none puts a solution there.
fn holds_project(facts: &Facts<'_>, assessment: &Assessment, id: InvocationId, folder: &str) -> bool {
    let run = facts.run(id).instruction;
    let mut project = false;
    for &stage in &assessment.family {
        for at in facts.stages()[stage].span.body.clone().filter(|at| *at < run) {
            let instruction = facts.instruction(at);
            let Body::Copy(copy) = &instruction.body else { continue };
            if instruction.keyword != Keyword::Copy || instruction.flag("from").is_some() {
                continue;
            }
            let scope = facts.scope(at);
            let destination = copy.destination.text.trim_matches(['"', '\'']);
            for source in &copy.sources {
                let source = source.text.trim_matches(['"', '\'']);
                let is_file = is_project(destination);
                let into = if is_file {
                    destination.rsplit_once('/').map_or(".", |(folder, _)| folder)
                } else {
                    destination
                };
                let into = crate::model::resolve_path(scope.directory.as_deref(), into);
                if into.as_deref() == Some(folder) {
                    project |= is_project(source);
                    if is_solution(source) {
                        return false;
                    }
                }
            }
        }
    }
    project
}
