//! Edits in the author's own style: where a command has one option a line, so has what is added to it.

use std::collections::{BTreeMap, BTreeSet};

use super::maps::Mapped;
use crate::diagnostics::Edit;
use crate::model::{Facts, InvocationId, Origin};
use crate::syntax::{Body, Keyword, PieceKind};
use crate::text::{TextRange, TextSize};

/// Collects the edits of a fix.
pub struct Rewrite<'a> {
    pub(super) facts: &'a Facts<'a>,
    edits: Vec<Edit>,
    /// The platform arguments that commands need, with the command's RUN.
    needed: BTreeSet<(usize, &'static str)>,
    /// What a `case` in front of a RUN sets.
    pub(super) maps: BTreeMap<usize, BTreeSet<Mapped>>,
}

impl<'a> Rewrite<'a> {
    /// No edits yet.
    pub fn new(facts: &'a Facts<'a>) -> Self {
        Self { facts, edits: Vec::new(), needed: BTreeSet::new(), maps: BTreeMap::new() }
    }

    /// Replaces text of the file.
    pub fn replace(&mut self, range: TextRange, text: impl Into<String>) {
        let edit = Edit { range, text: text.into() };
        if !self.edits.contains(&edit) {
            self.edits.push(edit);
        }
    }

    /// Replaces a word of a shell, its quotes aside.
    pub fn replace_in_quotes(&mut self, range: TextRange, text: &str) {
        let written = self.facts.slice(range);
        let quoted = written.len() >= 2 && written.starts_with(['"', '\'']) && written.ends_with(['"', '\'']);
        let quote = TextSize::from(u32::from(quoted));
        self.replace(TextRange::new(range.start() + quote, range.end() - quote), text);
    }

    pub(super) fn insert(&mut self, at: TextSize, text: impl Into<String>) {
        self.edits.push(Edit { range: TextRange::empty(at), text: text.into() });
    }

    /// Moves a stage to the build platform. Where it names another stage that does nothing but name an image, it names that
    /// image itself from now on: on the name of a stage, the flag has no effect.
    pub fn pin(&mut self, stage: usize) {
        let from = self.facts.from(stage);
        if let Some(named) = self.facts.bare_image_below(stage).filter(|&named| named != stage) {
            let body = |stage: usize| self.facts.from_body(stage);
            if let (Some(own), Some(image)) = (body(stage), body(named)) {
                let image = self.facts.slice(image.image.range).to_owned();
                self.replace(own.image.range, image);
            }
        }
        match from.flag("platform") {
            Some(flag) => match &flag.value {
                Some(value) => self.replace(value.range, "$BUILDPLATFORM"),
                None => self.replace(flag.range, "--platform=$BUILDPLATFORM"),
            },
            None => self.insert(from.keyword_range.end(), " --platform=$BUILDPLATFORM"),
        }
    }

    /// Removes a flag of an instruction with the white space in front of it.
    pub fn remove_flag(&mut self, instruction: usize, flag: TextRange) {
        let instruction = self.facts.instruction(instruction);
        let before = instruction
            .flags
            .iter()
            .map(|other| other.range.end())
            .filter(|end| *end <= flag.start())
            .max()
            .unwrap_or(instruction.keyword_range.end());
        let gap = TextRange::new(before, flag.start());
        // A gap with a line break in it may hold a comment: only the flag goes, and one blank.
        if self.facts.slice(gap).contains('\n') {
            self.replace(TextRange::new(flag.start(), flag.end()), "");
        } else {
            self.replace(TextRange::new(before, flag.end()), "");
        }
    }

    /// Puts `NAME=value` in front of a command: behind its assignment to `neighbour`, else behind all that it has.
    pub fn assign(&mut self, id: InvocationId, text: &str, neighbour: &str) {
        let invocation = self.facts.invocation(id);
        let Some(program) = invocation.words.first() else { return };
        let assignments = &invocation.assignments;
        let beside = assignments.iter().position(|assignment| assignment.name == neighbour);
        match beside.or(assignments.len().checked_sub(1)) {
            Some(index) => {
                let end = assignments[index].range.end();
                let next =
                    assignments.get(index + 1).map_or(program.range.start(), |next| next.range.start());
                let gap = self.gap(end, next);
                self.insert(end, format!("{gap}{text}"));
            }
            None => {
                if let Some(site) = invocation.assignment_site {
                    self.insert(site.start(), format!("{text} "));
                }
            }
        }
    }

