//! Which configuration holds for a file, and the engine that follows from it.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{env, fs, path};

use dflint::config::{self, Configuration, FILE_NAMES, Origin, Settings, Sourced};
use dflint::engine::{Engine, Options};
use dflint::model::{InvalidPlatform, Platform};
use dflint::rules;
use dflint::select::Selector;

use super::{args, files, streams};

/// The engines of a run: one for each configuration that holds for a file of it.
pub(super) struct Engines {
    flags: Settings,
    /// For files without a configuration.
    default: Arc<Engine>,
    /// Whether configuration files are looked for.
    discover: bool,
    /// The engine for the files in each folder that was asked for, and those above it; none where the configuration is
    /// broken.
    folders: HashMap<PathBuf, Option<Arc<Engine>>>,
    /// How many configuration files could not be used. What is wrong with them was said.
    pub(super) failures: usize,
}

impl Engines {
    /// The engines for a run with these options.
    ///
    /// # Errors
    /// What is wrong with an option or with the configuration that one names.
    pub(super) fn new(arguments: &args::Configured) -> Result<Self, Vec<String>> {
        let flags = flags(arguments).map_err(|message| vec![message])?;
        let default = match &arguments.config {
            Some(path) => engine(&load(path)?, &flags),
            None => Arc::new(Engine::new(Options::from(&flags))),
        };
        let discover = arguments.config.is_none() && !arguments.no_config;
        Ok(Self { flags, default, discover, folders: HashMap::new(), failures: 0 })
    }

    /// The engine for a file; none where its configuration cannot be used, which was said then.
    pub(super) fn of(&mut self, path: &Path) -> Option<Arc<Engine>> {
        if !self.discover {
            return Some(Arc::clone(&self.default));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let engine = match absolute(folder) {
            Some(folder) => self.below(&folder),
            None => Some(Arc::clone(&self.default)),
        };
        self.folders.insert(folder.to_owned(), engine.clone());
        engine
    }

    /// The engine for the files in a folder, whose path is absolute: that of the nearest configuration, up to the root
    /// of the repository.
    fn below(&mut self, folder: &Path) -> Option<Arc<Engine>> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let found = FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        let engine = match (found, folder.parent()) {
            (Some(path), _) => match load(&shown(&path)) {
                Ok(configuration) => Some(engine(&configuration, &self.flags)),
                Err(messages) => {
                    self.failures += 1;
                    streams::complain_all(&messages);
                    None
                }
            },
            (None, Some(above)) if !is_root_of_repository(folder) => self.below(above),
            (None, _) => Some(Arc::clone(&self.default)),
        };
        self.folders.insert(folder.to_owned(), engine.clone());
        engine
    }
}

fn is_root_of_repository(folder: &Path) -> bool {
    [".git", ".jj"].iter().any(|name| fs::symlink_metadata(folder.join(name)).is_ok())
}

/// The absolute path of a folder; none where there is no such thing.
fn absolute(folder: &Path) -> Option<PathBuf> {
    // What `..` means, only the file system knows.
    let climbs = folder.components().any(|part| part == Component::ParentDir);
    match (climbs, folder.as_os_str().is_empty()) {
        (true, _) => fs::canonicalize(folder).ok(),
        (false, true) => env::current_dir().ok(),
        (false, false) => path::absolute(folder).ok(),
    }
}

/// The path as messages name it: from the working directory on, if it stands below that.
fn shown(path: &Path) -> PathBuf {
    let below = env::current_dir().ok().and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    below.unwrap_or_else(|| path.to_owned())
}

fn load(path: &Path) -> Result<Configuration, Vec<String>> {
    let file = files::read(path).map_err(|message| vec![format!("{}: {message}", streams::shown(path))])?;
    config::read(&file).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn engine(configuration: &Configuration, flags: &Settings) -> Arc<Engine> {
    let mut settings = configuration.settings.clone();
    settings.overlay(flags);
    Arc::new(Engine::new(Options::from(&settings)))
}

/// What the command line asks for.
fn flags(arguments: &args::Configured) -> Result<Settings, String> {
    let mut platforms: Vec<Platform> = Vec::new();
    for text in &arguments.platform {
        let platform = Platform::parse_known(text.trim())
            .map_err(|InvalidPlatform(reason)| format!("--platform: {reason}"))?;
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    let select = from_flag("--select", selectors(&arguments.select)?);
    let ignore = from_flag("--ignore", selectors(&arguments.ignore)?).into_iter().collect();
    Ok(Settings { select, ignore, platforms: from_flag("--platform", platforms) })
}

fn from_flag<T>(name: &'static str, value: Vec<T>) -> Option<Sourced<Vec<T>>> {
    (!value.is_empty()).then_some(Sourced { value, origin: Origin::Flag(name) })
}

fn selectors(texts: &[String]) -> Result<Vec<Selector>, String> {
    let parse = |text: &String| Selector::parse(text, rules::CARDS);
    texts.iter().map(parse).collect::<Result<_, _>>().map_err(|unknown| {
        format!(
            "{unknown} (--select and --ignore take codes, beginnings of codes and names; see `dflint rule`)"
        )
    })
}
