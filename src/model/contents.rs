//! What stands at a path of a stage: which commands wrote it, and whether it is for the platform that the stage runs on.
//!
//! The instructions are read backwards from the moment of the question. A command that writes a whole file ends the
//! search, a command that may have written it adds what it writes.

use std::rc::Rc;

use super::interpreter::resolve_path;
use super::scopes::expanded;
use super::stage::may_name;
use super::{Facts, Invocation, InvocationId, Run, Stage, StageBase, words};
use crate::knowledge::Does;
use crate::syntax::{Body, CopyBody, Instruction, Keyword};
use crate::text::TextRange;

/// What stands at a path. Several answers hold at once for a folder.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Contents {
    /// The commands that compiled it or part of it.
    pub products: Vec<InvocationId>,
    /// What put files there that are for the platform that the stage runs on: a package manager, the base image.
    pub native: Option<TextRange>,
    /// What asked the machine for its architecture and left something that depends on the answer.
    pub probed: Option<TextRange>,
    /// What may have written there without dflint knowing what.
    pub unknown: Option<TextRange>,
    /// Whether something put files there that are the same wherever the stage runs.
    pub portable: bool,
}

impl Contents {
    fn join(&mut self, other: Self) {
        for product in other.products {
            if !self.products.contains(&product) {
                self.products.push(product);
            }
        }
        self.native = self.native.or(other.native);
        self.probed = self.probed.or(other.probed);
        self.unknown = self.unknown.or(other.unknown);
        self.portable |= other.portable;
    }

    /// Adds what the words of a command say of what it writes: a question to the machine, or nobody knows what.
    fn depends_on_words(&mut self, invocation: &Invocation) {
        for word in &invocation.words {
            if word.value.probed {
                self.probed = self.probed.or(Some(word.range));
            } else if !word.value.is_independent_of_machine() {
                self.unknown = self.unknown.or(Some(word.range));
            }
        }
    }

