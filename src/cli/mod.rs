//! The command line. Each command is a file here; all of them ask the engine and print through `output`.

mod args;
mod baseline;
mod check;
mod config;
mod configured;
mod init;
mod manual;
mod parse;
mod plan;
mod reports;
mod rule;
mod streams;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

/// How a run ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Exit {
    /// Nothing to report.
    Clean = 0,
    /// Findings, or changes that `--diff` showed.
    Findings = 1,
    /// Something could not be done; a message says what.
    Failure = 2,
}

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let exit = match arguments.command {
        Command::Check(command) => check::run(&command, arguments.color),
        Command::Plan(command) => plan::run(&command, arguments.color),
        Command::Config(command) => config::run(&command),
        Command::Rule(command) => rule::run(&command),
        Command::Parse(command) => parse::run(&command),
        Command::Init(command) => init::run(&command),
        Command::Lsp(_) => return crate::lsp::run(),
        Command::Completions(command) => manual::completions(&command),
        Command::Man(command) => manual::man(&command),
    };
    ExitCode::from(exit as u8)
}
