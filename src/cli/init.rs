//! `dflint init`.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use dflint::config::{FILE_NAMES, KEYS, Key, Takes};

use crate::files::configuration::is_root_of_repository;
use crate::files::explain;

use super::args::{self, Ci};
use super::{Exit, streams};

/// Where a line of the configuration ends at the latest.
const WIDTH: usize = 100;

pub(super) fn run(arguments: &args::Init) -> Exit {
    let here = match std::env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            streams::complain(&format!("the working directory: {}", explain(&error)));
            return Exit::Failure;
        }
    };
    let configured = configure(&here, arguments.ci.is_some());
    let checked = arguments.ci.is_none_or(|ci| write_ci(&here, ci));
    if configured && checked { Exit::Clean } else { Exit::Failure }
}

/// Writes the configuration. One that is there already may stay where it was not all that was asked for.
fn configure(here: &Path, may_stay: bool) -> bool {
    let above = configuration_above(here);
    if let Some(path) = above.as_ref().filter(|path| !path.starts_with("..")) {
        let message = format!("{} is there already, and stays as it is", path.display());
        if may_stay {
            streams::tell(&message);
        } else {
            streams::complain(&format!("{message}; `dflint config` shows what it does"));
        }
        return may_stay;
    }
    let path = Path::new(FILE_NAMES[0]);
    match create(path, &configuration(above.as_deref())) {
        Ok(()) => {
            let extends = above.map_or(String::new(), |above| format!(" on top of {}", above.display()));
            streams::tell(&format!(
                "Wrote {}{extends}. Its settings are comments: take the # off those that you want. `dflint config` \
                 shows what holds.",
                path.display()
            ));
            true
        }
        Err(error) => {
            streams::complain_about(path, &explain(&error));
            false
        }
    }
}

/// The configuration that holds here, as a path from here on.
fn configuration_above(here: &Path) -> Option<PathBuf> {
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        if let Some(name) = FILE_NAMES.iter().find(|name| folder.join(name).is_file()) {
            return Some(up.join(name));
        }
        if is_root_of_repository(folder) {
            return None;
        }
        up.push("..");
    }
    None
}

/// Every key of the configuration, with its example as a comment. Only what it extends is in force.
fn configuration(extends: Option<&Path>) -> String {
    let mut text = String::new();
    comment(
        &mut text,
        "What dflint goes by in this folder and those below it. What stands behind # without a space is a \
        setting: take the # off to use it.",
    );
    let is_table = |key: &&Key| matches!(key.takes, Takes::Table(_) | Takes::Tables(_));
    let (tables, values): (Vec<&Key>, Vec<&Key>) = KEYS.iter().partition(is_table);
    // A header takes all that follows it.
    for key in values.into_iter().chain(tables) {
        text.push('\n');
        comment(&mut text, key.about);
        match (&key.takes, extends) {
            (Takes::Path, Some(path)) => {
                let path = path.to_string_lossy().replace('\\', "/");
                writeln!(text, "{} = {path:?}", key.name)
            }
            (Takes::Table(keys), _) => {
                writeln!(text, "#[{}]", key.name).expect("a String");
                keys.iter().try_for_each(|key| {
                    comment(&mut text, key.about);
                    setting(&mut text, key)
                })
            }
            (Takes::Tables(keys), _) => {
                writeln!(text, "#[[{}]]", key.name).expect("a String");
                keys.iter().try_for_each(|key| setting(&mut text, key))
            }
            _ => setting(&mut text, key),
        }
        .expect("a String");
    }
    text
}

fn setting(text: &mut String, key: &Key) -> std::fmt::Result {
    writeln!(text, "#{} = {}", key.name, key.example)
}

/// Adds a text as lines of comments.
fn comment(text: &mut String, about: &str) {
    let mut column = 0;
    for word in about.split_whitespace() {
        if column > 0 && column + 1 + word.len() > WIDTH {
            text.push('\n');
            column = 0;
        }
        text.push_str(if column == 0 { "# " } else { " " });
        text.push_str(word);
        column += word.len() + if column == 0 { 2 } else { 1 };
    }
    text.push('\n');
}

/// Writes what checks the project in CI, at the root of its repository.
fn write_ci(here: &Path, ci: Ci) -> bool {
    let (path, text, next) = match ci {
        Ci::Github => (
            ".github/workflows/dflint.yml",
            include_str!("../../templates/github.yml"),
            "Commit it: every pull request is checked.",
        ),
        Ci::Gitlab => (
            ".gitlab-ci.yml",
            include_str!("../../templates/gitlab.yml"),
            "Commit it: every merge request is checked.",
        ),
        Ci::Azure => (
            "azure-pipelines.yml",
            include_str!("../../templates/azure.yml"),
            "Commit it, and make a pipeline of it in Azure.",
        ),
        Ci::PreCommit => (
            ".pre-commit-config.yaml",
            include_str!("../../templates/pre-commit.yaml"),
            "`pre-commit install` puts it to work.",
        ),
    };
    let root = here.ancestors().find(|folder| is_root_of_repository(folder)).unwrap_or(here);
    let file = root.join(path);
    let folder = file.parent().unwrap_or(root);
    match fs::create_dir_all(folder).and_then(|()| create(&file, text)) {
        Ok(()) => {
            streams::tell(&format!("Wrote {path}. {next}"));
            true
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            streams::complain(&format!("{path} is there already, and stays as it is; add this to it:"));
            let mut out = streams::stdout();
            if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
                streams::complain_about_output(&error);
            }
            false
        }
        Err(error) => {
            streams::complain_about(&file, &explain(&error));
            false
        }
    }
}

/// Writes a file that is not there yet.
fn create(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
