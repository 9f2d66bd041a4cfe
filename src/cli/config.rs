//! `dflint config`.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use dflint::config::{Settings, Sourced};
use dflint::model::Project;

use crate::files::configuration::{Found, Loaded};
use crate::files::discover::shortest;
use crate::output::{neutral_line, severity_name};

use super::{Exit, args, configured, streams};

pub(super) fn run(arguments: &args::Config) -> Exit {
    let (flags, mut configurations) = match configured::settings(&arguments.configured) {
        Ok(prepared) => prepared,
        Err(messages) => {
            streams::complain_all(&messages);
            return Exit::Failure;
        }
    };
    let in_folder = arguments.file.join("Dockerfile");
    let path = &shortest(if arguments.file.is_dir() { &in_folder } else { &arguments.file });
    let printed = match configurations.of(path) {
        Found::Broken => {
            streams::complain_all(&configurations.problems);
            return Exit::Failure;
        }
        Found::Nothing => print(&mut streams::stdout(), path, &Loaded::default(), &flags),
        Found::Configuration(loaded) => print(&mut streams::stdout(), path, &loaded, &flags),
    };
    match printed {
        Ok(()) => Exit::Clean,
        Err(error) => {
            streams::complain_about_output(&error);
            Exit::Failure
        }
    }
}

/// Where the column of the origins begins.
const ORIGINS: usize = 56;

fn print(out: &mut dyn Write, path: &Path, loaded: &Loaded, flags: &Settings) -> io::Result<()> {
    let (sections, excluded) = loaded.sections_for(path);
    let settings = loaded.settings(&sections, flags);
    let files: Vec<String> = loaded.files.iter().map(|file| streams::shown(file).into_owned()).collect();
    let from =
        if files.is_empty() { "no configuration file".to_owned() } else { files.join(", which extends ") };
    writeln!(out, "# {}: {}", neutral_line(&streams::shown(path)), neutral_line(&from))?;

    let mut line = |text: String, origin: &dyn Display| {
        writeln!(out, "{:ORIGINS$}  # {}", neutral_line(&text), neutral_line(&origin.to_string()))
    };
    let default = &"default" as &dyn Display;
    match &settings.select {
        Some(select) => line(format!("select = {}", list(&select.value)), &select.origin)?,
        None => line("select = [\"ALL\"]".to_owned(), default)?,
    }
    match &settings.ignore[..] {
        [] => line("ignore = []".to_owned(), default)?,
        [only] => line(format!("ignore = {}", list(&only.value)), &only.origin)?,
        several => {
            let mut start = "ignore = [";
            for (index, Sourced { value, origin }) in several.iter().enumerate() {
                let end = if index + 1 == several.len() { "]" } else { "," };
                line(format!("{start}{}{end}", list(value).trim_matches(['[', ']'])), origin)?;
                start = "          ";
            }
        }
    }
    for (index, Sourced { value: (rule, severity), origin }) in settings.severity.iter().enumerate() {
        let again = settings.severity[index + 1..].iter().any(|later| later.value.0 == *rule);
        if !again {
            line(format!("severity.{rule} = \"{}\"", severity_name(*severity)), origin)?;
        }
    }
    match &settings.platforms {
        Some(platforms) => line(format!("platforms.target = {}", list(&platforms.value)), &platforms.origin)?,
        None => line(format!("platforms.target = {}", list(&Project::default().platforms)), default)?,
    }
    match &settings.targets {
        Some(targets) => line(format!("targets = {}", list(&targets.value)), &targets.origin)?,
        None => line("targets = []".to_owned(), default)?,
    }
    for knowledge in &loaded.configuration.extend_knowledge {
        line(format!("extend-knowledge = {}", list(&[&knowledge.value])), &knowledge.origin)?;
    }
    if let Some(exclude) = &loaded.configuration.exclude {
        let note = if excluded { ": checked only when it is named" } else { "" };
        line(format!("exclude = {}", list(&exclude.value.0)), &format!("{}{note}", exclude.origin))?;
    }
    out.flush()
}

/// The list in TOML.
fn list<T: Display>(items: &[T]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("{:?}", item.to_string())).collect();
    format!("[{}]", quoted.join(", "))
}
