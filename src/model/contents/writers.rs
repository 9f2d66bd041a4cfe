//! What each kind of instruction and command writes.

use std::rc::Rc;

use super::super::interpreter::resolve_path;
use super::super::scopes::expanded;
use super::super::{Facts, Invocation, InvocationId, Run, Stage, WORLDS, words};
use super::outputs::{is_for_other_target, outputs};
use super::paths::{
    is_in_or_around, is_portable_file, is_portable_path, is_system_path, is_within, rest_of, touches,
    touches_known,
};
use super::{Cause, Contents, Moment};
use crate::knowledge::Does;
use crate::syntax::{Body, CopyBody};

impl Facts<'_> {
    /// Adds what a COPY or ADD writes. Whether the search ends: never, a copied folder need not hold the path.
    pub(super) fn written_by_copy(&self, at: usize, path: &str, depth: usize, found: &mut Contents) -> bool {
        let instruction = self.instruction(at);
        let Body::Copy(copy) = &instruction.body else { return false };
        let scope = self.scope(at);
        let destination = expanded(Some(&copy.destination), &scope.environment, self.parse.escape);
        let folder = scope.directory.as_deref();
        let mut within = None;
        match destination.constant().map(|path| resolve_path(folder, path)) {
            Some(Some(destination)) if touches(&destination, path) => {
                within = rest_of(path, &destination).map(str::to_owned);
            }
            // Relative to a directory that only the image knows: elsewhere than an absolute path, but by accident.
            Some(_) => return false,
            None => found.unknown = found.unknown.or(Some(instruction.range)),
        }
        match instruction.flag("from").and_then(|flag| flag.value.as_ref()) {
            None => {
                found.portable = true;
                if copy.sources.iter().any(|source| source.text.contains("://")) {
                    found.add_downloads(&[Cause::Copy(at)]);
                }
            }
            Some(from) => match self.stage_named(&from.text) {
                Some(source) if source < self.model.stages.len() => {
                    self.written_by_copy_from(source, at, within.as_deref(), depth, found);
                }
                _ => Self::written_by_copy_from_image(copy, at, found),
            },
        }
        false
    }

    /// Adds what a COPY takes from a stage: all of it, or what comes to stand at `within` below the destination.
    fn written_by_copy_from(
        &self,
        source: usize,
        at: usize,
        within: Option<&str>,
        depth: usize,
        found: &mut Contents,
    ) {
        let end = Moment { instruction: self.model.stages[source].span.body.end, invocation: None };
        for path in self.paths_taken_from(source, at) {
            match path {
                // Of a folder, its contents are copied: a part of the destination is that part of the source.
                Some(path) if within.is_some() && !path.contains(['*', '?', '[']) => {
                    let within = within.unwrap_or_default();
                    let part = format!("{}/{within}", path.trim_end_matches('/')).into();
                    found.join(&self.gathered_at(source, &part, end, depth + 1));
                    let name = path.rsplit('/').next().unwrap_or_default();
                    if within.split('/').next() == Some(name) {
                        found.join(&self.gathered_at(source, &path, end, depth + 1));
                    }
                }
                Some(path) => found.join(&self.contents_at(source, &path, end, depth + 1)),
                None => found.unknown = found.unknown.or(Some(self.instruction(at).range)),
            }
        }
    }

    fn written_by_copy_from_image(copy: &CopyBody, at: usize, found: &mut Contents) {
        if copy.sources.iter().all(|source| is_portable_path(&source.text)) {
            found.portable = true;
        } else {
            found.native = found.native.or(Some(Cause::Copy(at)));
        }
    }

    /// Adds what a RUN writes. Whether it wrote the whole of `path`, so that nothing from before is left of it.
    pub(super) fn written_by_run(
        &self,
        stage: &Stage,
        at: usize,
        limit: Option<usize>,
        path: &str,
        depth: usize,
        found: &mut Contents,
    ) -> bool {
        let runs = self.runs(stage.index);
        let run_index = runs.partition_point(|run| run.instruction < at);
        let Some(run) = runs.get(run_index).filter(|run| run.instruction == at) else { return false };
        // What lies in a mount is there for the RUN's own commands only.
        if limit.is_none() && self.is_mounted(at, path) {
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
                self.written_from_operands(invocation, id, depth, found);
                found.portable = true;
            }
        }
        let Some(command) = invocation.command else {
            found.unknown = found.unknown.or(Some(invocation.range));
            return false;
        };
        match command.does {
            Does::Edit if Self::names(invocation, path) => {
                self.written_from_operands(invocation, id, depth, found);
                found.portable = true;
            }
            Does::Print | Does::Test | Does::Edit => {}
            Does::Copy => return self.written_by_cp(invocation, id, path, depth, found),
            Does::Resolve | Does::Generate => found.portable |= !is_system_path(path),
            Does::Bundle => self.written_by_bundle(invocation, id, path, found),
            Does::Install => {
                if self.installs_at(invocation, path) {
                    // Which of the packages' files are for the target is not known.
                    if invocation.is_by_xx() || run.invocations.iter().any(Invocation::gets_for_target) {
                        found.unknown = found.unknown.or(Some(invocation.name_range()));
                    } else {
                        found.native = found.native.or(Some(Cause::Command(id)));
                    }
                }
            }
            Does::Unpack if packs(invocation) => {
                found.unknown = found.unknown.or(Some(invocation.name_range()));
            }
            Does::Fetch | Does::Unpack => self.written_by_download(run, invocation, id, path, depth, found),
            Does::Compile => {
                let outputs = self.outputs(invocation);
                let folders = command.output_folders;
                if !folders.is_empty() && Self::may_hold_output_folder(invocation, path, folders) {
                    if !is_for_other_target(invocation, path) {
                        found.products.push(id);
                    }
                    return false;
                }
                if !folders.is_empty() && invocation.option(command.output_options).is_none() {
                    return false;
                }
                if outputs.iter().any(|output| touches_known(output.as_deref(), path)) {
                    found.products.push(id);
                    return invocation.program() == Some("go")
                        && outputs.iter().all(|output| output.as_deref() == Some(path));
                }
            }
        }
        false
    }

    /// Adds what a bundling command writes: into the folders that it is known for, or that an option names, files that are
    /// the same on every architecture; elsewhere in its project, nobody knows.
    fn written_by_bundle(&self, invocation: &Invocation, id: InvocationId, path: &str, found: &mut Contents) {
        let Some(command) = invocation.command else { return };
        if Self::may_hold_output_folder(invocation, path, command.native_folders)
            && !command.native_folders.is_empty()
        {
            found.native = found.native.or(Some(Cause::Command(id)));
        }
        let named = invocation.option(command.output_options).is_some();
        let is_output =
            named && self.outputs(invocation).iter().any(|output| touches_known(output.as_deref(), path));
        let is_within_reach =
            invocation.directory.as_deref().is_none_or(|directory| touches(directory, path));
        // Without folders of its own it writes where it is told to, else anywhere in its directory.
        let has_folders = !command.output_folders.is_empty();
        if is_output
            || Self::may_hold_output_folder(invocation, path, command.output_folders)
            || (!named && !has_folders && invocation.directory.is_some() && is_within_reach)
            || is_portable_file(path)
        {
            found.portable = true;
        } else if is_within_reach && (has_folders || !named) {
            found.unknown = found.unknown.or(Some(invocation.name_range()));
        }
    }

    /// Adds what a command may hand on from the files that it names, or from what it reads.
    fn written_from_operands(
        &self,
        invocation: &Invocation,
        id: InvocationId,
        depth: usize,
        found: &mut Contents,
    ) {
        if invocation.reads_input {
            found.unknown = found.unknown.or(Some(invocation.name_range()));
        }
        if matches!(invocation.program(), Some("echo" | "printf")) {
            return;
        }
        let before = Moment { instruction: self.run(id).instruction, invocation: Some(id.invocation) };
        for word in invocation.operands() {
            let Some(text) = word.value.constant() else { continue };
            let Some(source) = resolve_path(invocation.directory.as_deref(), text) else { continue };
            // Not every operand is a file: what nothing is known of says nothing.
            let contents = self.contents_at(id.stage, &source, before, depth + 1);
            found.products.extend(
                contents
                    .products
                    .iter()
                    .filter(|product| !found.products.contains(product))
                    .copied()
                    .collect::<Vec<_>>(),
            );
            found.native = found.native.or(contents.native);
            if !invocation.redirected_to.is_empty() {
                found.add_downloads(&contents.downloads);
            }
        }
    }

    /// Whether an installing command may put files of its own machine at a path: into the folders that it is known for,
    /// into the one that an option names, or among the system's.
    fn installs_at(&self, invocation: &Invocation, path: &str) -> bool {
        let Some(command) = invocation.command else { return true };
        if command.output_operands || invocation.option(command.output_options).is_some() {
            return self.outputs(invocation).iter().any(|output| touches_known(output.as_deref(), path));
        }
        match command.output_folders {
            // `~/.local` is the user's own /usr/local.
            [] => is_system_path(path) || is_in_or_around(path, ".local"),
            folders => is_system_path(path) || Self::may_hold_output_folder(invocation, path, folders),
        }
    }

    /// Whether an operand names the path or something in it, in one of the builds. What nobody knows names neither.
    pub(super) fn names(invocation: &Invocation, path: &str) -> bool {
        let directory = invocation.directory.as_deref();
        let is_path = |text: &str| {
            resolve_path(directory, text).is_none_or(|named| *named == *path || is_within(&named, path))
        };
        let mut words = invocation.operands().into_iter();
        words.any(|word| (0..WORLDS).any(|world| word.value.world(world).text().is_some_and(is_path)))
    }

    /// Where a command writes: what its options name, else its working directory; none for one that is not known.
    pub fn outputs<'i>(&self, invocation: &'i Invocation) -> &'i [Option<Rc<str>>] {
        invocation.outputs.get_or_init(|| outputs(invocation).into())
    }

    /// Whether a path lies in one of the folders that a command makes below its project, or holds such a folder.
    fn may_hold_output_folder(invocation: &Invocation, path: &str, folders: &[&str]) -> bool {
        let directory = invocation.directory.as_deref();
        // What a package manager is given by name are packages.
        let compiles = invocation.command.is_some_and(|command| command.does == Does::Compile);
        let operands = if compiles { invocation.operands() } else { Vec::new() };
        let mut projects = operands.into_iter().map(|word| {
            let project = word.value.constant()?;
            let folder = project
                .rsplit_once('/')
                .map_or(".", |(folder, file)| if file.contains('.') { folder } else { project });
            resolve_path(directory, folder)
        });
        let of_project = |project: Option<Rc<str>>| {
            let Some(project) = project else { return !is_system_path(path) };
            is_within(&project, path)
                || *project == *path
                || (is_within(path, &project) && folders.iter().any(|folder| is_in_or_around(path, folder)))
        };
        // `--prefix DIR`, `-C DIR`: whatever an option names may be the project, but for what it writes. `-Dname=value`
        // names none, nor does what tells the target.
        let tells_outcome = |name: &str| {
            invocation.command.is_some_and(|command| {
                command.output_options.contains(&name) || command.target_options.contains(&name)
            })
        };
        let names_none = |name: &str| name.len() > 2 && !name.starts_with("--") || tells_outcome(name);
        let by_option = invocation.options().filter(|option| !names_none(option.name));
        let mut by_option = by_option.filter_map(|option| {
            let value = option.value();
            value.may_be_set().then(|| value.constant().and_then(|path| resolve_path(directory, path)))
        });
        of_project(directory.map(Into::into)) || projects.any(of_project) || by_option.any(of_project)
    }

    /// Whether `path` lies in a mount of the RUN, so that nothing written there stays.
    fn is_mounted(&self, at: usize, path: &str) -> bool {
        let scope = self.scope(at);
        self.instruction(at).flags_named("mount").any(|mount| {
            let target = ["target", "dst", "destination"].iter().find_map(|name| mount.key(name));
            let target = target.map(|path| expanded(Some(&path), &scope.environment, self.parse.escape));
            let target = target.as_ref().and_then(|target| target.constant());
            target
                .and_then(|target| resolve_path(scope.directory.as_deref(), target))
                .is_some_and(|target| path == &*target || is_within(path, &target))
        })
    }
}

/// Whether `tar` makes an archive, of files that are not followed into it.
fn packs(invocation: &Invocation) -> bool {
    let first = invocation.arguments().first().and_then(|word| word.value.constant()).unwrap_or_default();
    let by_letter = !first.starts_with("--") && first.trim_start_matches('-').contains('c');
    invocation.program().is_some_and(|program| program.ends_with("tar"))
        && (by_letter || invocation.option(&["-c", "--create"]).is_some())
}
