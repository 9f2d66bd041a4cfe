//! The text and the tree of a file as rules read them: what they read is noted.

use std::path::Path;

use super::remembered::{EVERYTHING, LINES};
use super::{Facts, stages};
use crate::syntax::{Flag, FromBody, Instruction, Parse, Piece};
use crate::text::{LogicalText, SourceFile, TextRange, TextSize};

impl<'a> Facts<'a> {
    /// The path of the file, as it was given.
    pub fn path(&self) -> &'a Path {
        self.file.path()
    }

    /// The file.
    pub fn file(&self) -> &'a SourceFile {
        self.model.reads.read(&[EVERYTHING]);
        self.file
    }

    /// Its tree.
    pub fn parse(&self) -> &'a Parse {
        self.model.reads.read(&[EVERYTHING]);
        self.parse
    }

    /// The escape character.
    pub fn escape(&self) -> char {
        self.parse.escape
    }

    /// The line ending that most lines have.
    pub fn line_ending(&self) -> &'static str {
        self.model.line_ending
    }

    /// The text in a range.
    pub(crate) fn slice(&self, range: TextRange) -> &'a str {
        self.read_stages_at(range);
        self.file.slice(range)
    }

    /// The character behind a range.
    pub(crate) fn char_behind(&self, range: TextRange) -> Option<char> {
        self.read_stages_at(range);
        self.file.rest(range.end()).chars().next()
    }

    /// The text of the instruction that holds an offset, up to there.
    pub(crate) fn instruction_up_to(&self, offset: TextSize) -> &'a str {
        let behind = self.parse.instructions.partition_point(|of| of.range.start() <= offset);
        let start = behind.checked_sub(1).map(|at| self.instruction(at).range.start());
        self.slice(TextRange::new(start.unwrap_or(offset), offset))
    }

    /// All pieces of the file, for a look at what stands around an instruction.
    pub(crate) fn pieces_around(&self, instruction: usize) -> &'a [Piece] {
        self.instruction(instruction);
        &self.parse.pieces
    }

    /// The line (from 1) that holds an offset.
    pub(crate) fn line(&self, offset: TextSize) -> u32 {
        self.model.reads.read(&[LINES]);
        self.file.line(offset)
    }

    /// How many instructions there are.
    pub(crate) fn number_of_instructions(&self) -> usize {
        self.parse.instructions.len()
    }

    /// An instruction.
    pub fn instruction(&self, index: usize) -> &'a Instruction {
        self.read_stage_of(index);
        &self.parse.instructions[index]
    }

    /// What an instruction gives to a shell, but for its heredocs.
    pub fn shell_line(&self, instruction: usize) -> Option<LogicalText> {
        self.instruction(instruction).body.command()?.shell_line(self.file, self.parse.escape)
    }

    /// The FROM of a stage.
    pub fn from(&self, stage: usize) -> &'a Instruction {
        &self.parse.instructions[self.model.stages[stage].span.from]
    }

    /// The arguments of the FROM of a stage; none where they cannot be read.
    pub fn from_body(&self, stage: usize) -> Option<&'a FromBody> {
        stages::from_body(self.from(stage))
    }

    /// The flags of that name in all of the file.
    pub fn flags_named(&self, name: &'a str) -> impl Iterator<Item = &'a Flag> {
        // An edit that changes flags leaves nothing as it was.
        self.parse.instructions.iter().flat_map(move |instruction| instruction.flags_named(name))
    }

    /// Notes that the stage of an instruction is read.
    pub(super) fn read_stage_of(&self, instruction: usize) {
        if self.model.reads.is_on
            && let Some(stage) = self.stage_with(instruction)
        {
            self.model.reads.read(&[stage]);
        }
    }

    /// Notes that text is read, by the stages that it belongs to.
    fn read_stages_at(&self, range: TextRange) {
        let reads = &self.model.reads;
        if reads.is_on {
            let behind = |offset| self.model.stages.partition_point(|stage| stage.label().start() <= offset);
            let first = behind(range.start()).saturating_sub(1);
            reads.read(&(first..behind(range.end())).collect::<Vec<_>>());
        }
    }
}
