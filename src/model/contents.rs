//! What stands at a path of a stage: which commands wrote it, and whether it is for the platform that the stage runs on.
//!
//! The instructions are read backwards from the moment of the question. A command that writes a whole file ends the
//! search, a command that may have written it adds what it writes.

mod copies;
mod downloads;
mod outputs;
mod paths;
mod writers;

use std::rc::Rc;

use paths::{holds_system_files, is_portable_path, is_system_path, is_within};
use thin_vec::ThinVec;

use super::interpreter::resolve_path;
use super::remembered::Answers;
use super::scopes::expanded;
use super::{Facts, Invocation, InvocationId, StageBase};
use crate::syntax::{Body, ImageReference, Keyword};
use crate::text::TextRange;

/// What stands at a path. Several answers hold at once for a folder.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Contents {
    /// The commands that compiled it or part of it.
    pub products: ThinVec<InvocationId>,
    /// What put files there that are for the platform that the stage runs on.
    pub native: Option<Cause>,
    /// What asked the machine for its architecture and left something that depends on the answer.
    pub probed: Option<TextRange>,
    /// What may have written there without dflint knowing what.
    pub unknown: Option<TextRange>,
    /// Whether something put files there that are the same wherever the stage runs.
    pub portable: bool,
    /// What downloaded it or part of it: commands, and ADDs as [`Cause::Copy`].
    pub downloads: ThinVec<Cause>,
}

impl Contents {
    /// The same without room for more, to be kept.
    fn without_slack(mut self) -> Self {
        self.products.shrink_to_fit();
        self.downloads.shrink_to_fit();
        self
    }

    fn join(&mut self, other: &Self) {
        for product in &other.products {
            if !self.products.contains(product) {
                self.products.push(*product);
            }
        }
        self.add_downloads(&other.downloads);
        self.native = self.native.or(other.native);
        self.probed = self.probed.or(other.probed);
        self.unknown = self.unknown.or(other.unknown);
        self.portable |= other.portable;
    }

    fn add_downloads(&mut self, downloads: &[Cause]) {
        for download in downloads {
            if !self.downloads.contains(download) {
                self.downloads.push(*download);
            }
        }
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

/// What put files somewhere that are for one platform only.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cause {
    /// A command that installs.
    Command(InvocationId),
    /// The image that this stage starts from.
    BaseImage(usize),
    /// This COPY from an image, or this ADD, by its index in the parse.
    Copy(usize),
}

/// A moment in a stage: in front of the instruction with this index; within a RUN, in front of one of its commands.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
struct Moment {
    instruction: usize,
    invocation: Option<usize>,
}

/// The answers so far. Without them, every stage that takes a folder twice from the one above it would double the work.
#[derive(Default)]
pub(super) struct Known {
    /// What stands at a path, by stage, path, moment and depth.
    gathered: Answers<Question, Rc<Contents>>,
    /// What is taken from a stage, by the stage and the taking instruction.
    taken: Answers<(usize, usize), Rc<Contents>>,
}

impl Known {
    /// Drops the answers for which one of these was read.
    pub(super) fn forget(&mut self, changed: &[usize]) {
        self.gathered.forget(changed);
        self.taken.forget(changed);
    }
}

type Question = (usize, Rc<str>, Moment, usize);

/// How many stages and copies a file is followed through.
const MAX_DEPTH: usize = 64;

impl Facts<'_> {
    /// Where a cause is written.
    pub fn cause_range(&self, cause: Cause) -> TextRange {
        match cause {
            Cause::Command(id) => self.invocation(id).name_range(),
            Cause::BaseImage(stage) => self.model.stages[stage].label(),
            Cause::Copy(at) => self.instruction(at).range,
        }
    }

    /// What stands at `path` when the stage is finished.
    pub fn contents(&self, stage: usize, path: &Rc<str>) -> Rc<Contents> {
        let end = Moment { instruction: self.model.stages[stage].span.body.end, invocation: None };
        self.contents_at(stage, path, end, 0)
    }

    /// Whether a COPY or a mount from an image brings files that are for its platform.
    pub fn copies_native_files(&self, instruction: usize) -> bool {
        let at = self.instruction(instruction);
        let Some(from) = at.flag("from").and_then(|flag| flag.value.as_ref()) else { return true };
        let known = ImageReference::parse(from, self.parse.escape)
            .and_then(|image| self.project.knowledge.image(&image.name.text));
        let Body::Copy(copy) = &at.body else { return true };
        !known.is_some_and(|known| known.portable)
            && !copy.sources.iter().all(|source| is_portable_path(&source.text))
    }

