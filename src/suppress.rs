//! Comments with which authors accept findings: our own, hadolint's and `BuildKit`'s.

mod comments;

use comments::{Comment, Entry, Reach};

use crate::diagnostics::{Applicability, Confidence, Diagnostic, Edit, Fix};
use crate::rules::{CARDS, Card};
use crate::syntax::{Parse, PieceKind};
use crate::text::{SourceFile, TextRange, TextSize};

/// The rule on suppressions that suppress nothing.
pub(crate) const UNUSED: &str = "XC901";
/// The code of syntax errors, which nothing can accept.
const SYNTAX: &str = "syntax";

/// The suppressions of a file.
pub(crate) struct Suppressions<'a> {
    file: &'a SourceFile,
    parse: &'a Parse,
    comments: Vec<Comment>,
    /// The comments on the whole file, and those on instructions in the order of the file, by index.
    on_file: Vec<usize>,
    on_instructions: Vec<(TextRange, usize)>,
}

impl<'a> Suppressions<'a> {
    /// Reads the comments of a file.
    pub(crate) fn read(file: &'a SourceFile, parse: &'a Parse) -> Self {
        let comments = comments::read(file, parse);
        let (mut on_file, mut on_instructions) = (Vec::new(), Vec::new());
        for (index, comment) in comments.iter().enumerate() {
            match comment.reach {
                Reach::File => on_file.push(index),
                Reach::Instruction(range) => on_instructions.push((range, index)),
                Reach::Nothing => {}
            }
        }
        Self { file, parse, comments, on_file, on_instructions }
    }

    /// The comments on the instruction that holds `at`, by index.
    fn above(&self, at: TextSize) -> impl Iterator<Item = usize> {
        let first = self.on_instructions.partition_point(|(range, _)| range.end() <= at);
        let rest = &self.on_instructions[first..];
        rest.iter().take_while(move |(range, _)| range.contains(at)).map(|(_, index)| *index)
    }

    /// Whether they name a rule.
    pub(crate) fn names(&self, code: &str) -> bool {
        self.entries().any(|entry| entry.codes().contains(&code))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.comments.iter().flat_map(|comment| &comment.entries)
    }

    /// Takes out what is accepted. A comment may accept a finding of a rule that was not asked for: those are `unasked`.
    /// `is_asked` tells whether [`UNUSED`] is to be reported.
    pub(crate) fn apply(mut self, findings: &mut Vec<Diagnostic>, unasked: &[Diagnostic], is_asked: bool) {
        findings.retain(|finding| !self.accept(finding));
        for finding in unasked {
            self.accept(finding);
        }
        if is_asked {
            let unused: Vec<Diagnostic> =
                self.comments.iter().flat_map(|comment| unused(comment, card())).collect();
            findings.extend(unused.into_iter().filter(|finding| !self.accept(finding)));
        }
    }

    /// Whether a comment accepts the finding; each that does is of use.
    fn accept(&mut self, finding: &Diagnostic) -> bool {
        let mut accepted = false;
        let reaching: Vec<usize> =
            self.above(finding.primary.start()).chain(self.on_file.iter().copied()).collect();
        for index in reaching {
            let entries = self.comments[index].entries.iter_mut();
            for entry in entries.filter(|entry| entry.means(self.file, self.parse, finding)) {
                entry.used = true;
                accepted = true;
            }
        }
        accepted
    }

    /// The fixes that make comments accept the findings, which are in the order of the file: one for each instruction,
    /// with the index of a finding. Syntax errors cannot be accepted, and comments of no use are to be removed instead.
    pub(crate) fn ignoring(&self, findings: &[Diagnostic], line_ending: &str) -> Vec<(usize, Fix)> {
        let mut fixes = Vec::new();
        let mut above = 0;
        for (at, piece) in self.parse.pieces.iter().enumerate() {
            if let PieceKind::Instruction(index) = piece.kind {
                let range = self.parse.instructions[index as usize].range;
                fixes.extend(self.ignoring_in(range, findings, self.parse.pieces[above].range, line_ending));
            }
            // A comment of hadolint's stays next to the instruction: it counts for the next line only.
            let is_hadolint =
                piece.kind == PieceKind::Comment && comments::is_hadolint(self.file.slice(piece.range));
            above = if is_hadolint { above } else { at + 1 };
        }
        fixes
    }