    /// Appends options to a command.
    pub fn append_option(&mut self, id: InvocationId, text: &str) {
        let invocation = self.facts.invocation(id);
        let Some(last) = invocation.words.last() else { return };
        let option = invocation.words.iter().rposition(|word| {
            word.value.world(0).text().is_some_and(|text| text.starts_with('-') || text.starts_with("/p:"))
        });
        let gap = match option {
            Some(option) if option > 0 => {
                let before = invocation.words[option - 1].range.end();
                self.gap(before, invocation.words[option].range.start())
            }
            _ => " ".to_owned(),
        };
        let text = text.replace(" --", &format!("{gap}--"));
        self.insert(last.range.end(), format!("{gap}{text}"));
    }

    /// Appends operands to a command, each as far from the one in front of it as that is from its own.
    pub fn append_operands(&mut self, id: InvocationId, operands: &[&str]) {
        let invocation = self.facts.invocation(id);
        let Some(&last) = invocation.operands().last() else { return };
        let before =
            invocation.words.iter().map(|word| word.range.end()).filter(|end| *end <= last.range.start());
        let gap = before.max().map_or_else(|| " ".to_owned(), |end| self.gap(end, last.range.start()));
        let text: String = operands.iter().flat_map(|operand| [&gap, *operand]).collect();
        self.insert(last.range.end(), text);
    }

    /// The white space between two words of a command as the author would repeat it: a line break with its escape and
    /// the indentation of the next line, or a blank.
    fn gap(&self, from: TextSize, to: TextSize) -> String {
        if to < from {
            return " ".to_owned();
        }
        let between = self.facts.slice(TextRange::new(from, to));
        let Some((before, indentation)) = between.rsplit_once('\n') else { return " ".to_owned() };
        let ending = if before.ends_with('\r') { "\r\n" } else { "\n" };
        let escape = self.facts.escape();
        format!(" {escape}{ending}{indentation}")
    }

    /// Sees to it that a command finds a platform argument: declares it in front of the command's RUN, unless it is.
    pub fn need(&mut self, id: InvocationId, argument: &'static str) {
        self.needed.insert((self.facts.run(id).instruction, argument));
    }

    /// Removes an instruction with its whole lines, and a blank line where it stood between two.
    pub fn delete(&mut self, instruction: usize) {
        let (own, _) = self.pieces_of(instruction);
        let pieces = self.facts.pieces_around(instruction);
        let is_blank = |index: usize| pieces.get(index).is_some_and(|piece| piece.kind == PieceKind::Blank);
        let range = pieces[own].range;
        let between_blanks = own > 0 && is_blank(own - 1) && is_blank(own + 1);
        let range = if between_blanks { range.cover(pieces[own + 1].range) } else { range };
        self.replace(range, "");
    }

    /// The same for an instruction of any kind.
    pub fn need_at(&mut self, instruction: usize, argument: &'static str) {
        self.needed.insert((instruction, argument));
    }

    /// The edits, disjoint and in the order of the file.
    pub fn finish(mut self) -> Vec<Edit> {
        self.declare_needed();
        for (at, text) in self.maps() {
            // What is put in front of the RUN's first command stands behind the map.
            let same = self.edits.iter().position(|edit| edit.range == TextRange::empty(at));
            let behind = same.map_or_else(String::new, |index| self.edits.remove(index).text);
            self.insert(at, text + &behind);
        }
        self.edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        self.edits
    }

