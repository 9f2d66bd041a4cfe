//! Which configuration holds for a file.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::{env, fs};

use dflint::config::{self, Additions, Configuration, FILE_NAMES, Origin, Problem, Settings, Sourced};
use dflint::engine::Options;
use dflint::knowledge::Knowledge;
use dflint::text::SourceFile;

use super::discover::{Exclusion, shortest};

/// The configurations of a run. Each folder is looked into once.
pub(crate) struct Configurations {
    /// The configuration that the command line names.
    given: Option<Rc<Loaded>>,
    /// Whether configuration files are looked for.
    discover: bool,
    /// The working directory.
    here: PathBuf,
    /// What holds for the files in each folder that was asked for, and in those above it.
    folders: HashMap<PathBuf, Found>,
    /// How many configuration files could not be used.
    pub(crate) failures: usize,
    /// What is wrong with them, until somebody has told it.
    pub(crate) problems: Vec<String>,
}

/// What holds for the files of a folder.
#[derive(Clone)]
pub(crate) enum Found {
    /// No configuration.
    Nothing,
    /// This one.
    Configuration(Rc<Loaded>),
    /// One that cannot be used; [`Configurations::problems`] says why.
    Broken,
}

/// A configuration with all that it extends.
#[derive(Default)]
pub(crate) struct Loaded {
    /// What it says.
    pub(crate) configuration: Configuration,
    /// The files that it comes from, the first one on top, as messages name them.
    pub(crate) files: Vec<PathBuf>,
    /// What it adds to the knowledge.
    knowledge: Knowledge,
    /// The folder that its patterns start from, as an absolute path.
    folder: PathBuf,
}

impl Configurations {
    /// The configurations of a run: for all files the one that is `given`, or else those that are found where `discover`
    /// is set.
    ///
    /// # Errors
    /// What is wrong with the configuration that is given.
    pub(crate) fn new(given: Option<&Path>, discover: bool) -> Result<Self, Vec<String>> {
        let here = env::current_dir().unwrap_or_default();
        let given = match given {
            Some(path) => Some(Rc::new(Loaded::new(path, here.clone())?)),
            None => None,
        };
        let discover = given.is_none() && discover;
        Ok(Self { given, discover, here, folders: HashMap::new(), failures: 0, problems: Vec::new() })
    }

    /// What holds for a file.
    pub(crate) fn of(&mut self, path: &Path) -> Found {
        if !self.discover {
            return self.given.clone().map_or(Found::Nothing, Found::Configuration);
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let found = absolute(&self.here, folder).map_or(Found::Nothing, |folder| self.below(&folder));
        self.folders.insert(folder.to_owned(), found.clone());
        found
    }

    /// Tells which folders below the one at `root` are excluded by the configuration that holds for that one. Where a
    /// folder has a configuration of its own, it is not asked.
    pub(crate) fn exclusion(&mut self, root: &Path) -> Exclusion {
        let Found::Configuration(loaded) = self.of(&root.join("Dockerfile")) else {
            return Box::new(|_| false);
        };
        let Some(patterns) = loaded.configuration.exclude.as_ref().map(|exclude| exclude.value.clone())
        else {
            return Box::new(|_| false);
        };
        let (root, nearest_holds) = (loaded.folder.clone(), self.discover);
        Box::new(move |folder| {
            let folder = place(folder);
            patterns.match_folder(&relative(&root, &folder))
                && !(nearest_holds && has_own_configuration(&root, &folder))
        })
    }

    /// What holds for the files of a folder, whose path is absolute: the nearest configuration, up to the root of the
    /// repository.
    fn below(&mut self, folder: &Path) -> Found {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let path = FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        let found = match (path, folder.parent()) {
            (Some(path), _) => match Loaded::new(shown(&self.here, &path), folder.to_owned()) {
                Ok(loaded) => Found::Configuration(Rc::new(loaded)),
                Err(messages) => {
                    self.failures += 1;
                    self.problems.extend(messages);
                    Found::Broken
                }
            },
            (None, Some(above)) if !is_root_of_repository(folder) => self.below(above),
            (None, _) => Found::Nothing,
        };
        self.folders.insert(folder.to_owned(), found.clone());
        found
    }
}

impl Loaded {
    fn new(path: &Path, folder: PathBuf) -> Result<Self, Vec<String>> {
        let mut files = Vec::new();
        let configuration = load(path, &mut files)?;
        let mut loaded = Self { configuration, files, knowledge: Knowledge::default(), folder };
        let (mut commands, mut images) = (Vec::new(), Vec::new());
        for named in &loaded.configuration.extend_knowledge {
            let file = existing(named).and_then(|path| read(&path))?;
            let Additions { commands: more_commands, images: more_images } =
                config::read_knowledge(&file).map_err(|problems| messages(&problems))?;
            commands.extend(more_commands);
            images.extend(more_images);
        }
        loaded.knowledge = Knowledge::with(commands, images);
        Ok(loaded)
    }

