//! `dflint check`.

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use dflint::diagnostics::Applicability;
use dflint::engine::{AppliedFix, Engine, Fixed, Options, RefusedFix, Report};
use dflint::rules;
use dflint::select::Selector;
use dflint::text::SourceFile;
use rayon::prelude::*;

use crate::files::{self, discover};
use crate::output::{Checked, Format, Mode, Reporter, Tally, unified_diff};

use super::args::{self, Color};
use super::{Exit, streams};

/// How many files are held in memory at once.
const BATCH: usize = 256;

pub(super) fn run(arguments: &args::Check, color: Color) -> Exit {
    let run = match Run::new(arguments, color) {
        Ok(run) => run,
        Err(message) => {
            streams::complain(&message);
            return Exit::Failure;
        }
    };
    let result = if is_stdin(&arguments.paths) {
        run.stdin(arguments.stdin_filename.as_deref().unwrap_or(Path::new(files::STDIN)))
    } else {
        run.files(&arguments.paths)
    };
    result.unwrap_or_else(|error| {
        streams::complain_about_output(&error);
        Exit::Failure
    })
}

fn is_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| files::is_stdin(path))
}

/// What holds for every file of a run.
struct Run {
    engine: Engine,
    mode: Mode,
    at_least: Applicability,
    format: Format,
    color: Color,
}

/// A file that was worked on.
struct Outcome {
    /// The text that `report` speaks of.
    file: SourceFile,
    report: Report,
    applied: Vec<AppliedFix>,
    refused: Vec<RefusedFix>,
    /// The text before the fixes, where they changed it.
    before: Option<SourceFile>,
    /// Why the fixed text could not be written.
    failure: Option<String>,
}

