//! Configuration: what its text says, and what holds for a file when several say something. Finding and reading the
//! files is the program's business.

mod keys;
mod read;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub use keys::{KEYS, Key, Takes};
pub use read::{Problem, read};

use crate::model::Platform;
use crate::select::Selector;

/// What a configuration file says.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// What holds for every file below its folder.
    pub settings: Settings,
}

/// What somebody asks for: a configuration file, a part of one, or the command line. What is not asked for is none.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The rules to run.
    pub select: Option<Sourced<Vec<Selector>>>,
    /// The rules to leave out.
    pub ignore: Vec<Sourced<Vec<Selector>>>,
    /// The platforms that images are built for.
    pub platforms: Option<Sourced<Vec<Platform>>>,
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

impl Settings {
    /// Takes over what `upper` asks for. Its `select` begins anew, its `ignore` takes away from what is there, and all
    /// else replaces.
    pub fn overlay(&mut self, upper: &Self) {
        if upper.select.is_some() {
            self.select.clone_from(&upper.select);
            self.ignore.clear();
        }
        self.ignore.extend_from_slice(&upper.ignore);
        if upper.platforms.is_some() {
            self.platforms.clone_from(&upper.platforms);
        }
    }
}

/// The names that a configuration file has, the one that counts first.
pub const FILE_NAMES: [&str; 2] = ["dflint.toml", ".dflint.toml"];
