//! `dflint parse`.

use std::io::{self, Write};
use std::path::Path;

use dflint::syntax;

use crate::files;
use crate::output;

use super::args::{self, ParseFormat};
use super::{Exit, streams};

pub(super) fn run(arguments: &args::Parse) -> Exit {
    let ParseFormat::Json = arguments.format;
    print(arguments, &mut streams::stdout()).unwrap_or_else(|error| {
        streams::complain_about_output(&error);
        Exit::Failure
    })
}

fn print(arguments: &args::Parse, out: &mut dyn Write) -> io::Result<Exit> {
    let mut exit = Exit::Clean;
    for path in &arguments.files {
        let file = if files::is_stdin(path) {
            files::read_stdin(Path::new(files::STDIN))
        } else {
            files::read(path)
        };
        match file {
            Ok(file) => output::syntax_tree(out, &file, &syntax::parse(&file))?,
            Err(message) => {
                streams::complain_about(path, &message);
                exit = Exit::Failure;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}
