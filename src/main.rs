//! The command line.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use dflint::output::parse_json::parse_json;
use dflint::text::SourceFile;

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the syntax tree, one file a line.
    Parse {
        /// The output format.
        #[arg(long, default_value = "json")]
        format: Format,
        /// The Dockerfiles.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Json,
}

fn main() -> ExitCode {
    let Command::Parse { format: Format::Json, files } = Arguments::parse().command;
    let mut out = std::io::stdout().lock();
    for path in files {
        let printed = std::fs::read(&path)
            .and_then(|bytes| {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                SourceFile::new(&path, text).map_err(|_| std::io::ErrorKind::FileTooLarge.into())
            })
            .and_then(|file| writeln!(out, "{}", parse_json(&file, &dflint::syntax::parse(&file))));
        if let Err(error) = printed {
            eprintln!("dflint: {}: {error}", path.display());
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
