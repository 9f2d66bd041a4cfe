//! What stages need of each other: files, triggers, and the order that follows.

use super::{Base, Import, ImportKind, Origin, Resolver, Source, from_body};
use crate::syntax::variables::{Expansion, Lookup, expand};
use crate::syntax::{Body, Flag, Instruction, Keyword, Word};
use crate::text::TextRange;

impl Resolver<'_> {
    /// Finds what each stage takes files from and what the targets need.
    pub(super) fn connect(&mut self, targets: Vec<usize>) {
        for stage in 0..self.stages.len() {
            for at in self.spans[stage].body.clone() {
                self.read_imports(stage, at, &self.parse.instructions[at], None);
            }
        }
        for index in 0..self.stages.len() {
            let own = self.stages[index].imports.iter().filter_map(|import| match import.origin {
                Origin::Stage(stage) => Some(Source { instruction: import.instruction, stage }),
                Origin::Image(_) => None,
            });
            self.stages[index].sources = own.collect();
        }
        self.refuse_circles();
        self.mark_reachable(targets);
        self.refuse_later_stages();
    }

    /// Reads what an instruction takes files from. A trigger's mistakes are those of the FROM that pulls it.
    fn read_imports(&mut self, stage: usize, at: usize, instruction: &Instruction, from: Option<TextRange>) {
        match instruction.keyword {
            Keyword::Copy => {
                let word = instruction.flag("from").and_then(|flag| flag.value.as_ref());
                let Some(word) = word.filter(|word| !word.text.is_empty()) else { return };
                let place = from.unwrap_or(word.range);
                if let Some(origin) = self.copy_origin(word, place) {
                    self.add_import(stage, at, ImportKind::Copy, origin, from.is_some());
                }
            }
            Keyword::Run => {
                for mount in instruction.flags_named("mount") {
                    let named = mount_from(mount);
                    let origin = match &named {
                        Some(word) => self.named_origin(&word.text, from.unwrap_or(word.range)),
                        // Mounts of nothing start from what is called `scratch`, be it a stage (convert_runmount.go).
                        None => self.named_origin("scratch", instruction.range),
                    };
                    let is_scratch = origin == Origin::Image("scratch".into());
                    if is_scratch && named.is_none() {
                        self.registered.push(origin);
                    } else {
                        self.add_import(stage, at, ImportKind::Mount, origin, from.is_some());
                    }
                }
            }
            _ => {}
        }
    }

    fn copy_origin(&mut self, word: &Word, place: TextRange) -> Option<Origin> {
        // Quotes, escapes and variables would change the text; BuildKit refuses all of them.
        let same = expand(&word.text, self.parse.escape, &mut |_| Lookup::Unset);
        if !matches!(same, Expansion::Known(text) if text == word.text) {
            let message = format!(
                "`--from={0}`: variables are not supported here; define a stage `FROM {0} AS …` and copy from it",
                word.text
            );
            self.error(place, message);
            return None;
        }
        let Ok(number) = word.text.parse::<i64>() else { return Some(self.named_origin(&word.text, place)) };
        let stages = self.stages.len();
        match usize::try_from(number) {
            Ok(number) if number < stages => Some(Origin::Stage(number)),
            Ok(number) if number - stages < self.registered.len() => {
                Some(self.registered[number - stages].clone())
            }
            _ => {
                self.error(place, format!("there is no stage number {number}; the first one is 0"));
                None
            }
        }
    }

    /// A stage of that name in any case, or else an image.
    fn named_origin(&mut self, name: &str, place: TextRange) -> Origin {
        if let Some(&stage) = self.by_name.get(name.to_ascii_lowercase().as_str()) {
            return Origin::Stage(stage);
        }
        if name != "scratch" {
            self.check_image(name, place, None);
        }
        Origin::Image(name.into())
    }

    fn add_import(
        &mut self,
        stage: usize,
        instruction: usize,
        kind: ImportKind,
        origin: Origin,
        is_trigger: bool,
    ) {
        if matches!(origin, Origin::Image(_)) {
            self.registered.push(origin.clone());
        }
        self.stages[stage].imports.push(Import { instruction, is_trigger, kind, origin });
    }

    /// Stages must not take files from each other in a circle, whether they are built or not.
    fn refuse_circles(&mut self) {
        #[derive(Clone, Copy, PartialEq)]
        enum Visit {
            Not,
            Open,
            Done,
        }
        let mut visits = vec![Visit::Not; self.stages.len()];
        for first in 0..self.stages.len() {
            if visits[first] != Visit::Not {
                continue;
            }
            visits[first] = Visit::Open;
            // Each stage on the way with how many of its sources were looked at.
            let mut path = vec![(first, 0)];
            while let Some((stage, seen)) = path.last_mut() {
                let Some(source) = self.stages[*stage].sources.get(*seen).copied() else {
                    visits[*stage] = Visit::Done;
                    path.pop();
                    continue;
                };
                *seen += 1;
                match visits[source.stage] {
                    Visit::Done => {}
                    Visit::Not => {
                        visits[source.stage] = Visit::Open;
                        path.push((source.stage, 0));
                    }
                    Visit::Open => {
                        let (taker, name) = (*stage, self.display_name(source.stage));
                        let message = if taker == source.stage {
                            format!("{name} takes files from itself")
                        } else {
                            format!("{name} takes files, directly or not, from {}", self.display_name(taker))
                        };
                        self.error(self.parse.instructions[source.instruction].range, message);
                    }
                }
            }
        }
    }

    /// Marks what the targets need. Triggers of the stages on the way may add to it.
    fn mark_reachable(&mut self, targets: Vec<usize>) {
        let mut pending = targets;
        while let Some(index) = pending.pop() {
            if std::mem::replace(&mut self.stages[index].reachable, true) {
                continue;
            }
            if let Base::Stage(base) = self.stages[index].base {
                pending.push(base);
                self.pull_triggers(index, base);
            }
            pending.extend(self.stages[index].imports.iter().filter_map(|import| match import.origin {
                Origin::Stage(stage) => Some(stage),
                Origin::Image(_) => None,
            }));
        }
    }

    /// The ONBUILD instructions of `base`, not those of what it starts from itself (initOnBuildTriggers in convert.go).
    fn pull_triggers(&mut self, stage: usize, base: usize) {
        let place = self.parse.instructions[self.spans[stage].from].range;
        for at in self.spans[base].body.clone() {
            if let Body::Onbuild(trigger) = &self.parse.instructions[at].body {
                self.stages[stage].triggers.push(at);
                self.read_imports(stage, at, trigger, Some(place));
            }
        }
    }

    /// Stages are built in the order of the file: what is needed must stand above.
    fn refuse_later_stages(&mut self) {
        for index in 0..self.stages.len() {
            if !self.stages[index].reachable {
                continue;
            }
            for import in self.stages[index].imports.clone() {
                let Origin::Stage(stage) = import.origin else { continue };
                // A trigger may take files from the very stage that pulls it: as far as that got.
                if stage <= index {
                    continue;
                }
                let at = if import.is_trigger { self.spans[index].from } else { import.instruction };
                let message = format!(
                    "{} must stand above the stage that takes files from it",
                    self.display_name(stage)
                );
                self.error(self.parse.instructions[at].range, message);
            }
        }
    }

    fn display_name(&self, stage: usize) -> String {
        let from = from_body(&self.parse.instructions[self.spans[stage].from]);
        match from.and_then(|from| from.alias.as_ref()) {
            Some(alias) => format!("stage `{}`", alias.text),
            None => format!("stage {stage}"),
        }
    }
}

/// The value of `from` that counts: the last one.
fn mount_from(mount: &Flag) -> Option<Word> {
    let key = mount.keys().filter(|key| key.name().eq_ignore_ascii_case("from")).last()?;
    key.value().filter(|word| !word.text.is_empty())
}