    /// The fix for the findings in the instruction at `range`: a longer list, or a comment above the line `below`.
    fn ignoring_in(
        &self,
        range: TextRange,
        findings: &[Diagnostic],
        below: TextRange,
        line_ending: &str,
    ) -> Option<(usize, Fix)> {
        let first = findings.partition_point(|finding| finding.primary.start() < range.start());
        let within = findings[first..].iter().take_while(|finding| finding.primary.start() < range.end());
        let is_rule = |code: &&str| ![SYNTAX, UNUSED].contains(code);
        let mut codes: Vec<&str> = within.map(|finding| finding.code).filter(is_rule).collect();
        codes.sort_unstable();
        codes.dedup();
        let list = codes.join(",");
        let own = self.above(range.start()).map(|index| &self.comments[index]).find(|comment| comment.own);
        let edit = match own.and_then(|comment| comment.entries.last()) {
            _ if codes.is_empty() => return None,
            Some(entry) => insert(entry.range.end(), format!(",{list}")),
            None => {
                let line = self.file.slice(below);
                let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
                insert(below.start(), format!("{indent}# dflint ignore={list}{line_ending}"))
            }
        };
        let title = format!("Ignore {} here", codes.join(", "));
        Some((first, Fix { title, applicability: Applicability::Safe, edits: vec![edit] }))
    }
}

/// The card of the rule about the comments themselves.
pub(crate) fn card() -> &'static Card {
    CARDS.iter().find(|card| card.code == UNUSED).expect("the card of this rule")
}

fn insert(at: TextSize, text: String) -> Edit {
    Edit { range: TextRange::empty(at), text }
}

/// What is to be said of a comment: one thing if none of it is of use, or else one for each part that is not.
fn unused(comment: &Comment, card: &'static Card) -> Vec<Diagnostic> {
    let finding = |primary, message: String, fix: Option<Fix>| Diagnostic {
        code: card.code,
        name: card.name,
        severity: card.severity,
        confidence: Confidence::High,
        message,
        primary,
        related: Vec::new(),
        help: None,
        fixes: fix.into_iter().collect(),
    };
    if let Some((range, message)) = &comment.mistake {
        return vec![finding(*range, message.clone(), None)];
    }
    let reached = match comment.reach {
        Reach::File => "this file has no such finding",
        Reach::Instruction(_) => "the instruction below has no such finding",
        Reach::Nothing => "no instruction stands below it",
    };
    let fix = |title: &str, range| Fix {
        title: title.to_owned(),
        applicability: Applicability::Safe,
        edits: vec![Edit { range, text: String::new() }],
    };
    let is_unused = |entry: &Entry| entry.is_judged() && !entry.used;
    if !comment.entries.is_empty() && comment.entries.iter().all(is_unused) {
        let names: Vec<String> = comment.entries.iter().map(|entry| format!("`{}`", entry.text)).collect();
        let message = format!("the comment ignores {} in vain: {reached}", names.join(", "));
        let removal = comment.line.map(|line| fix("Remove the comment", line));
        return vec![finding(comment.text, message, removal)];
    }
    let mut found = Vec::new();
    for (index, entry) in comment.entries.iter().enumerate().filter(|(_, entry)| is_unused(entry)) {
        // With the comma that separates it from the next one, or from the one before.
        let range = match (comment.entries.get(index + 1), index.checked_sub(1)) {
            (Some(next), _) => TextRange::new(entry.range.start(), next.range.start()),
            (None, Some(before)) => TextRange::new(comment.entries[before].range.end(), entry.range.end()),
            (None, None) => entry.range,
        };
        let message = format!("the comment ignores `{}` in vain: {reached}", entry.text);
        let title = format!("Take `{}` out of the comment", entry.text);
        found.push(finding(entry.range, message, Some(fix(&title, range))));
    }
    found
}