    /// Whether all of it is the same wherever the stage runs.
    pub fn is_portable(&self) -> bool {
        self.products.is_empty() && self.native.is_none() && self.probed.is_none() && self.unknown.is_none()
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A moment in a stage: in front of the instruction with this index; within a RUN, in front of one of its commands.
#[derive(Clone, Copy)]
struct Moment {
    instruction: usize,
    invocation: Option<usize>,
}

/// How many stages and copies a file is followed through.
const MAX_DEPTH: usize = 64;

impl Facts<'_> {
    /// What stands at `path` when the stage is finished.
    pub fn contents(&self, stage: usize, path: &str) -> Contents {
        let end = Moment { instruction: self.stages[stage].span.body.end, invocation: None };
        self.contents_at(stage, path, end, 0)
    }

    /// What the given COPY or RUN takes from the stage `from`.
    pub fn taken_from(&self, from: usize, instruction: usize) -> Contents {
        let mut contents = Contents::default();
        for path in self.paths_taken_from(from, instruction) {
            let Some(path) = path else {
                contents.unknown = contents.unknown.or(Some(self.instruction(instruction).range));
                continue;
            };
            contents.join(self.contents(from, &path));
        }
        contents
    }

    /// The paths that the given COPY or RUN takes from a stage; none for one that is not known.
    fn paths_taken_from(&self, from: usize, instruction: usize) -> Vec<Option<Rc<str>>> {
        let at = self.instruction(instruction);
        let environment = &self.scope(instruction).environment;
        let absolute = |path: &super::Value| resolve_path(Some("/"), path.constant()?);
        match &at.body {
            Body::Copy(copy) => copy
                .sources
                .iter()
                .map(|source| absolute(&expanded(Some(source), environment, self.parse.escape)))
                .collect(),
            _ => at
                .flags_named("mount")
                .filter(|mount| {
                    let named = mount.key("from").and_then(|key| key.value.as_ref());
                    named.is_some_and(|word| self.stage_named(&word.text) == Some(from))
                })
                .map(|mount| match mount.key("source").or_else(|| mount.key("src")) {
                    Some(key) => absolute(&expanded(key.value.as_ref(), environment, self.parse.escape)),
                    None => Some("/".into()),
                })
                .collect(),
        }
    }

    /// The last stage of that name, or of that number.
    pub fn stage_named(&self, name: &str) -> Option<usize> {
        let by_name = self
            .stages
            .iter()
            .rposition(|stage| stage.name().is_some_and(|own| own.eq_ignore_ascii_case(name)));
        by_name.or_else(|| name.parse().ok().filter(|&index| index < self.stages.len()))
    }

    fn contents_at(&self, stage: usize, path: &str, until: Moment, depth: usize) -> Contents {
        let mut found = Contents::default();
        if depth > MAX_DEPTH {
            found.unknown = Some(self.stages[stage].label());
            return found;
        }
        let of = &self.stages[stage];
        let last = if until.invocation.is_some() { until.instruction + 1 } else { until.instruction };
        for at in (of.span.body.start..last).rev() {
            let limit = until.invocation.filter(|_| at == until.instruction);
            let ended = match self.instruction(at).keyword {
                Keyword::Run => self.written_by_run(of, at, limit, path, depth, &mut found),
                Keyword::Copy | Keyword::Add => self.written_by_copy(at, path, depth, &mut found),
                _ => false,
            };
            if ended {
                return found;
            }
        }
        match &of.base {
            StageBase::Stage(base) => {
                let end = Moment { instruction: self.stages[*base].span.body.end, invocation: None };
                found.join(self.contents_at(*base, path, end, depth + 1));
            }
            StageBase::Image(image)
                if image.known.is_some_and(|known| known.portable) || is_portable_path(path) =>
            {
                found.portable = true;
            }
            StageBase::Image(_) if is_system_path(path) => found.native = found.native.or(Some(of.label())),
            StageBase::Image(_) | StageBase::Scratch => {}
            StageBase::Unknown => found.unknown = found.unknown.or(Some(of.label())),
        }
        if found.is_empty() {
            // Nothing that is understood writes it, so something else does.
            found.unknown = Some(of.label());
        }
        found
    }

    /// Adds what a COPY or ADD writes. Whether the search ends: never, a copied folder need not hold the path.
    fn written_by_copy(&self, at: usize, path: &str, depth: usize, found: &mut Contents) -> bool {
        let instruction = self.instruction(at);
        let Body::Copy(copy) = &instruction.body else { return false };
        let scope = self.scope(at);
        let destination = expanded(Some(&copy.destination), &scope.environment, self.parse.escape);
        let destination =
            destination.constant().and_then(|path| resolve_path(scope.directory.as_deref(), path));
        if destination.as_deref().is_some_and(|destination| !touches(destination, path)) {
            return false;
        }
        match instruction.flag("from").and_then(|flag| flag.value.as_ref()) {
            None => found.portable = true,
            Some(from) => match self.stage_named(&from.text) {
                Some(source) if source < self.stages.len() => {
                    self.written_by_copy_from(source, at, depth, found)
                }
                _ => self.written_by_copy_from_image(copy, instruction, found),
            },
        }
        false
    }

    fn written_by_copy_from(&self, source: usize, at: usize, depth: usize, found: &mut Contents) {
        for path in self.paths_taken_from(source, at) {
            match path {
                Some(path) => {
                    let end = Moment { instruction: self.stages[source].span.body.end, invocation: None };
                    found.join(self.contents_at(source, &path, end, depth + 1));
                }
                None => found.unknown = found.unknown.or(Some(self.instruction(at).range)),
            }
        }
    }

    fn written_by_copy_from_image(&self, copy: &CopyBody, instruction: &Instruction, found: &mut Contents) {
        if copy.sources.iter().all(|source| is_portable_path(&source.text)) {
            found.portable = true;
        } else {
            found.native = found.native.or(Some(instruction.range));
        }
    }

    /// Adds what a RUN writes. Whether it wrote the whole of `path`, so that nothing from before is left of it.
    fn written_by_run(
        &self,
        stage: &Stage<'_>,
        at: usize,
        limit: Option<usize>,
        path: &str,
        depth: usize,
        found: &mut Contents,
    ) -> bool {
        let run_index = stage.runs.partition_point(|run| run.instruction < at);
        let Some(run) = stage.runs.get(run_index).filter(|run| run.instruction == at) else { return false };
        if self.is_mounted(at, path) {
            return false;
        }
        if run.incomplete {
            found.unknown = found.unknown.or(Some(self.instruction(at).range));
        }
        let end = limit.unwrap_or(run.invocations.len());
        for index in (0..end).rev() {
            let invocation = &run.invocations[index];
            if invocation.worlds.is_empty() {
                continue;
            }
            let id = InvocationId { stage: stage.index, run: run_index, invocation: index };
            let written = self.written_by(run, invocation, id, path, depth, found);
            if written && !invocation.conditional && invocation.worlds.is_all() {
                return true;
            }
        }
        false
    }

    /// Adds what a command writes. Whether it wrote the whole of `path`.
    fn written_by(
        &self,
        run: &Run,
        invocation: &Invocation,
        id: InvocationId,
        path: &str,
        depth: usize,
        found: &mut Contents,
    ) -> bool {
        let directory = invocation.directory.as_deref();
        for target in &invocation.redirected_to {
            let target = target.constant().and_then(|target| resolve_path(directory, target));
            if target.as_deref().is_none_or(|target| touches(target, path)) {
                if words::probe(invocation).is_some() {
                    found.probed = found.probed.or(Some(invocation.name_range()));
                }
                found.depends_on_words(invocation);
                found.portable = true;
            }
        }
        let Some(command) = invocation.command else {
            found.unknown = found.unknown.or(Some(invocation.range));
            return false;
        };
        match command.does {
            Does::Print | Does::Test => {}
            Does::Edit => found.portable |= self.names(invocation, path),
            Does::Copy => return self.written_by_cp(invocation, id, path, depth, found),
            Does::Resolve | Does::Generate => found.portable |= !is_system_path(path),
            Does::Install => {
                if self.installs_at(invocation, path) {
                    found.native = found.native.or(Some(invocation.name_range()));
                }
            }
            Does::Fetch | Does::Unpack => {
                if !self.outputs(invocation).iter().any(|output| touches_known(output, path)) {
                    return false;
                }
                found.depends_on_words(invocation);
                for other in &run.invocations {
                    if other.command.is_some_and(|command| command.does == Does::Fetch) {
                        found.depends_on_words(other);
                    }
                }
                found.portable = true;
            }
            Does::Compile => {
                let outputs = self.outputs(invocation);
                if !command.output_folders.is_empty() && invocation.option(command.output_options).is_none() {
                    if self.may_hold_output_folder(invocation, path, command.output_folders) {
                        found.products.push(id);
                    }
                    return false;
                }
                if outputs.iter().any(|output| touches_known(output, path)) {
                    found.products.push(id);
                    return invocation.program() == Some("go")
                        && outputs.iter().all(|output| output.as_deref() == Some(path));
                }
            }
        }
        false
    }

    /// Whether an installing command may put files of its own machine at a path: into the folders that it is known for,
    /// into the one that an option names, or among the system's.
    fn installs_at(&self, invocation: &Invocation, path: &str) -> bool {
        let Some(command) = invocation.command else { return true };
        if command.output_operands || invocation.option(command.output_options).is_some() {
            return self.outputs(invocation).iter().any(|output| touches_known(output, path));
        }
        match command.output_folders {
            [] => is_system_path(path),
            folders => self.may_hold_output_folder(invocation, path, folders),
        }
    }

    fn written_by_cp(
        &self,
        invocation: &Invocation,
        id: InvocationId,
        path: &str,
        depth: usize,
        found: &mut Contents,
    ) -> bool {
        let directory = invocation.directory.as_deref();
        let operands = invocation.operands();
        let Some((destination, sources)) = operands.split_last() else { return false };
        let to = destination.value.constant().and_then(|path| resolve_path(directory, path));
        if to.as_deref().is_some_and(|to| !touches(to, path)) {
            return false;
        }
        let before = Moment {
            instruction: self.stages[id.stage].runs[id.run].instruction,
            invocation: Some(id.invocation),
        };
        for source in sources {
            match source.value.constant().and_then(|source| resolve_path(directory, source)) {
                Some(source) => found.join(self.contents_at(id.stage, &source, before, depth + 1)),
                None => found.unknown = found.unknown.or(Some(invocation.range)),
            }
        }
        to.as_deref() == Some(path)
            && sources.len() == 1
            && !destination.value.constant().is_some_and(|to| to.ends_with('/'))
    }

    /// Whether an operand names the path or something in it or around it.
    fn names(&self, invocation: &Invocation, path: &str) -> bool {
        invocation.operands().iter().any(|word| match word.value.constant() {
            Some(text) => {
                resolve_path(invocation.directory.as_deref(), text).is_none_or(|named| touches(&named, path))
            }
            None => true,
        })
    }

    /// Where a command writes: what its options name, else its working directory; none for one that is not known.
    pub fn outputs(&self, invocation: &Invocation) -> Vec<Option<Rc<str>>> {
        let directory = invocation.directory.as_deref();
        let options = invocation.command.map_or(&[][..], |command| command.output_options);
        let named: Vec<Option<Rc<str>>> = invocation
            .options()
            .filter(|option| options.contains(&option.name))
            .map(|option| option.value().constant().and_then(|path| resolve_path(directory, path)))
            .collect();
        if !named.is_empty() {
            return named;
        }
        if invocation.command.is_some_and(|command| command.output_operands) {
            let operands = invocation.operands().into_iter();
            return operands.map(|word| word.value.constant().and_then(|path| resolve_path(directory, path))).collect();
        }
        if invocation.command.is_some_and(|command| command.name == "go install") {
            return vec![Some("/go/bin".into())];
        }
        vec![directory.map(Into::into)]
    }

    /// Whether a path lies in one of the folders that a command makes below its project, or holds such a folder.
    fn may_hold_output_folder(&self, invocation: &Invocation, path: &str, folders: &[&str]) -> bool {
        let directory = invocation.directory.as_deref();
        let mut projects = invocation.operands().into_iter().map(|word| {
            let project = word.value.constant()?;
            let folder = project
                .rsplit_once('/')
                .map_or(".", |(folder, file)| if file.contains('.') { folder } else { project });
            resolve_path(directory, folder)
        });
        let of_project = |project: Option<Rc<str>>| {
            project.is_none_or(|project| {
                is_within(&project, path)
                    || *project == *path
                    || (is_within(path, &project) && path.split('/').any(|part| folders.contains(&part)))
            })
        };
        let in_directory = of_project(directory.map(Into::into));
        in_directory || projects.any(of_project)
    }

    /// Whether `path` lies in a mount of the RUN, so that nothing written there stays.
    fn is_mounted(&self, at: usize, path: &str) -> bool {
        let scope = self.scope(at);
        self.instruction(at).flags_named("mount").any(|mount| {
            let target = ["target", "dst", "destination"].iter().find_map(|name| mount.key(name));
            let target =
                target.map(|key| expanded(key.value.as_ref(), &scope.environment, self.parse.escape));
            let target = target.as_ref().and_then(|target| target.constant());
            target
                .and_then(|target| resolve_path(scope.directory.as_deref(), target))
                .is_some_and(|target| path == &*target || is_within(path, &target))
        })
    }
}

/// Whether one path is the other or lies in it. Wildcards in `path` may name anything.
fn touches(written: &str, path: &str) -> bool {
    written == path
        || is_within(path, written)
        || is_within(written, path)
        || (path.contains(['*', '?', '[']) && may_touch_pattern(written, path))
}

fn touches_known(written: &Option<Rc<str>>, path: &str) -> bool {
    written.as_deref().is_none_or(|written| touches(written, path))
}

fn may_touch_pattern(written: &str, pattern: &str) -> bool {
    let fixed = pattern.split(['*', '?', '[']).next().unwrap_or_default();
    may_name(pattern, written) || written.starts_with(fixed)
}

fn is_within(path: &str, folder: &str) -> bool {
    folder == "/" || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether images bring files of their own there (Filesystem Hierarchy Standard 3.0), or the path is around such a
/// folder. `/usr/src`, `/opt` and `/home` come empty.
fn is_system_path(path: &str) -> bool {
    const SYSTEM: [&str; 21] = [
        "/bin",
        "/boot",
        "/etc",
        "/lib",
        "/lib64",
        "/sbin",
        "/usr/bin",
        "/usr/include",
        "/usr/local/bundle",
        "/usr/lib",
        "/usr/lib64",
        "/usr/libexec",
        "/usr/local/bin",
        "/usr/local/go",
        "/usr/local/include",
        "/usr/local/lib",
        "/usr/local/sbin",
        "/usr/local/share",
        "/usr/sbin",
        "/usr/share",
        "/var/lib",
    ];
    SYSTEM.iter().any(|folder| path == *folder || is_within(path, folder) || is_within(folder, path))
}

/// Whether images hold the same files there on every architecture.
fn is_portable_path(path: &str) -> bool {
    const PORTABLE: [&str; 11] = [
        "/etc/ssl/certs",
        "/etc/ssl/cert.pem",
        "/etc/passwd",
        "/etc/group",
        "/etc/pki",
        "/etc/ca-certificates",
        "/usr/share/zoneinfo",
        "/usr/share/ca-certificates",
        "/usr/local/share/ca-certificates",
        "/usr/share/fonts",
        "/usr/local/go/lib/time",
    ];
    PORTABLE.iter().any(|known| path == *known || is_within(path, known))
}