    /// What the given COPY or RUN takes from the stage `from`.
    pub fn taken_from(&self, from: usize, instruction: usize) -> Rc<Contents> {
        self.model.answers.taken.get(&self.model.reads, (from, instruction), || {
            let mut contents = Contents::default();
            for path in self.paths_taken_from(from, instruction) {
                let Some(path) = path else {
                    contents.unknown = contents.unknown.or(Some(self.instruction(instruction).range));
                    continue;
                };
                contents.join(&self.contents(from, &path));
            }
            Rc::new(contents.without_slack())
        })
    }

    /// The paths that the given COPY or RUN takes from a stage; none for one that is not known.
    pub fn paths_taken_from(&self, from: usize, instruction: usize) -> Vec<Option<Rc<str>>> {
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
                    mount.key("from").is_some_and(|word| self.stage_named(&word.text) == Some(from))
                })
                .map(|mount| match mount.key("source").or_else(|| mount.key("src")) {
                    Some(path) => absolute(&expanded(Some(&path), environment, self.parse.escape)),
                    None => Some("/".into()),
                })
                .collect(),
        }
    }

    /// What stands at `path` at a moment. Where nothing that is understood writes it, something else does.
    fn contents_at(&self, stage: usize, path: &Rc<str>, until: Moment, depth: usize) -> Rc<Contents> {
        let found = self.gathered_at(stage, path, until, depth);
        if !found.is_empty() {
            return found;
        }
        Rc::new(Contents { unknown: Some(self.model.stages[stage].label()), ..Contents::default() })
    }

    /// What the commands and instructions that are understood put at `path`.
    fn gathered_at(&self, stage: usize, path: &Rc<str>, until: Moment, depth: usize) -> Rc<Contents> {
        let question = (stage, path.clone(), until, depth);
        self.model.answers.gathered.get(&self.model.reads, question, || {
            let mut found = Contents::default();
            self.gather(stage, path, until, depth, &mut found);
            Rc::new(found.without_slack())
        })
    }

    /// Adds what the stage, and before it the one that it is built on, put at `path`.
    fn gather(&self, stage: usize, path: &str, until: Moment, depth: usize, found: &mut Contents) {
        let of = &self.model.stages[stage];
        if depth > MAX_DEPTH || self.model.circular.binary_search(&stage).is_ok() {
            found.unknown = Some(of.label());
            return;
        }
        let last = if until.invocation.is_some() { until.instruction + 1 } else { until.instruction };
        for at in (of.span.body.start..last).rev() {
            let limit = until.invocation.filter(|_| at == until.instruction);
            let ended = match self.instruction(at).keyword {
                Keyword::Run => self.written_by_run(of, at, limit, path, depth, found),
                Keyword::Copy | Keyword::Add => self.written_by_copy(at, path, depth, found),
                _ => false,
            };
            if ended {
                return;
            }
        }
        match &of.base {
            StageBase::Stage(base) => {
                let end = Moment { instruction: self.model.stages[*base].span.body.end, invocation: None };
                self.gather(*base, path, end, depth + 1, found);
            }
            StageBase::Image(image) if image.known.is_some_and(|known| brings(known, path)) => {
                found.native = found.native.or(Some(Cause::BaseImage(stage)));
            }
            StageBase::Image(image)
                if image.known.is_some_and(|known| known.portable) || is_portable_path(path) =>
            {
                found.portable = true;
            }
            StageBase::Image(_) if is_system_path(path) && (found.is_empty() || holds_system_files(path)) => {
                found.native = found.native.or(Some(Cause::BaseImage(stage)));
            }
            StageBase::Image(_) | StageBase::Scratch => {}
            StageBase::Unknown => found.unknown = found.unknown.or(Some(of.label())),
        }
    }
}

/// Whether an image brings a folder of its own at a path, or around it.
fn brings(known: &crate::knowledge::Image, path: &str) -> bool {
    known
        .native_folders
        .iter()
        .any(|folder| path == *folder || is_within(path, folder) || is_within(folder, path))
}
