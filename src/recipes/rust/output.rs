//! With `--target`, cargo puts what it makes into `target/<triple>/release`: whoever takes it from `target/release` has to
//! find it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{Facts, InvocationId};
use crate::recipes::maps::joint;
use crate::recipes::{Assessment, Obstacle, Rewrite, command_name};
use crate::syntax::{Body, Keyword};
use crate::text::{TextRange, TextSize};

const TRIPLE: &str = "$(xx-cargo --print-target-triple)";

/// Points the words of the stages' own commands at the new place, and copies back what other stages take.
pub(super) fn bring_back(
    facts: &Facts<'_>,
    assessment: &Assessment,
    commands: &[InvocationId],
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let mut obstacles = follow_in_family(facts, assessment, commands, rewrite);
    let mut taken: BTreeMap<InvocationId, Vec<(String, String)>> = BTreeMap::new();
    for &(_, instruction) in &assessment.takers {
        let range = facts.instruction(instruction).range;
        for source in facts.sources_of(instruction).filter(|source| assessment.has(*source)) {
            for path in facts.paths_taken_from(source, instruction) {
                let Some(path) = path else {
                    let message = "dflint cannot tell which files are taken here, and with xx they are in another folder";
                    obstacles.push(Obstacle::block(range, message).advised("rust"));
                    continue;
                };
                let products = &facts.contents(source, &path).products;
                let build =
                    products.iter().filter(|id| commands.contains(id) && makes_target(facts, **id)).max();
                let Some(&build) = build else { continue };
                match taken_file(facts, build, &path) {
                    Place::Elsewhere => {}
                    Place::File { folder, file }
                        if facts.instruction(instruction).keyword != Keyword::Run =>
                    {
                        let files = taken.entry(build).or_default();
                        if !files.contains(&(folder.clone(), file.clone())) {
                            files.push((folder, file));
                        }
                    }
                    Place::File { .. } | Place::Folder => {
                        let message = "more than single files is taken from `target` here, and with xx it is in a folder below";
                        obstacles.push(Obstacle::block(range, message).advised("rust"));
                    }
                }
            }
        }
    }
    for (build, files) in taken {
        if let Err(obstacle) = copy_back(facts, build, &files, rewrite) {
            obstacles.push(obstacle.advised("rust"));
        }
    }
    obstacles
}

/// Whether a command leaves what others take in `target`.
fn makes_target(facts: &Facts<'_>, id: InvocationId) -> bool {
    command_name(facts.invocation(id)) != "cargo install --path"
}

/// Where a path lies, seen from `target`.
enum Place {
    /// It is a file there: `/app/target` and `release/app`.
    File { folder: String, file: String },
    /// It is a folder there, or holds `target`.
    Folder,
    /// It has been copied to somewhere else.
    Elsewhere,
}

fn taken_file(facts: &Facts<'_>, build: InvocationId, path: &str) -> Place {
    let directory = facts.invocation(build).directory.as_deref().unwrap_or("/");
    let Some(at) = format!("{path}/").find("/target/") else {
        let holds_project = directory == path || path == "/" || directory.starts_with(&format!("{path}/"));
        return if holds_project { Place::Folder } else { Place::Elsewhere };
    };
    let (folder, file) = path.split_at(at + "/target".len());
    let file = file.trim_start_matches('/');
    if !file.contains('/') || file.contains(['*', '?', '[']) {
        return Place::Folder;
    }
    let folder = folder.strip_prefix(&format!("{}/", directory.trim_end_matches('/'))).unwrap_or(folder);
    Place::File { folder: folder.to_owned(), file: file.to_owned() }
}

/// Copies files back behind the command that makes them.
fn copy_back(
    facts: &Facts<'_>,
    build: InvocationId,
    files: &[(String, String)],
    rewrite: &mut Rewrite<'_>,
) -> Result<(), Obstacle> {
    let invocation = facts.invocation(build);
    let run = facts.run(build).instruction;
    let end = invocation.range.end();
    let rest = facts.slice(TextRange::new(end, facts.instruction(run).range.end()));
    let rest = rest.trim_start_matches([' ', '\t', '\r']);
    let goes_on = rest.is_empty() || ["&&", ";", "\\", "\n"].iter().any(|next| rest.starts_with(next));
    let Some(joint) = joint(facts, run).filter(|_| goes_on && !invocation.captured) else {
        let message = "dflint sees no place for a command that brings back what it makes";
        return Err(Obstacle::block(invocation.name_range(), message));
    };
    let mut text = String::new();
    for (folder, file) in files {
        let to = file.rsplit_once('/').map_or("", |(to, _)| to);
        let _ = write!(text, "{joint}cp {folder}/{TRIPLE}/{file} {folder}/{to}/");
    }
    rewrite.insert(end, text);
    Ok(())
}

/// Inserts the triple into the words of the stages' own commands that name what is in `target`.
fn follow_in_family(
    facts: &Facts<'_>,
    assessment: &Assessment,
    commands: &[InvocationId],
    rewrite: &mut Rewrite<'_>,
) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    for &stage in &assessment.family {
        for (id, invocation) in facts.invocations(stage) {
            let follows = commands.iter().any(|&build| build < id && facts.is_built_on(stage, build.stage));
            if !follows || commands.contains(&id) {
                continue;
            }
            for word in &invocation.words {
                let Some(at) = profile_in_target(facts.slice(word.range)) else { continue };
                if facts.slice(word.range).contains(['\'', '\n']) || invocation.exec_form {
                    let message = "dflint sees no way to name the folder that xx compiles into here";
                    obstacles.push(Obstacle::block(word.range, message).advised("rust"));
                    continue;
                }
                let at = word.range.start() + at;
                rewrite.replace(TextRange::empty(at), format!("{TRIPLE}/"));
            }
        }
    }
    let shared = assessment.family.iter().flat_map(|&stage| facts.stages()[stage].span.body.clone());
    let inner_copy = shared.filter(|&at| {
        let instruction = facts.instruction(at);
        let Body::Copy(copy) = &instruction.body else { return false };
        instruction.flag("from").is_some()
            && copy.sources.iter().any(|source| profile_in_target(&source.text).is_some())
            && facts.sources_of(at).any(|source| assessment.has(source))
    });
    for at in inner_copy {
        let message =
            "what cargo has made is copied between stages that move together, from a folder that xx changes";
        obstacles.push(Obstacle::block(facts.instruction(at).range, message).advised("rust"));
    }
    obstacles
}

/// Behind `target/` in a word that goes on with a profile.
fn profile_in_target(word: &str) -> Option<TextSize> {
    let at = word
        .find("target/")
        .filter(|&at| at == 0 || matches!(word.as_bytes()[at - 1], b'/' | b'"' | b'='))?;
    let at = at + "target/".len();
    let profile = word[at..].split('/').next().unwrap_or_default();
    let is_profile = matches!(profile.trim_end_matches('"'), "release" | "debug") || profile.starts_with('$');
    is_profile.then(|| TextSize::try_from(at).ok()).flatten()
}
