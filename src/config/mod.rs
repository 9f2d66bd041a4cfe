//! Configuration: what its text says, and what holds for a file when several say something. Finding and reading the
//! files is the program's business.

mod keys;
mod knowledge;
mod patterns;
mod read;
mod reader;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub use keys::{KEYS, Key, Takes};
pub use knowledge::{Additions, read_knowledge};
pub use patterns::{Pattern, Patterns};
pub use read::read;
pub use reader::Problem;

use crate::diagnostics::Severity;
use crate::model::Platform;
use crate::select::Selector;

/// The names that a configuration file has, the one that counts first.
pub const FILE_NAMES: [&str; 2] = ["dflint.toml", ".dflint.toml"];

/// What a configuration file says, or several of which each extends the one before.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The configuration that it extends, as a path from the folder of the file.
    pub extend: Option<Sourced<String>>,
    /// Files with more knowledge, as paths from the folder of the file.
    pub extend_knowledge: Vec<Sourced<String>>,
    /// What is not checked unless it is named. As all patterns, from the folder that the configuration holds for.
    pub exclude: Option<Sourced<Patterns>>,
    /// What holds for every file.
    pub settings: Settings,
    /// What holds for some files.
    pub sections: Vec<Section>,
}

/// A `[[per-file]]`: settings for some files.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The files.
    pub files: Patterns,
    /// What holds for them.
    pub settings: Settings,
}

/// What somebody asks for: a configuration file, a part of one, or the command line. What is not asked for is none.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The rules to run.
    pub select: Option<Sourced<Vec<Selector>>>,
    /// The rules to leave out.
    pub ignore: Vec<Sourced<Vec<Selector>>>,
    /// How bad the findings of rules are, where not as their cards say.
    pub severity: Vec<Sourced<(Selector, Severity)>>,
    /// The platforms that images are built for.
    pub platforms: Option<Sourced<Vec<Platform>>>,
    /// The stages that are exported beside the last one.
    pub targets: Option<Sourced<Vec<String>>>,
}

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// A line (from 1) of a configuration file.
    File {
        /// The file, as messages name it.
        path: Arc<Path>,
        /// The line, from 1.
        line: u32,
    },
    /// An option of the command line: `--select`.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

impl Configuration {
    /// Puts this on top of the configuration that it extends.
    #[must_use]
    pub fn on(self, base: Self) -> Self {
        let Self { extend, mut extend_knowledge, exclude, mut settings, mut sections } = base;
        settings.overlay(&self.settings);
        extend_knowledge.extend(self.extend_knowledge);
        sections.extend(self.sections);
        Self { extend, extend_knowledge, exclude: self.exclude.or(exclude), settings, sections }
    }

    /// The sections that hold for a file, by index. `path` leads to it from the folder that the configuration holds for,
    /// with slashes.
    pub fn sections_for(&self, path: &str) -> Vec<usize> {
        (0..self.sections.len()).filter(|&index| self.sections[index].files.match_path(path)).collect()
    }

    /// What holds for the files of these sections.
    pub fn settings_in(&self, sections: &[usize]) -> Settings {
        let mut settings = self.settings.clone();
        for &section in sections {
            settings.overlay(&self.sections[section].settings);
        }
        settings
    }
}

impl Settings {
    /// Takes over what `upper` asks for. Its `select` begins anew, its `ignore` takes away from what is there, its
    /// severities come in front, and all else replaces.
    pub fn overlay(&mut self, upper: &Self) {
        if upper.select.is_some() {
            self.select.clone_from(&upper.select);
            self.ignore.clear();
        }
        self.ignore.extend_from_slice(&upper.ignore);
        self.severity.extend_from_slice(&upper.severity);
        if upper.platforms.is_some() {
            self.platforms.clone_from(&upper.platforms);
        }
        if upper.targets.is_some() {
            self.targets.clone_from(&upper.targets);
        }
    }
}
