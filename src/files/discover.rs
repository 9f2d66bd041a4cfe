//! Which files a run is about.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::{env, fs, io};

use ignore::{DirEntry, WalkBuilder};

/// Folders that hold other people's files, or none worth a look.
const SKIPPED_FOLDERS: &[&str] = &[
    ".bzr",
    ".direnv",
    ".git",
    ".hg",
    ".jj",
    ".nox",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    "node_modules",
    "site-packages",
    "venv",
];

/// What stands behind the last dot of a name that looks like a Dockerfile's, of a file that is none: ignore lists,
/// templates, what editors and merges leave behind, other languages.
const OTHER_KINDS: &[&str] = &[
    "dockerignore",
    "containerignore",
    "gitignore", //
    "ejs",
    "em",
    "erb",
    "gotmpl",
    "handlebars",
    "hbs",
    "in",
    "j2",
    "jinja",
    "jinja2",
    "m4",
    "mustache",
    "template",
    "tmpl",
    "tpl", //
    "bak",
    "backup",
    "old",
    "orig",
    "rej",
    "save",
    "swo",
    "swp",
    "tmp", //
    "adoc",
    "diff",
    "html",
    "json",
    "lock",
    "log",
    "md",
    "patch",
    "rst",
    "sh",
    "toml",
    "yaml",
    "yml", //
    "asc",
    "gz",
    "sha256",
    "sig",
    "zip",
];

/// And of source code, which only `dockerfile.py` in lower case is: `Dockerfile.go` is a Dockerfile for Go.
const SOURCE_CODE: &[&str] = &[
    "c", "cc", "cpp", "cs", "css", "el", "go", "h", "hpp", "java", "js", "jsx", "kt", "lua", "php", "pl",
    "py", "rb", "rs", "scala", "scss", "snap", "swift", "ts", "tsx", "vim",
];

/// Tells whether a folder is excluded, so that it is not entered.
pub(crate) type Exclusion = Box<dyn Fn(&Path) -> bool + Send + Sync>;

/// What was found, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// The files, ordered by path, each once.
    pub(crate) files: Vec<PathBuf>,
    /// Paths that lead nowhere, with the reason and the way out.
    pub(crate) failures: Vec<(PathBuf, String)>,
    /// Whether a folder was excluded.
    pub(crate) excluded: bool,
}

/// The files that `paths` name, and the Dockerfiles in the folders that they name. `exclusion` is asked for each of
/// these folders what is excluded below it.
pub(crate) fn discover(paths: &[PathBuf], mut exclusion: impl FnMut(&Path) -> Exclusion) -> Discovery {
    let mut found = Discovery::default();
    let ignores_globally = LazyCell::new(may_ignore_globally);
    let mut aliases = paths.len() > 1;
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                aliases |= walk(path, exclusion(path), *ignores_globally, &mut found);
            }
            Ok(_) => found.files.push(shortest(path)),
            Err(error) => found.failures.push((shortest(path), missing(path, &error))),
        }
    }
    found.files.sort_unstable();
    found.files.dedup();
    if aliases {
        drop_aliases(&mut found.files);
    }
    found
}

/// Collects the Dockerfiles below `folder`; `ignores_globally` says whether to look for git's ignore file for all
/// repositories. Returns whether a symbolic link is among them.
fn walk(folder: &Path, is_excluded: Exclusion, ignores_globally: bool, found: &mut Discovery) -> bool {
    let before = (found.files.len(), found.failures.len());
    let mut links = false;
    // As git: a repository's ignore files hold from its root on. Elsewhere, from the named folder on, for what stands
    // above it (a home folder's .gitignore, say) does not mean it.
    let repository = in_repository(folder);
    let excluded = Arc::new(AtomicBool::new(false));
    let some_are_excluded = Arc::clone(&excluded);
    let is_entered = move |entry: &DirEntry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if !is_folder || entry.depth() == 0 {
            return true;
        }
        let is_excluded = is_excluded(entry.path());
        some_are_excluded.fetch_or(is_excluded, Ordering::Relaxed);
        !is_excluded && !SKIPPED_FOLDERS.iter().any(|skipped| entry.file_name() == *skipped)
    };
    let walk = WalkBuilder::new(folder)
        .hidden(false)
        .git_global(ignores_globally)
        .require_git(repository)
        .parents(repository)
        .filter_entry(is_entered)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if is_dockerfile_name(entry.file_name()) => {
                let link = entry.path_is_symlink();
                let is_file = if link {
                    fs::metadata(entry.path()).is_ok_and(|target| target.is_file())
                } else {
                    entry.file_type().is_some_and(|kind| kind.is_file())
                };
                if is_file {
                    links |= link;
                    found.files.push(shortest(entry.path()));
                }
            }
            Ok(_) => {}
            Err(error) => {
                found.failures.push((shortest(folder), format!("cannot look everywhere below it: {error}")));
            }
        }
    }
    let excluded = excluded.load(Ordering::Relaxed);
    found.excluded |= excluded;
    if before == (found.files.len(), found.failures.len()) && !excluded {
        found.failures.push((shortest(folder), nothing_here()));
    }
    links
}

