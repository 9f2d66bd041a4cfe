//! A baseline: the findings that a project starts with, so that only new ones are reported. A finding is known by its
//! file and its [`Identity`], not by its line.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::{fs, path};

use dflint::diagnostics::Diagnostic;
use dflint::engine::SYNTAX;
use dflint::text::SourceFile;
use serde::{Deserialize, Serialize};

use crate::files;
use crate::files::destination::Destination;
use crate::output::{Identity, identities};

use super::{args, streams};

const VERSION: u32 = 1;

/// The baseline of a run.
pub(super) struct Baseline {
    path: PathBuf,
    /// Where the findings of the run are to become the baseline.
    new: Option<Destination>,
    /// How many findings of each kind are accepted, or were found.
    findings: BTreeMap<Known, usize>,
    /// The files that were looked at.
    checked: BTreeSet<String>,
}

/// What a finding is known by.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct Known {
    /// From the folder of the baseline, with slashes.
    path: String,
    #[serde(flatten)]
    identity: Identity,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    #[serde(flatten)]
    known: Known,
    count: usize,
}

impl Baseline {
    /// The baseline that the command line asks for, if it does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn new(arguments: &args::Accepting) -> Result<Option<Self>, String> {
        let (path, new) = match (&arguments.baseline, &arguments.write_baseline) {
            (Some(path), _) => (path, None),
            (None, Some(path)) => (path, Some(Destination::open(path)?)),
            (None, None) => return Ok(None),
        };
        let mut baseline =
            Self { path: path.clone(), new, findings: BTreeMap::new(), checked: BTreeSet::new() };
        if baseline.new.is_none() {
            let about = |message: &str| format!("{}: {message}", streams::shown(path));
            if !path.exists() {
                return Err(about("there is no such file; `--write-baseline` with its name writes it"));
            }
            let file = files::read(path).map_err(|message| about(&message))?;
            let document: Document = serde_json::from_str(file.text())
                .map_err(|error| about(&format!("no baseline: {error}; --write-baseline writes one")))?;
            if document.version != VERSION {
                let message =
                    format!("version {} of baselines is not known; write it anew", document.version);
                return Err(about(&message));
            }
            for Entry { known, count } in document.findings {
                *baseline.findings.entry(known).or_default() += count;
            }
        }
        Ok(Some(baseline))
    }

    /// Takes out the findings of a file that the baseline accepts; all of them, where it is to be written.
    pub(super) fn apply(&mut self, file: &SourceFile, findings: &mut Vec<Diagnostic>) {
        let path = self.relative(file.path());
        let mut identities = identities(file, findings).into_iter();
        findings.retain(|finding| {
            let identity = identities.next().expect("each has one");
            if finding.code == SYNTAX.0 {
                return true;
            }
            let known = Known { path: path.clone(), identity };
            if self.new.is_some() {
                *self.findings.entry(known).or_default() += 1;
                return false;
            }
            let Some(count) = self.findings.get_mut(&known).filter(|count| **count > 0) else {
                return true;
            };
            *count -= 1;
            false
        });
        self.checked.insert(path);
    }

    /// Writes the baseline, or says what of it is no longer found.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub(super) fn finish(mut self) -> Result<(), String> {
        let number: usize = self.findings.values().sum();
        let name = streams::shown(&self.path).into_owned();
        if let Some(mut new) = self.new.take() {
            new.write_all(self.document().as_bytes()).map_err(|error| new.complaint(&error))?;
            new.finish()?;
            streams::tell(&format!("Wrote {} to {name}.", counted(number)));
            return Ok(());
        }
        let folder = self.folder();
        let is_gone =
            |known: &Known| self.checked.contains(&known.path) || !folder.join(&known.path).exists();
        let gone: Vec<(&Known, &usize)> =
            self.findings.iter().filter(|(known, count)| **count > 0 && is_gone(known)).collect();
        let number: usize = gone.iter().map(|(_, count)| **count).sum();
        if let Some((first, _)) = gone.first() {
            let (rule, path) = (&first.identity.rule, &first.path);
            let which = if gone.len() == 1 { "" } else { "the first one: " };
            streams::tell(&format!(
                "{} of {name} no longer found ({which}{rule} in {path}); --write-baseline brings it up to date.",
                counted(number)
            ));
        }
        Ok(())
    }

    fn document(&self) -> String {
        let entry = |(known, count): (&Known, &usize)| Entry { known: known.clone(), count: *count };
        let document = Document { version: VERSION, findings: self.findings.iter().map(entry).collect() };
        serde_json::to_string_pretty(&document).expect("texts and numbers are JSON") + "\n"
    }

    /// The folder of the baseline, as an absolute path.
    fn folder(&self) -> PathBuf {
        let path = plain(&self.path);
        path.parent().map(Path::to_owned).unwrap_or_default()
    }

    fn relative(&self, path: &Path) -> String {
        let (path, folder) = (plain(path), self.folder());
        let common = path.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
        let up = folder.components().skip(common).map(|_| "..".into());
        let down = path.components().skip(common).map(|part| part.as_os_str().to_string_lossy());
        let parts: Vec<Cow<'_, str>> = up.chain(down).collect();
        parts.join("/")
    }
}

/// The absolute path without `..`: the same for all ways to name a file.
fn plain(path: &Path) -> PathBuf {
    let absolute = path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if absolute.components().any(|part| part == Component::ParentDir) {
        let folder = absolute.parent().and_then(|folder| fs::canonicalize(folder).ok());
        return folder.unwrap_or_default().join(absolute.file_name().unwrap_or_default());
    }
    absolute
}

fn counted(number: usize) -> String {
    format!("{number} finding{}", if number == 1 { "" } else { "s" })
}