    /// The sections that hold for a file, and whether it is excluded.
    pub(crate) fn sections_for(&self, path: &Path) -> (Vec<usize>, bool) {
        let Configuration { sections, exclude, .. } = &self.configuration;
        if sections.is_empty() && exclude.is_none() {
            return (Vec::new(), false);
        }
        let relative = relative(&self.folder, &place(path));
        let excluded = exclude.as_ref().is_some_and(|patterns| patterns.value.match_path(&relative));
        (self.configuration.sections_for(&relative), excluded)
    }

    /// What an engine looks for in the files of some sections.
    pub(crate) fn options(&self, sections: &[usize], flags: &Settings) -> Options {
        let mut options = Options::from(&self.settings(sections, flags));
        options.project.knowledge = self.knowledge;
        options
    }

    /// What holds for the files of some sections.
    pub(crate) fn settings(&self, sections: &[usize], flags: &Settings) -> Settings {
        let mut settings = self.configuration.settings_in(sections);
        settings.overlay(flags);
        settings
    }
}

/// The configuration of a file, on top of those that it extends. `files` are those that extend it.
fn load(path: &Path, files: &mut Vec<PathBuf>) -> Result<Configuration, Vec<String>> {
    let file = read(path)?;
    files.push(path.to_owned());
    let configuration = config::read(&file).map_err(|problems| messages(&problems))?;
    let Some(extend) = &configuration.extend else { return Ok(configuration) };
    let base = existing(extend)?;
    let real = fs::canonicalize(&base).ok();
    if files.iter().any(|file| fs::canonicalize(file).ok() == real) {
        let message = "it extends this file; take one of the two out";
        return Err(vec![format!("{}: `{}`: {message}", extend.origin, extend.value)]);
    }
    Ok(configuration.on(load(&base, files)?))
}

/// The path of a file that a configuration names, from its own folder on.
fn existing(named: &Sourced<String>) -> Result<PathBuf, Vec<String>> {
    let folder = match &named.origin {
        Origin::File { path, .. } => path.parent().unwrap_or(Path::new("")),
        Origin::Flag(_) => Path::new(""),
    };
    let path = folder.join(&named.value);
    let message = match fs::metadata(&path) {
        Ok(metadata) if !metadata.is_dir() => return Ok(without_climbing(path)),
        Ok(_) => "this is a folder; name a file in it",
        Err(_) => "there is no such file; write its path from the folder of the configuration",
    };
    Err(vec![format!("{}: `{}`: {message}", named.origin, named.value)])
}

/// The path without `..`, as messages name it.
fn without_climbing(path: PathBuf) -> PathBuf {
    let climbs = path.components().any(|part| part == Component::ParentDir);
    let real = climbs.then(|| fs::canonicalize(&path).ok()).flatten();
    real.map_or(path, |real| shortest(&real))
}

fn read(path: &Path) -> Result<SourceFile, Vec<String>> {
    let about = |message: &str| vec![format!("{}: {message}", path.display())];
    if !path.exists() {
        return Err(about("there is no such file; check the spelling and the working directory"));
    }
    super::read(path).map_err(|message| about(&message))
}

fn messages(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// Whether a repository begins here.
pub(crate) fn is_root_of_repository(folder: &Path) -> bool {
    [".git", ".jj"].iter().any(|name| fs::symlink_metadata(folder.join(name)).is_ok())
}

/// Whether something else than the configuration of `root` holds for the folder that `folder` is in.
fn has_own_configuration(root: &Path, folder: &Path) -> bool {
    let between = folder.ancestors().skip(1).take_while(|above| *above != root);
    let mut begins = between.map(|above| {
        is_root_of_repository(above) || FILE_NAMES.iter().any(|name| above.join(name).is_file())
    });
    begins.any(|begins| begins)
}

/// The absolute path of a file or folder, which need not be there.
fn place(path: &Path) -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    let folder = absolute(&here, path.parent().unwrap_or(Path::new(""))).unwrap_or_default();
    folder.join(path.file_name().unwrap_or_default())
}

/// The path from `root` on, with slashes. Both are absolute.
fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The absolute path of a folder; none where there is no such thing.
fn absolute(here: &Path, folder: &Path) -> Option<PathBuf> {
    // What `..` means, only the file system knows.
    let climbs = folder.components().any(|part| part == Component::ParentDir);
    if climbs { fs::canonicalize(here.join(folder)).ok() } else { Some(here.join(folder)) }
}

/// The path as messages name it: from the working directory on, if it stands below that.
fn shown<'a>(here: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(here).unwrap_or(path)
}
