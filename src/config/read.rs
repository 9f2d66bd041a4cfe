//! From the text of a configuration file to what it says.

use std::ops::Range;

use toml::de::DeTable;

use super::keys::{KEYS, Key, Takes};
use super::patterns::{Pattern, Patterns};
use super::reader::{Name, Problem, Reader, Value};
use super::{Configuration, Section, Settings};
use crate::diagnostics::Severity;
use crate::model::Platform;
use crate::rules;
use crate::select::Selector;
use crate::text::SourceFile;

const SEVERITIES: [(&str, Severity); 3] =
    [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

/// What the configuration file says.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn read(file: &SourceFile) -> Result<Configuration, Vec<Problem>> {
    Reader::read(file, |reader, table| reader.configuration(table))
}

impl Reader<'_> {
    fn configuration(&mut self, table: &DeTable<'_>) -> Configuration {
        let mut found = Configuration::default();
        for (key, value) in self.keys(table, KEYS) {
            let span = value.span();
            match key.name {
                "extend" => {
                    found.extend = self.text(key.name, value).map(|path| self.sourced(path, &span));
                }
                "extend-knowledge" => {
                    let paths = self.list(key, value, |path| Ok(path.to_owned())).unwrap_or_default();
                    found.extend_knowledge =
                        paths.into_iter().map(|path| self.sourced(path, &span)).collect();
                }
                "exclude" => {
                    let patterns = self.list(key, value, Pattern::parse);
                    found.exclude = patterns.map(|list| self.sourced(Patterns(list), &span));
                }
                "per-file" => {
                    let Takes::Tables(keys) = &key.takes else { unreachable!("per-file takes tables") };
                    for (table, span) in self.tables(key.name, value) {
                        found.sections.extend(self.section(table, keys, span));
                    }
                }
                _ => self.setting(&mut found.settings, key, value),
            }
        }
        found
    }

    fn section(&mut self, table: &DeTable<'_>, keys: &'static [Key], span: Range<usize>) -> Option<Section> {
        let mut section = Section::default();
        let found = self.keys(table, keys);
        if !found.iter().any(|(key, _)| key.name == "files") {
            self.refuse(
                span,
                "`files` is missing: it says which files this is for, as in files = [\"legacy/**\"]",
            );
            return None;
        }
        for (key, value) in found {
            if key.name == "files" {
                section.files = Patterns(self.list(key, value, Pattern::parse)?);
            } else {
                self.setting(&mut section.settings, key, value);
            }
        }
        Some(section)
    }

    fn setting(&mut self, settings: &mut Settings, key: &'static Key, value: &Value<'_>) {
        let span = value.span();
        match (key.name, &key.takes) {
            ("select", _) => {
                settings.select = self.list(key, value, selector).map(|list| self.sourced(list, &span));
            }
            ("ignore", _) => {
                let list = self.list(key, value, selector);
                settings.ignore = list.map(|list| self.sourced(list, &span)).into_iter().collect();
            }
            ("severity", _) => {
                let Some(table) = self.table(key.name, key.example, value) else { return };
                for (name, value) in table {
                    self.severity(settings, name, value);
                }
            }
            ("platforms", Takes::Table(keys)) => {
                let Some(table) = self.table(key.name, key.example, value) else { return };
                for (key, value) in self.keys(table, keys) {
                    let platforms = self.platforms(key, value);
                    settings.platforms = platforms.map(|list| self.sourced(list, &value.span()));
                }
            }
            ("targets", _) => {
                let list = self.list(key, value, |name| Ok(name.to_owned()));
                settings.targets = list.map(|list| self.sourced(list, &span));
            }
            (name, _) => unreachable!("the key {name} is not read"),
        }
    }

    fn severity(&mut self, settings: &mut Settings, name: &Name<'_>, value: &Value<'_>) {
        let rule = selector(name.get_ref()).map_err(|message| self.refuse(name.span(), message));
        let severity = self.one_of(value, &SEVERITIES);
        if let (Ok(rule), Some(severity)) = (rule, severity) {
            settings.severity.push(self.sourced((rule, severity), &name.span()));
        }
    }

    fn platforms(&mut self, key: &Key, value: &Value<'_>) -> Option<Vec<Platform>> {
        let parse = |text: &str| Platform::parse_known(text).map_err(|error| error.to_string());
        let mut platforms: Vec<Platform> = Vec::new();
        for platform in self.list(key, value, parse)? {
            if !platforms.contains(&platform) {
                platforms.push(platform);
            }
        }
        if platforms.is_empty() {
            self.refuse(value.span(), format!("`{}` is empty; name a platform, or remove the key", key.name));
        }
        Some(platforms)
    }

    fn keys<'t, 'v>(
        &mut self,
        table: &'v DeTable<'t>,
        keys: &'static [Key],
    ) -> Vec<(&'static Key, &'v Value<'t>)> {
        let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
        self.known(table, &names).into_iter().map(|(index, value)| (&keys[index], value)).collect()
    }

    fn list<T>(
        &mut self,
        key: &Key,
        value: &Value<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        self.texts(key.name, key.example, value, parse)
    }
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text, rules::CARDS).map_err(|unknown| unknown.to_string())
}
