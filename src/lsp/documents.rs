//! The documents that are open in the editor.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use dflint::engine::{Draft, Engine, Report};
use dflint::syntax::{self, Parse};
use dflint::text::{SourceFile, TextRange, TextSize, TooLarge};
use lsp_types::{Position, Range, TextDocumentContentChangeEvent};

use super::position::{Encoding, Lines};
use super::uri;

/// The open documents, by URI.
#[derive(Default)]
pub(super) struct Documents {
    open: BTreeMap<String, Document>,
}

/// A document, and what is known of its text. What is known is computed when it is first asked for.
pub(super) struct Document {
    pub(super) uri: String,
    /// None where it is not open, and so of no version.
    pub(super) version: Option<i32>,
    pub(super) file: SourceFile,
    pub(super) lines: Lines,
    /// What checks it; none where its configuration excludes it.
    engine: Option<Arc<Engine>>,
    parse: OnceCell<Parse>,
    /// What checks keep of each other; none where an edit has left nothing of it.
    draft: RefCell<Option<Draft>>,
    report: OnceCell<Report>,
    /// Whether the client has not been told yet what there is to say.
    pub(super) untold: Cell<bool>,
}

impl Documents {
    pub(super) fn get(&self, uri: &str) -> Option<&Document> {
        self.open.get(uri)
    }

    pub(super) fn get_mut(&mut self, uri: &str) -> Option<&mut Document> {
        self.open.get_mut(uri)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.open.values()
    }

    /// Takes in a document; one of the same name is forgotten.
    pub(super) fn open(&mut self, document: Document) {
        self.open.insert(document.uri.clone(), document);
    }

    pub(super) fn close(&mut self, uri: &str) -> Option<Document> {
        self.open.remove(uri)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Document> {
        self.open.values_mut()
    }
}

impl Document {
    /// A document of that text, which is open and not checked yet.
    pub(super) fn opened(uri: String, version: i32, text: String) -> Result<Self, TooLarge> {
        let path = uri::to_path(&uri).unwrap_or_else(|| PathBuf::from(&uri));
        let file = SourceFile::new(path, text)?;
        Ok(Self { version: Some(version), ..Self::closed(uri, file) })
    }

    /// A document that is not open, and not checked yet.
    pub(super) fn closed(uri: String, file: SourceFile) -> Self {
        Self {
            uri,
            version: None,
            lines: Lines::new(file.text()),
            file,
            engine: None,
            parse: OnceCell::new(),
            draft: RefCell::new(None),
            report: OnceCell::new(),
            untold: Cell::new(true),
        }
    }

    /// The same with what that engine has found.
    pub(super) fn checked(self, engine: Option<Arc<Engine>>, report: Report) -> Self {
        Self { engine, report: report.into(), ..self }
    }

    /// Makes the changes, each in the text that those before it have left. Places that the text does not have are taken
    /// for the nearest that it has, as the specification asks.
    pub(super) fn change(
        &mut self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Result<(), TooLarge> {
        let mut text = self.file.text().to_owned();
        // The range that a single edit replaces, and what stands there now.
        let mut single = None;
        let is_single = changes.len() == 1;
        for (index, change) in changes.into_iter().enumerate() {
            if index > 0 {
                self.lines = Lines::new(&text);
            }
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let offset = |at: Position| self.lines.offset(&text, at, encoding);
                    let Range { start, end } = change.range;
                    let (start, end): (TextSize, TextSize) = (offset(start), offset(end));
                    let range = TextRange::new(start.min(end), start.max(end));
                    text.replace_range(std::ops::Range::<usize>::from(range), &change.text);
                    single = is_single.then(|| (range, TextSize::of(&change.text)));
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                    text = change.text;
                }
            }
        }
        self.lines = Lines::new(&text);
        self.file = SourceFile::new(self.file.path(), text)?;
        let draft = self.draft.take().zip(single);
        let kept = draft.and_then(|(mut draft, (replaced, inserted))| {
            draft.edit(&self.file, replaced, inserted).then_some(draft)
        });
        self.draft = RefCell::new(kept);
        self.version = Some(version);
        self.parse = OnceCell::new();
        self.report = OnceCell::new();
        self.untold.set(true);
        Ok(())
    }

    /// The tree.
    pub(super) fn parse(&self) -> &Parse {
        self.parse.get_or_init(|| syntax::parse(&self.file))
    }

    /// The findings, where somebody has asked for them.
    pub(super) fn known_report(&self) -> Option<&Report> {
        self.report.get()
    }

    /// Has it checked by that engine from now on; by none where it is to be left alone.
    pub(super) fn check_with(&mut self, engine: Option<Arc<Engine>>) {
        self.engine = engine;
        self.draft = RefCell::new(None);
        self.report = OnceCell::new();
        self.untold.set(true);
    }

    /// What checks it.
    pub(super) fn engine(&self) -> Option<&Engine> {
        self.engine.as_deref()
    }

    /// The findings.
    pub(super) fn report(&self) -> &Report {
        self.report.get_or_init(|| {
            let Some(engine) = self.engine() else { return Report::default() };
            if self.version.is_none() {
                return engine.check_parsed(&self.file, self.parse());
            }
            let mut draft = self.draft.borrow_mut();
            engine.check_draft(draft.get_or_insert_with(|| Draft::new(&self.file)))
        })
    }
}
