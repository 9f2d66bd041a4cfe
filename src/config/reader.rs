//! Reads TOML with care: what is wrong is told with its place and the nearest name.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Origin, Sourced};
use crate::text::{Position, SourceFile, offset};

/// What is wrong with a configuration file, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The file, as messages name it.
    pub path: PathBuf,
    /// Where in it.
    pub position: Position,
    /// What is wrong, and the way out.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(f, "{}:{line}:{column}: {}", self.path.display(), self.message)
    }
}

impl std::error::Error for Problem {}

pub(super) type Value<'t> = Spanned<DeValue<'t>>;
pub(super) type Name<'t> = Spanned<std::borrow::Cow<'t, str>>;

pub(super) struct Reader<'a> {
    file: &'a SourceFile,
    path: Arc<Path>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// What `read` makes of the file's table.
    ///
    /// # Errors
    /// Everything that is wrong with the file, in its order.
    pub(super) fn read<T>(
        file: &'a SourceFile,
        read: impl FnOnce(&mut Self, &DeTable<'a>) -> T,
    ) -> Result<T, Vec<Problem>> {
        let mut reader = Self { file, path: file.path().into(), problems: Vec::new() };
        let (table, errors) = DeTable::parse_recoverable(file.text());
        for error in errors {
            reader.refuse(error.span().unwrap_or_default(), error.message());
        }
        if reader.problems.is_empty() {
            let found = read(&mut reader, table.get_ref());
            if reader.problems.is_empty() {
                return Ok(found);
            }
        }
        reader.problems.sort_by_key(|problem| problem.position);
        Err(reader.problems)
    }

    pub(super) fn refuse(&mut self, span: Range<usize>, message: impl Into<String>) {
        let position = self.position(&span);
        self.problems.push(Problem { path: self.file.path().to_owned(), position, message: message.into() });
    }

    fn position(&self, span: &Range<usize>) -> Position {
        self.file.position(offset(self.file.text().floor_char_boundary(span.start)))
    }

    /// A value with its line.
    pub(super) fn sourced<T>(&self, value: T, span: &Range<usize>) -> Sourced<T> {
        let line = self.position(span).line;
        Sourced { value, origin: Origin::File { path: Arc::clone(&self.path), line } }
    }

    /// The keys that are among the known ones, by the index of the name; the others are refused.
    pub(super) fn known<'t, 'v>(
        &mut self,
        table: &'v DeTable<'t>,
        names: &[&str],
    ) -> Vec<(usize, &'v Value<'t>)> {
        let mut found = Vec::with_capacity(table.len());
        for (written, value) in table {
            if let Some(index) = names.iter().position(|name| name == written.get_ref()) {
                found.push((index, value));
            } else {
                let meant = did_you_mean(written.get_ref(), names);
                self.refuse(written.span(), format!("unknown key `{}`; {meant}", written.get_ref()));
            }
        }
        found
    }

    pub(super) fn text(&mut self, name: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.refuse(value.span(), format!("`{name}` is a text: {name} = \"…\""));
        }
        text.map(str::to_owned)
    }

    /// The entries of a list of texts with what `parse` makes of them; none where something is wrong.
    pub(super) fn texts<T>(
        &mut self,
        name: &str,
        example: &str,
        value: &Value<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let Some(array) = value.get_ref().as_array() else {
            self.refuse(value.span(), format!("`{name}` is a list: {name} = {example}"));
            return None;
        };
        let mut items = Vec::with_capacity(array.len());
        for item in array {
            let parsed = match item.get_ref().as_str() {
                Some(text) => parse(text),
                None => Err(format!("`{name}` is a list of texts: {name} = {example}")),
            };
            match parsed {
                Ok(item) => items.push(item),
                Err(message) => self.refuse(item.span(), message),
            }
        }
        (items.len() == array.len()).then_some(items)
    }

    /// What a text names.
    pub(super) fn one_of<T: Copy>(&mut self, value: &Value<'_>, choices: &[(&str, T)]) -> Option<T> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let text = value.get_ref().as_str();
        let chosen = choices.iter().find(|(name, _)| text == Some(name)).map(|(_, chosen)| *chosen);
        if chosen.is_none() {
            let message = match text {
                Some(text) => format!("unknown value `{text}`; {}", did_you_mean(text, &names)),
                None => format!("a text is expected; {}", did_you_mean("", &names)),
            };
            self.refuse(value.span(), message);
        }
        chosen
    }

    /// The table, which `name` must have.
    pub(super) fn table<'v, 't>(
        &mut self,
        name: &str,
        example: &str,
        value: &'v Value<'t>,
    ) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.refuse(value.span(), format!("`{name}` is a table: {name} = {example}"));
        }
        table
    }

    /// The tables of a list of them.
    pub(super) fn tables<'v, 't>(
        &mut self,
        name: &str,
        value: &'v Value<'t>,
    ) -> Vec<(&'v DeTable<'t>, Range<usize>)> {
        let message = format!("`{name}` is a list of tables, each headed [[{name}]]");
        let DeValue::Array(array) = value.get_ref() else {
            self.refuse(value.span(), message);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(array.len());
        for item in array {
            match item.get_ref().as_table() {
                Some(table) => tables.push((table, item.span())),
                None => self.refuse(item.span(), message.clone()),
            }
        }
        tables
    }
}

/// Which of `names` may have been meant, for a message.
fn did_you_mean(text: &str, names: &[&str]) -> String {
    let lower = text.to_ascii_lowercase();
    let likeness = |name: &&&str| strsim::jaro_winkler(&lower, name);
    let nearest = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match (nearest, names) {
        (Some(name), _) if likeness(&name) > 0.8 => format!("did you mean `{name}`?"),
        (_, [front @ .., last]) if !front.is_empty() => format!("there are {} and {last}", front.join(", ")),
        (_, names) => format!("there is {}", names.join("")),
    }
}
