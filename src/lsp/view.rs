//! A document as the capabilities see it: its text, tree, findings and plans, with places in the client's unit.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dflint::engine::Report;
use dflint::model::plan::Plan;
use dflint::model::stages::Scenario;
use dflint::model::{Facts, Project};
use dflint::syntax::{Instruction, Parse, PieceKind};
use dflint::text::{SourceFile, TextRange, TextSize};
use lsp_types::{Location, Position, Range, Uri};

use super::client::Support;
use super::documents::Document;
use super::settings::Settings;

/// See the module.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) document: &'a Document,
    pub(super) settings: &'a Settings,
    pub(super) support: &'a Support,
}

impl<'a> View<'a> {
    pub(super) fn file(&self) -> &'a SourceFile {
        &self.document.file
    }

    pub(super) fn text(&self) -> &'a str {
        self.document.file.text()
    }

    pub(super) fn parse(&self) -> &'a Parse {
        self.document.parse()
    }

    pub(super) fn report(&self) -> &'a Report {
        self.document.report()
    }

    pub(super) fn facts(&self) -> Facts<'a> {
        Facts::new(self.file(), self.parse(), self.project())
    }

    /// How the project builds its images.
    pub(super) fn project(&self) -> &'a Project {
        static ANY: LazyLock<Project> = LazyLock::new(Project::default);
        self.document.engine().map_or(&ANY, |engine| &engine.options().project)
    }

    /// What a build for each platform of the project executes where.
    pub(super) fn plans(&self) -> Vec<Plan> {
        let no_arguments = BTreeMap::new();
        let plan = |platform| {
            let scenario = Scenario {
                build: self.settings.build_platform.clone(),
                target: platform,
                build_arguments: &no_arguments,
                target_stage: None,
                other_targets: &[],
                arguments_may_be_given: false,
            };
            Plan::new(self.parse(), &scenario)
        };
        self.project().platforms.iter().cloned().map(plan).collect()
    }

    pub(super) fn uri(&self) -> Uri {
        Uri(self.document.uri.clone())
    }

    pub(super) fn range(&self, range: TextRange) -> Range {
        self.document.lines.range(self.text(), range, self.support.encoding)
    }

    pub(super) fn position(&self, offset: TextSize) -> Position {
        self.document.lines.position(self.text(), offset, self.support.encoding)
    }

    pub(super) fn location(&self, range: TextRange) -> Location {
        Location { uri: self.uri(), range: self.range(range) }
    }

    pub(super) fn offset(&self, position: Position) -> TextSize {
        self.document.lines.offset(self.text(), position, self.support.encoding)
    }

    /// The range of the text; ends that are the wrong way round are turned.
    pub(super) fn text_range(&self, range: Range) -> TextRange {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        TextRange::new(start.min(end), start.max(end))
    }

    /// The instruction whose lines hold the offset, with its index.
    pub(super) fn instruction_at(&self, offset: TextSize) -> Option<(usize, &'a Instruction)> {
        let parse = self.parse();
        let piece = parse.pieces.partition_point(|piece| piece.range.end() <= offset);
        // Behind the last line ending nothing stands, but the end of a line without one is that line's.
        let piece = parse.pieces.get(piece).or(parse.pieces.last())?;
        match piece.kind {
            PieceKind::Instruction(index) => Some((index as usize, &parse.instructions[index as usize])),
            _ => None,
        }
    }
}

/// Whether a cursor at `offset` is at the range: within it, or at one of its ends.
pub(super) fn touches(range: TextRange, offset: TextSize) -> bool {
    range.contains_inclusive(offset)
}