/// Whether git may have an ignore file for all repositories. Where git has any configuration, the `ignore` crate compiles
/// a regular expression to look for the name of that file, which is half the time of a check of one file.
fn may_ignore_globally() -> bool {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = env::home_dir();
    let folder = variable("XDG_CONFIG_HOME").or_else(|| Some(home.as_ref()?.join(".config")));
    let folder = folder.map(|folder| folder.join("git"));
    if folder.as_ref().is_some_and(|folder| folder.join("ignore").exists()) {
        return true;
    }
    let names_file = |configuration: PathBuf| {
        fs::read(configuration)
            .is_ok_and(|text| memchr::memmem::find(&text.to_ascii_lowercase(), b"excludesfile").is_some())
    };
    let system = variable("GIT_CONFIG_SYSTEM").unwrap_or_else(|| "/etc/gitconfig".into());
    let own = [variable("GIT_CONFIG_GLOBAL"), home.map(|home| home.join(".gitconfig"))];
    let own = own.into_iter().chain([folder.map(|folder| folder.join("config"))]).flatten();
    own.chain([system]).any(names_file)
}

fn in_repository(folder: &Path) -> bool {
    fs::canonicalize(folder).is_ok_and(|folder| {
        folder.ancestors().any(|above| above.join(".git").exists() || above.join(".jj").exists())
    })
}

/// Whether a file of this name in a folder is taken for a Dockerfile.
fn is_dockerfile_name(name: &OsStr) -> bool {
    // A name that is not Unicode may still begin with `Dockerfile.`.
    let name = name.to_string_lossy();
    let lower = name.to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|base| {
        if lower == *base || lower.strip_suffix(base).is_some_and(|front| front.ends_with('.')) {
            return true;
        }
        let Some(suffix) = lower.strip_prefix(base).and_then(|rest| rest.strip_prefix('.')) else {
            return false;
        };
        let kind = suffix.rsplit('.').next().unwrap_or(suffix);
        let source_code = name.starts_with(base) && SOURCE_CODE.contains(&kind);
        !(kind.is_empty() || kind.ends_with('~') || OTHER_KINDS.contains(&kind) || source_code)
    })
}

/// The path as it is shown: relative to the working directory where it lies below that, and without `.` in it.
pub(crate) fn shortest(path: &Path) -> PathBuf {
    static HERE: LazyLock<Option<PathBuf>> = LazyLock::new(|| env::current_dir().ok());
    let below = |here: &'static PathBuf| path.strip_prefix(here).ok();
    let path = if path.is_absolute() { HERE.as_ref().and_then(below).unwrap_or(path) } else { path };
    let shortest: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if shortest.as_os_str().is_empty() { PathBuf::from(".") } else { shortest }
}

/// Drops paths that lead to a file which is there already; what is no symbolic link stays.
fn drop_aliases(files: &mut Vec<PathBuf>) {
    let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    let mut seen = HashSet::new();
    let identity = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (links, others): (Vec<_>, Vec<_>) = files.drain(..).partition(|path| is_link(path));
    files.extend(others.into_iter().chain(links).filter(|path| seen.insert(identity(path))));
    files.sort_unstable();
}

fn missing(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound if fs::symlink_metadata(path).is_ok() => {
            "a symbolic link to nothing; mend or remove the link".to_owned()
        }
        io::ErrorKind::NotFound => {
            "no such file or folder; check the spelling and the working directory".to_owned()
        }
        io::ErrorKind::PermissionDenied => super::explain(error),
        // Such as one that leads to itself.
        _ if path.is_symlink() => format!("{error}; mend or remove the link"),
        _ => super::explain(error),
    }
}

fn nothing_here() -> String {
    "no Dockerfile in this folder or below it (looked for Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile, \
     Containerfile.* and *.Containerfile that .gitignore does not exclude); name a file to check it whatever its name"
        .to_owned()
}

#[cfg(test)]
mod tests;
