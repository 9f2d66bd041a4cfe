//! Cache mounts over folders that a build writes its outcome into (A6 of the design's knowledge base).

use std::collections::HashMap;

use smol_str::SmolStr;

use super::hard_coded::is_for_one_architecture;
use super::{CompilesFor, Obstacle, Rewrite, compiles_for, is_split};
use crate::model::{Facts, InvocationId, Origin, StagePlatform, resolve_path};
use crate::syntax::Flag;
use crate::text::TextRange;

/// A cache mount that the builds for several platforms use at once.
pub struct SharedCache<'a> {
    /// The mount.
    pub mount: &'a Flag,
    /// The folder.
    pub folder: SmolStr,
    /// What lies there.
    pub kind: CacheKind,
    /// The RUN, by its index in the parse.
    pub instruction: usize,
    /// The first RUN of the stage with such a mount: the fixes share an ARG in front of it.
    first: usize,
    /// Whether a RUN that is not among these uses the same cache.
    has_other_users: bool,
}

/// See [`SharedCache`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CacheKind {
    /// What is compiled or installed for one platform.
    Output,
    /// What apt downloads and locks.
    Apt,
}

/// The cache mounts of a file that the builds for several platforms share though they must not.
pub fn shared_caches<'a>(facts: &'a Facts<'a>) -> Vec<SharedCache<'a>> {
    let mut found = Vec::new();
    if facts.project.platforms.len() < 2 || is_for_one_architecture(facts) {
        return found;
    }
    for stage in facts.stages().iter().filter(|stage| stage.reachable) {
        let mut first = None;
        for (run, of) in facts.runs(stage.index).iter().enumerate() {
            let instruction = of.instruction;
            let runs_for_each = match stage.platform {
                StagePlatform::Target => true,
                StagePlatform::Build => is_split(facts, instruction),
                StagePlatform::Fixed(_) | StagePlatform::Unknown => false,
            };
            let id = InvocationId { stage: stage.index, run, invocation: 0 };
            for mount in facts.instruction(instruction).flags_named("mount") {
                let Some((folder, kind)) = shared_folder(mount) else { continue };
                if runs_for_each && !(kind == CacheKind::Output && is_by_triple(facts, id)) {
                    let first = *first.get_or_insert(instruction);
                    found.push(SharedCache {
                        mount,
                        folder,
                        kind,
                        instruction,
                        first,
                        has_other_users: false,
                    });
                }
            }
        }
    }
    if found.is_empty() {
        return found;
    }
    let all = facts.flags_named("mount");
    let all = users(all.filter(|mount| is_cache(mount)));
    let own = users(found.iter().map(|cache| cache.mount));
    for cache in &mut found {
        let id = cache_id(cache.mount);
        cache.has_other_users = all.get(&id) != own.get(&id);
    }
    found
}

/// How many mounts there are of each cache.
fn users<'a>(mounts: impl Iterator<Item = &'a Flag>) -> HashMap<Option<SmolStr>, usize> {
    mounts.fold(HashMap::new(), |mut users, mount| {
        *users.entry(cache_id(mount)).or_default() += 1;
        users
    })
}

/// What tells a cache from others: its id, or the folder.
fn cache_id(mount: &Flag) -> Option<SmolStr> {
    key(mount, &["id"]).or_else(|| key(mount, &["target", "dst", "destination"]))
}

/// The mount of a RUN over a folder that compilers write into, without the platform in its id.
pub(super) fn output_cache(facts: &Facts<'_>, run: usize) -> Option<TextRange> {
    let mut mounts = facts.instruction(run).flags_named("mount");
    let is_output = |mount: &&Flag| {
        shared_folder(mount).is_some_and(|(folder, kind)| {
            kind == CacheKind::Output && !folder.ends_with("node_modules") && !folder.ends_with("venv")
        })
    };
    mounts.find(is_output).map(|mount| mount.range)
}

fn is_cache(mount: &Flag) -> bool {
    key(mount, &["type"]).is_some_and(|kind| kind == "cache")
}

fn key(mount: &Flag, names: &[&str]) -> Option<SmolStr> {
    names.iter().find_map(|name| mount.key(name)).map(|value| value.text)
}

/// The folder of a cache mount that every build shares, and what lies there: not where the id holds the platform.
fn shared_folder(mount: &Flag) -> Option<(SmolStr, CacheKind)> {
    const OUTPUTS: [&str; 15] = [
        "obj",
        "bin",
        "target",
        "build",
        "dist",
        "out",
        "_build",
        ".build",
        ".next",
        ".nuxt",
        ".output",
        "dist-newstyle",
        ".stack-work",
        "node_modules",
        ".venv",
    ];
    const APT: [&str; 4] =
        ["/var/lib/apt", "/var/lib/apt/lists", "/var/cache/apt", "/var/cache/apt/archives"];
    let folder = key(mount, &["target", "dst", "destination"])?;
    let has_platform = key(mount, &["id"]).is_some_and(|id| id.contains("TARGET"));
    let is_guarded = key(mount, &["sharing"]).is_some_and(|mode| mode == "locked" || mode == "private");
    if !is_cache(mount) || has_platform || is_guarded || folder.contains("TARGET") {
        return None;
    }
    let folder = folder.trim_end_matches('/');
    let name = folder.rsplit('/').next().unwrap_or_default();
    if APT.contains(&folder) {
        Some((folder.into(), CacheKind::Apt))
    } else if OUTPUTS.contains(&name) && !folder.contains("/.cache/") && !folder.contains(".cargo/") {
        Some((folder.into(), CacheKind::Output))
    } else {
        None
    }
}

