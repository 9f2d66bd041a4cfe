//! `dflint completions` and `dflint man`, from the definitions that `--help` comes from.

use std::io::{self, Write};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory};
use dflint::rules;

use super::{Exit, args, streams};

pub(super) fn completions(arguments: &args::Completions) -> Exit {
    let mut program = with_rules(args::Arguments::command());
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, name, &mut script);
    print(|out| out.write_all(&script))
}

/// The program with the rules as values, so that shells offer them.
fn with_rules(program: Command) -> Command {
    program.mut_subcommands(|command| {
        command.mut_args(|option| match option.get_id().as_str() {
            "rule" | "select" | "ignore" => {
                let rules = rules::CARDS.iter().map(|card| PossibleValue::new(card.code).help(card.summary));
                option.value_parser(PossibleValuesParser::new(rules))
            }
            _ => option,
        })
    })
}

pub(super) fn man(arguments: &args::Man) -> Exit {
    let mut program = args::Arguments::command();
    program.build();
    let page = match &arguments.command {
        None => &program,
        Some(name) => {
            let Some(command) = program.find_subcommand(name) else {
                streams::complain(&format!("there is no command `{name}`; `dflint help` lists them all"));
                return Exit::Failure;
            };
            command
        }
    };
    // What stands behind the options is laid out already, and has headings of its own.
    let notes = page.get_after_long_help().or(page.get_after_help()).map(ToString::to_string);
    let manual = clap_mangen::Man::new(page.clone().after_help(None).after_long_help(None))
        .source(concat!("dflint ", env!("CARGO_PKG_VERSION")));
    print(|out| {
        manual.render(out)?;
        notes.unwrap_or_default().split("\n\n").try_for_each(|section| write_section(out, section))
    })
}

/// Writes a paragraph line by line, the first one as a heading if it ends like one: `Examples:`.
fn write_section(out: &mut dyn Write, section: &str) -> io::Result<()> {
    let (heading, lines) = match section.split_once(":\n") {
        Some((heading, lines)) if !heading.contains('\n') => (heading, lines),
        _ => ("Notes", section),
    };
    writeln!(out, ".SH {}\n.nf", heading.to_uppercase())?;
    for line in lines.lines() {
        // Nothing of it is a command or an escape of roff.
        writeln!(out, "\\&{}", line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq"))?;
    }
    writeln!(out, ".fi")
}

fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    let mut out = streams::stdout();
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            streams::complain_about_output(&error);
            Exit::Failure
        }
    }
}