    fn declare_needed(&mut self) {
        // Where an argument is declared by this very fix: the stage and the instruction.
        let mut declared: Vec<(usize, usize, &'static str)> = Vec::new();
        let mut lines: Vec<(usize, Vec<&'static str>)> = Vec::new();
        for (instruction, argument) in std::mem::take(&mut self.needed) {
            let automatic = self
                .facts
                .scope(instruction)
                .environment
                .binding(argument)
                .is_some_and(|binding| matches!(binding.origin, Origin::Automatic(_)));
            let Some(stage) = self.facts.stage_with(instruction) else { continue };
            let visible = |(in_stage, at, name): &(usize, usize, &str)| {
                *name == argument && *at <= instruction && self.facts.is_built_on(stage, *in_stage)
            };
            if automatic || declared.iter().any(visible) {
                continue;
            }
            declared.push((stage, instruction, argument));
            match lines.iter_mut().find(|(at, _)| *at == instruction) {
                Some((_, arguments)) => arguments.push(argument),
                None => lines.push((instruction, vec![argument])),
            }
        }
        for (instruction, arguments) in lines {
            self.declare(instruction, &arguments);
        }
        for (stage, instruction, argument) in declared {
            self.delete_later_declaration(stage, instruction, argument);
        }
    }

    /// Takes away the ARG below that declares just what is now declared above it.
    fn delete_later_declaration(&mut self, stage: usize, above: usize, argument: &str) {
        let body = self.facts.stages()[stage].span.body.clone();
        let later =
            body.into_iter().filter(|at| *at > above).find(|&at| match &self.facts.instruction(at).body {
                Body::Arg(pairs) => {
                    matches!(pairs.as_slice(), [pair] if pair.value.is_none() && pair.name.text == argument)
                }
                _ => false,
            });
        if let Some(later) = later {
            self.delete(later);
        }
    }

    /// Inserts `ARG A B` above an instruction and the comments that belong to it.
    pub fn declare(&mut self, instruction: usize, arguments: &[&str]) {
        let (own, first) = self.pieces_of(instruction);
        let pieces = self.facts.pieces_around(instruction);
        let of = self.facts.instruction(instruction);
        let ending = self.facts.line_ending();
        let indentation = self.facts.slice(TextRange::new(pieces[own].range.start(), of.range.start()));
        let arg = if self.is_lower_case(instruction) { "arg" } else { "ARG" };
        // A commented step that stands apart from what is above it stays apart from the declaration too.
        let apart = first < own && first > 0 && pieces[first - 1].kind == PieceKind::Blank;
        let blank = if apart { ending } else { "" };
        let at = pieces[first].range.start();
        self.insert(at, format!("{indentation}{arg} {}{ending}{blank}", arguments.join(" ")));
    }

    /// Inserts instructions, each a keyword and what stands behind it, below another one.
    pub fn insert_below(&mut self, instruction: usize, lines: &[(&str, String)]) {
        let (own, _) = self.pieces_of(instruction);
        let ending = self.facts.line_ending();
        let text = lines.iter().map(|(keyword, rest)| {
            let keyword = if self.is_lower_case(instruction) {
                keyword.to_ascii_lowercase()
            } else {
                (*keyword).to_owned()
            };
            format!("{keyword} {rest}{ending}")
        });
        let text: String = text.collect();
        self.insert(self.facts.pieces_around(instruction)[own].range.end(), text);
    }

    /// Inserts a stage of an image (`IMAGE`, with the flags in front of it) above another stage and the comments that
    /// belong to it, or below them where they may as well belong to the file.
    pub fn insert_stage_above(&mut self, stage: usize, image: &str, name: &str) {
        let instruction = self.facts.stages()[stage].span.from;
        let (own, first) = self.pieces_of(instruction);
        let pieces = self.facts.pieces_around(instruction);
        let is_header = first == 0 || pieces[first - 1].kind == PieceKind::Directive;
        let at = pieces[if is_header { own } else { first }].range.start();
        let ending = self.facts.line_ending();
        let from = if self.is_lower_case(instruction) { "from" } else { "FROM" };
        let body = self.facts.from_body(stage);
        let between = body.and_then(|body| {
            Some(TextRange::new(body.image.range.end(), body.alias.as_ref()?.range.start()))
        });
        let is_lower = between.is_some_and(|between| self.facts.slice(between).contains("as"));
        let named = if is_lower { "as" } else { "AS" };
        let line = format!("{from} {image} {named} {name}");
        // Several fixes may bring the same stage.
        self.replace(TextRange::empty(at), format!("{line}{ending}{ending}"));
    }

    /// The piece of an instruction, and the first of the comments right above it.
    fn pieces_of(&self, instruction: usize) -> (usize, usize) {
        let pieces = self.facts.pieces_around(instruction);
        let start = self.facts.instruction(instruction).range.start();
        let own = pieces.partition_point(|piece| piece.range.end() <= start);
        let mut first = own;
        while first > 0 && pieces[first - 1].kind == PieceKind::Comment {
            first -= 1;
        }
        (own, first)
    }

    fn is_lower_case(&self, instruction: usize) -> bool {
        let of = self.facts.instruction(instruction);
        debug_assert_ne!(of.keyword, Keyword::Unknown);
        self.facts.slice(of.keyword_range).chars().all(|c| c.is_ascii_lowercase())
    }
}