/// Whether all that a RUN compiles goes into a folder for its target: Cargo's does where it is told one.
fn is_by_triple(facts: &Facts<'_>, first: InvocationId) -> bool {
    let run = facts.run(first);
    let mut is_any = false;
    let all = run.invocations.iter().enumerate().all(|(invocation, of)| {
        let compiles = of.program() == Some("cargo")
            && of.command.is_some_and(|command| command.does == crate::knowledge::Does::Compile);
        is_any |= compiles;
        !compiles || compiles_for(facts, InvocationId { invocation, ..first }) == CompilesFor::Target
    });
    is_any && all
}

/// Adds the edits that give each platform a cache of its own, or let apt's builds wait for each other.
pub fn separate(facts: &Facts<'_>, cache: &SharedCache<'_>, rewrite: &mut Rewrite<'_>) -> Vec<Obstacle> {
    let mount = cache.mount;
    let written = facts.slice(mount.range);
    if written.contains(['"', '\'', '\n']) {
        return vec![Obstacle::block(mount.range, "dflint does not rewrite a mount in quotes")];
    }
    if cache.kind == CacheKind::Apt {
        match mount.key("sharing") {
            Some(sharing) => rewrite.replace(sharing.range, "locked"),
            None => rewrite.insert(mount.range.end(), ",sharing=locked"),
        }
        return Vec::new();
    }
    if cache.has_other_users {
        let message = "other RUNs use the same cache, and would no longer find what this one leaves there";
        return vec![Obstacle::block(mount.range, message)];
    }
    let binding = facts.scope(cache.instruction).environment.binding("TARGETPLATFORM");
    let has_own = binding.is_some_and(|binding| !matches!(binding.origin, Origin::Automatic(_)));
    if has_own || facts.is_overridden("TARGETPLATFORM") {
        let message = "TARGETPLATFORM has a value of its own in this file, which would be used instead";
        return vec![Obstacle::block(mount.range, message)];
    }
    if let Some(id) = mount.key("id") {
        rewrite.insert(id.range.end(), "-$TARGETPLATFORM");
    } else {
        let name = cache.folder.trim_matches(['/', '.']).replace('/', "-");
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            return vec![Obstacle::block(mount.range, "the folder is not written out")];
        }
        rewrite.insert(mount.range.end(), format!(",id={name}-$TARGETPLATFORM"));
    }
    rewrite.need_at(cache.first, "TARGETPLATFORM");
    rewrite.need_at(cache.instruction, "TARGETPLATFORM");
    let message = "the caches start empty, and every RUN that shares one has to name it alike";
    vec![Obstacle::doubt(mount.range, message)]
}

/// The COPYs that take files out of a folder that was only ever a cache mount: what lies there is not in the stage.
pub fn taken_from_caches<'a>(facts: &'a Facts<'a>) -> Vec<(usize, &'a Flag)> {
    let mut found = Vec::new();
    for stage in facts.stages().iter().filter(|stage| stage.reachable) {
        let mounts: Vec<(&Flag, std::rc::Rc<str>)> = facts
            .runs(stage.index)
            .iter()
            .flat_map(|run| {
                let directory = facts.scope(run.instruction).directory.clone();
                let mounts = facts.instruction(run.instruction).flags_named("mount");
                mounts.filter_map(move |mount| {
                    let folder = key(mount, &["target", "dst", "destination"])?;
                    let is_cache = is_cache(mount) && !folder.contains('$');
                    Some((mount, resolve_path(directory.as_deref(), &folder).filter(|_| is_cache)?))
                })
            })
            .collect();
        // Most stages have none.
        for consumer in stage.consumers.iter().filter(|_| !mounts.is_empty()) {
            for path in facts.paths_taken_from(stage.index, consumer.instruction).into_iter().flatten() {
                let within = |folder: &str| {
                    *path == *folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
                };
                let Some((mount, folder)) = mounts.iter().find(|(_, folder)| within(folder)) else {
                    continue;
                };
                if !is_written_elsewhere(facts, stage.index, folder) {
                    found.push((consumer.instruction, *mount));
                }
            }
        }
    }
    found
}

/// Whether something of a stage, or of what it is built on, may put files into a folder itself: a RUN without the mount
/// that names it, or a COPY to it.
fn is_written_elsewhere(facts: &Facts<'_>, stage: usize, folder: &str) -> bool {
    let name = folder.rsplit('/').next().unwrap_or_default();
    let of_base = |at: &usize| facts.stage_with(*at).is_some_and(|other| facts.is_built_on(stage, other));
    (0..facts.number_of_instructions()).filter(of_base).any(|at| {
        let instruction = facts.instruction(at);
        let mounted = instruction.flags_named("mount").any(|mount| {
            is_cache(mount)
                && key(mount, &["target", "dst", "destination"])
                    .is_some_and(|target| target.trim_end_matches('/').ends_with(name))
        });
        let builds = instruction.keyword == crate::syntax::Keyword::Run && !mounted;
        let copies =
            matches!(instruction.keyword, crate::syntax::Keyword::Copy | crate::syntax::Keyword::Add)
                && facts.slice(instruction.range).contains(name);
        copies || (builds && may_build(facts, at, name))
    })
}

fn may_build(facts: &Facts<'_>, at: usize, name: &str) -> bool {
    let Some(run) = facts.run_at(at) else { return true };
    run.incomplete
        || facts.slice(facts.instruction(at).range).contains(name)
        || run.invocations.iter().any(|invocation| {
            use crate::knowledge::Does;
            invocation.command.is_none_or(|command| {
                !matches!(command.does, Does::Print | Does::Resolve | Does::Install | Does::Fetch)
            })
        })
}
