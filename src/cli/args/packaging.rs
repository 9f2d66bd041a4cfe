//! The commands with which a project, a shell or a package begins to use dflint.

use clap::{Args, ValueEnum};
use clap_complete::Shell;

/// Write a configuration file to start from, and what checks the project in CI
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dflint init                      Write dflint.toml, with every setting as a comment
  dflint init --ci github          And .github/workflows/dflint.yml
  dflint init --ci pre-commit      And .pre-commit-config.yaml

What is there already is never changed: what belongs into it is printed.

Exit status: 0 when all was written, 2 when something was not.")]
pub(in crate::cli) struct Init {
    /// Also write what runs dflint on every change, at the root of the repository
    #[arg(long, value_name = "SYSTEM", value_enum)]
    pub(in crate::cli) ci: Option<Ci>,
}

/// See [`Init::ci`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(in crate::cli) enum Ci {
    /// A workflow that annotates pull requests: .github/workflows/dflint.yml
    Github,
    /// A job with a code quality report: .gitlab-ci.yml
    Gitlab,
    /// A pipeline that annotates its runs: azure-pipelines.yml
    Azure,
    /// A hook before each commit: .pre-commit-config.yaml
    PreCommit,
}

/// Print what makes a shell complete commands, options and rules
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dflint completions bash > ~/.local/share/bash-completion/completions/dflint
  dflint completions zsh > ~/.zfunc/_dflint       With fpath+=~/.zfunc before compinit in ~/.zshrc
  dflint completions fish > ~/.config/fish/completions/dflint.fish
  dflint completions powershell >> $PROFILE

Exit status: 0 when it was printed, 2 when not.")]
pub(in crate::cli) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(in crate::cli) shell: Shell,
}

/// Print the manual as a man page
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dflint man > ~/.local/share/man/man1/dflint.1
  dflint man check > ~/.local/share/man/man1/dflint-check.1
  dflint man check | man -l -

Exit status: 0 when it was printed, 2 when not.")]
pub(in crate::cli) struct Man {
    /// The command whose page is printed; dflint itself where none is given
    #[arg(value_name = "COMMAND")]
    pub(in crate::cli) command: Option<String>,
}
