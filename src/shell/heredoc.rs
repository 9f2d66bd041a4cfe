//! Heredocs within the text: their bodies stand behind the line, far from the redirection that they belong to.

use std::collections::HashMap;

use super::cursor::Parser;
use super::words::Context;
use super::{Command, CommandKind, Item, PartKind, Redirection, Word, WordPart};
use crate::text::{TextRange, TextSize};

/// A heredoc whose body comes behind the next line break.
pub(super) struct Pending {
    /// The start of its redirection in the source.
    pub(super) redirection: TextSize,
    pub(super) delimiter: String,
    /// Whether leading tabs do not count (`<<-`).
    pub(super) strip_tabs: bool,
    /// Whether its body is expanded: no part of the delimiter is quoted.
    pub(super) expand: bool,
}

/// A body that was read.
pub(super) struct Body {
    range: TextRange,
    parts: Vec<WordPart>,
}

impl Parser<'_> {
    /// Reads the bodies of the heredocs on the line that has just ended.
    pub(super) fn heredocs(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let start = self.pos;
            let end = self.skip_body(&pending);
            let text = &self.text[..end];
            let mut parts = Vec::new();
            if pending.expand {
                parts = self.part(text, start, None, |parser| {
                    let mut parts = Vec::new();
                    if parser.parts(Context::Heredoc, &mut parts).is_none() {
                        let range = parser.range(start, end);
                        parts = vec![WordPart { range, kind: PartKind::Unknown, quoted: true }];
                    }
                    parts
                });
            } else {
                self.literal(start, end, true, &mut parts);
            }
            self.bodies.insert(pending.redirection, Body { range: self.range(start, end), parts });
        }
    }

    /// Goes behind the line that ends the body; gives the end of the body.
    fn skip_body(&mut self, pending: &Pending) -> usize {
        while self.pos < self.text.len() {
            let start = self.pos;
            self.skip_line();
            let line = &self.text[start..self.pos];
            self.pos += self.line_break_at(self.pos);
            let line = if pending.strip_tabs { line.trim_start_matches('\t') } else { line };
            if line == pending.delimiter {
                return start;
            }
        }
        self.pos
    }
}

/// Gives every heredoc in the tree its body.
pub(super) fn attach(list: &mut [Item], bodies: &mut HashMap<TextSize, Body>) {
    for item in list {
        attach_to_command(&mut item.command, bodies);
    }
}

fn attach_to_command(command: &mut Command, bodies: &mut HashMap<TextSize, Body>) {
    match &mut command.kind {
        CommandKind::Simple(simple) => {
            simple
                .assignments
                .iter_mut()
                .for_each(|assignment| attach_to_word(&mut assignment.value, bodies));
            simple.words.iter_mut().for_each(|word| attach_to_word(word, bodies));
        }
        CommandKind::Subshell(list) | CommandKind::Group(list) => attach(list, bodies),
        CommandKind::If { branches, otherwise } => {
            for branch in branches {
                attach(&mut branch.condition, bodies);
                attach(&mut branch.body, bodies);
            }
            attach(otherwise.as_deref_mut().unwrap_or_default(), bodies);
        }
        CommandKind::Case { subject, arms } => {
            attach_to_word(subject, bodies);
            for arm in arms {
                arm.patterns.iter_mut().for_each(|pattern| attach_to_word(pattern, bodies));
                attach(&mut arm.body, bodies);
            }
        }
        CommandKind::While { condition, body, .. } => {
            attach(condition, bodies);
            attach(body, bodies);
        }
        CommandKind::For { words, body, .. } => {
            words.iter_mut().flatten().for_each(|word| attach_to_word(word, bodies));
            attach(body, bodies);
        }
        CommandKind::Function { body, .. } => attach_to_command(body, bodies),
        CommandKind::Test(words) => words.iter_mut().for_each(|word| attach_to_word(word, bodies)),
        CommandKind::Arithmetic(word) => attach_to_word(word, bodies),
        CommandKind::Unknown => {}
    }
    command.redirections.iter_mut().for_each(|redirection| attach_to_redirection(redirection, bodies));
}

fn attach_to_redirection(redirection: &mut Redirection, bodies: &mut HashMap<TextSize, Body>) {
    attach_to_word(&mut redirection.target, bodies);
    if let Some(body) = bodies.remove(&redirection.range.start()) {
        redirection.heredoc = Some(body.range);
        redirection.heredoc_parts = body.parts;
        attach_to_parts(&mut redirection.heredoc_parts, bodies);
    }
}

fn attach_to_word(word: &mut Word, bodies: &mut HashMap<TextSize, Body>) {
    attach_to_parts(&mut word.parts, bodies);
}

fn attach_to_parts(parts: &mut [WordPart], bodies: &mut HashMap<TextSize, Body>) {
    for part in parts {
        match &mut part.kind {
            PartKind::CommandSubstitution(list) | PartKind::ProcessSubstitution(list) => attach(list, bodies),
            PartKind::Arithmetic(word) => attach_to_word(word, bodies),
            PartKind::Array(words) => words.iter_mut().for_each(|word| attach_to_word(word, bodies)),
            PartKind::Variable(variable) => {
                variable.operation.iter_mut().for_each(|(_, operand)| attach_to_word(operand, bodies));
            }
            PartKind::Literal(_) | PartKind::Unknown => {}
        }
    }
}