impl Run {
    fn new(arguments: &args::Check, color: Color) -> Result<Self, String> {
        if is_stdin(&arguments.paths) {
            if arguments.paths.len() > 1 {
                return Err(
                    "`-` is standard input and stands alone; write `./-` for a file of that name".to_owned()
                );
            }
        } else if arguments.stdin_filename.is_some() {
            return Err("--stdin-filename names standard input; add `-` as the path".to_owned());
        }
        let options =
            Options { select: selectors(&arguments.select)?, ignore: selectors(&arguments.ignore)? };
        Ok(Self {
            engine: Engine::new(options),
            mode: match (arguments.diff, arguments.fix) {
                (true, _) => Mode::Diff,
                (false, true) => Mode::Fix,
                (false, false) => Mode::Check,
            },
            at_least: if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe },
            format: arguments.output_format,
            color,
        })
    }

    fn tally(&self) -> Tally {
        Tally::new(self.mode, self.at_least == Applicability::Unsafe)
    }

    fn files(&self, paths: &[PathBuf]) -> io::Result<Exit> {
        let found = discover::discover(paths);
        let mut tally = self.tally();
        for (path, message) in &found.failures {
            tally.failures += 1;
            streams::complain_about(path, message);
        }
        let color = streams::colored(self.color, &io::stdout());
        let mut out = streams::stdout();
        let mut reporter = self.format.reporter(color);
        for batch in found.files.chunks(BATCH) {
            for (path, outcome) in batch.iter().zip(self.work_on_all(batch)) {
                match outcome {
                    Ok(outcome) => self.print(&mut out, reporter.as_mut(), &outcome, color, &mut tally)?,
                    Err(message) => {
                        tally.failures += 1;
                        streams::complain_about(path, &message);
                    }
                }
            }
            out.flush()?;
        }
        self.finish(&mut out, reporter.as_mut(), &tally)
    }

    fn stdin(&self, name: &Path) -> io::Result<Exit> {
        let outcome = files::read_stdin(name).and_then(|file| self.work_on(file));
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(message) => {
                streams::complain_about(name, &message);
                return Ok(Exit::Failure);
            }
        };
        let mut tally = self.tally();
        if self.mode == Mode::Fix {
            let mut out = streams::stdout();
            out.write_all(outcome.file.text().as_bytes())?;
            out.flush()?;
        }
        // With --fix, standard output is the file: everything else goes to standard error.
        let (mut out, color): (Box<dyn Write>, bool) = if self.mode == Mode::Fix {
            (Box::new(streams::stderr()), streams::colored(self.color, &io::stderr()))
        } else {
            (Box::new(streams::stdout()), streams::colored(self.color, &io::stdout()))
        };
        let mut reporter = self.format.reporter(color);
        self.print(&mut out, reporter.as_mut(), &outcome, color, &mut tally)?;
        self.finish(&mut out, reporter.as_mut(), &tally)
    }

    /// Sums up the run. A diff is alone on its stream, so that it can be applied.
    fn finish(&self, out: &mut dyn Write, reporter: &mut dyn Reporter, tally: &Tally) -> io::Result<Exit> {
        if self.mode == Mode::Diff {
            tell(&mut streams::stderr(), tally)?;
        } else {
            reporter.finish(out, tally)?;
        }
        out.flush()?;
        Ok(self.exit(tally))
    }

    fn work_on_all(&self, paths: &[PathBuf]) -> Vec<Result<Outcome, String>> {
        let work = |path: &PathBuf| {
            let mut outcome = self.work_on(files::read(path)?)?;
            if self.mode == Mode::Fix {
                self.write(&mut outcome);
            }
            Ok(outcome)
        };
        match paths {
            // No threads are started for one file.
            [path] => vec![work(path)],
            _ => paths.par_iter().map(work).collect(),
        }
    }

    /// Checks or mends one file. A rule that panics takes down its file, not the run.
    fn work_on(&self, file: SourceFile) -> Result<Outcome, String> {
        let name = file.path().to_owned();
        panic::catch_unwind(AssertUnwindSafe(|| self.ask_engine(file))).map_err(|_| {
            let name = streams::shown(&name);
            format!("dflint failed on this file, which is an error in dflint; please report it with {name}")
        })
    }

    fn ask_engine(&self, file: SourceFile) -> Outcome {
        if self.mode == Mode::Check {
            let report = self.engine.check(&file);
            return Outcome { file, report, applied: vec![], refused: vec![], before: None, failure: None };
        }
        let Fixed { file: fixed, applied, remaining, refused } = self.engine.fix(&file, self.at_least);
        let before = (fixed.text() != file.text()).then_some(file);
        Outcome { file: fixed, report: remaining, applied, refused, before, failure: None }
    }

    /// Writes the fixed text; where that fails, the file is as it was and so are its findings.
    fn write(&self, outcome: &mut Outcome) {
        let Some(before) = &outcome.before else { return };
        if let Err(message) = files::replace(before, outcome.file.text()) {
            outcome.failure = Some(message);
            outcome.report = self.engine.check(before);
            outcome.file = before.clone();
            outcome.applied.clear();
            outcome.before = None;
        }
    }

    fn print(
        &self,
        out: &mut dyn Write,
        reporter: &mut dyn Reporter,
        outcome: &Outcome,
        color: bool,
        tally: &mut Tally,
    ) -> io::Result<()> {
        let path = outcome.file.path();
        for RefusedFix { fix, reason } in &outcome.refused {
            let message = format!("a fix of {} was not applied ({}): {reason}", fix.code, fix.title);
            streams::complain_about(path, &message);
        }
        if let Some(message) = &outcome.failure {
            tally.failures += 1;
            streams::complain_about(path, message);
        }
        for code in &outcome.report.failures {
            tally.failures += 1;
            let message =
                format!("{code} failed, which is an error in dflint; please report it with this file");
            streams::complain_about(path, &message);
        }
        tally.count(&outcome.report.diagnostics, outcome.applied.len());
        if self.mode != Mode::Diff {
            let (file, diagnostics, applied) =
                (&outcome.file, &outcome.report.diagnostics[..], &outcome.applied[..]);
            return reporter.file(out, Checked { file, diagnostics, applied });
        }
        let Some(before) = &outcome.before else { return Ok(()) };
        if !unified_diff(out, path, before.text(), outcome.file.text(), color)? {
            let message = "the diff shows control characters as others and cannot be applied; use --fix";
            streams::complain_about(path, message);
        }
        Ok(())
    }

    fn exit(&self, tally: &Tally) -> Exit {
        let found = if self.mode == Mode::Diff { tally.files_changed } else { tally.findings() };
        match (tally.failures, found) {
            (0, 0) => Exit::Clean,
            (0, _) => Exit::Findings,
            _ => Exit::Failure,
        }
    }
}

fn selectors(texts: &[String]) -> Result<Vec<Selector>, String> {
    let parse = |text: &String| Selector::parse(text, rules::CARDS);
    texts.iter().map(parse).collect::<Result<_, _>>().map_err(|unknown| {
        format!(
            "{unknown} (--select and --ignore take codes, beginnings of codes and names; see `dflint rule`)"
        )
    })
}

/// The run in one line, for whoever reads along.
fn tell(out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
    match tally.sentence() {
        Some(sentence) => writeln!(out, "{sentence}").and_then(|()| out.flush()),
        None => Ok(()),
    }
}
