//! From the text of a configuration file to what it says.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Takes, did_you_mean};
use super::{Configuration, Origin, Settings, Sourced};
use crate::model::Platform;
use crate::rules;
use crate::select::Selector;
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

type Value<'t> = Spanned<DeValue<'t>>;

/// What the configuration file says.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn read(file: &SourceFile) -> Result<Configuration, Vec<Problem>> {
    let mut reader = Reader { file, path: file.path().into(), problems: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(file.text());
    for error in errors {
        reader.refuse(error.span().unwrap_or_default(), error.message().to_owned());
    }
    // A text that is no TOML has keys that nobody wrote.
    let configuration = if reader.problems.is_empty() {
        reader.configuration(table.get_ref())
    } else {
        Configuration { settings: Settings::default() }
    };
    if reader.problems.is_empty() {
        return Ok(configuration);
    }
    reader.problems.sort_by_key(|problem| problem.position);
    Err(reader.problems)
}

struct Reader<'a> {
    file: &'a SourceFile,
    path: Arc<Path>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn configuration(&mut self, table: &DeTable<'_>) -> Configuration {
        let mut settings = Settings::default();
        for (key, value) in self.known(table, KEYS) {
            self.setting(&mut settings, key, value);
        }
        Configuration { settings }
    }

    fn setting(&mut self, settings: &mut Settings, key: &'static Key, value: &Value<'_>) {
        let origin = self.origin(value);
        match (key.name, &key.takes) {
            ("select", _) => settings.select = self.rules(key, value).map(|value| Sourced { value, origin }),
            ("ignore", _) => {
                settings.ignore.extend(self.rules(key, value).map(|value| Sourced { value, origin }));
            }
            ("platforms", Takes::Table(keys)) => {
                for (key, value) in self.table(key, value, keys) {
                    let origin = self.origin(value);
                    let parse = |text: &str| Platform::parse_known(text).map_err(|error| error.to_string());
                    let platforms = self.list(key, value, "platforms", parse);
                    settings.platforms = platforms.map(|value| Sourced { value, origin });
                }
            }
            (name, _) => unreachable!("the key {name} is not read"),
        }
    }

    fn rules(&mut self, key: &Key, value: &Value<'_>) -> Option<Vec<Selector>> {
        let parse = |text: &str| Selector::parse(text, rules::CARDS).map_err(|unknown| unknown.to_string());
        self.list(key, value, "rules", parse)
    }

    /// The list that is the value of `key`, of things that `parse` reads; none where it is not right.
    fn list<T>(
        &mut self,
        key: &Key,
        value: &Value<'_>,
        things: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let Some(array) = value.get_ref().as_array() else {
            let Key { name, example, .. } = key;
            self.refuse(value.span(), format!("`{name}` is a list of {things}: {name} = {example}"));
            return None;
        };
        if array.is_empty() && things == "platforms" {
            self.refuse(value.span(), format!("`{}` is empty; name one, or remove the key", key.name));
        }
        let items = array.iter().map(|item| {
            let text = item.get_ref().as_str();
            let parsed = text.map_or_else(|| Err(format!("`{}` is a list of texts", key.name)), &parse);
            parsed.map_err(|message| self.refuse(item.span(), message)).ok()
        });
        items.collect()
    }

    /// The keys of the table that is the value of `key`.
    fn table<'t, 'v>(
        &mut self,
        key: &Key,
        value: &'v Value<'t>,
        keys: &'static [Key],
    ) -> Vec<(&'static Key, &'v Value<'t>)> {
        let DeValue::Table(table) = value.get_ref() else {
            let Key { name, example, .. } = key;
            self.refuse(value.span(), format!("`{name}` is a table: {name} = {example}"));
            return Vec::new();
        };
        self.known(table, keys)
    }

    /// The keys that there are; the others are refused.
    fn known<'t, 'v>(
        &mut self,
        table: &'v DeTable<'t>,
        keys: &'static [Key],
    ) -> Vec<(&'static Key, &'v Value<'t>)> {
        let mut found = Vec::with_capacity(table.len());
        for (written, value) in table {
            let name = written.get_ref();
            if let Some(key) = keys.iter().find(|key| key.name == name) {
                found.push((key, value));
            } else {
                let meant = did_you_mean(name, keys.iter().map(|key| key.name));
                self.refuse(written.span(), format!("unknown key `{name}`; {meant}"));
            }
        }
        found
    }

    fn origin(&self, value: &Value<'_>) -> Origin {
        let line = self.position(&value.span()).line;
        Origin::File { path: Arc::clone(&self.path), line }
    }

    fn refuse(&mut self, span: Range<usize>, message: String) {
        let position = self.position(&span);
        self.problems.push(Problem { path: self.file.path().to_owned(), position, message });
    }

    fn position(&self, span: &Range<usize>) -> Position {
        self.file.position(offset(self.file.text().floor_char_boundary(span.start)))
    }
}
