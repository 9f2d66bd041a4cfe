//! The program `dflint`.

mod cli;
mod files;
mod lsp;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
