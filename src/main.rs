//! The program `dflint`.

mod cli;
mod files;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
