//! `dflint check`.

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dflint::diagnostics::Applicability;
use dflint::engine::{AppliedFix, Engine, Fixed, RefusedFix, Report};
use dflint::text::SourceFile;
use rayon::prelude::*;

use crate::files::engines::{Checks, Engines};
use crate::files::{self, discover};
use crate::output::{Changes, Checked, Format, Mode, Reporter, Tally, unified_diff};

use super::args::{self, Color};
use super::baseline::Baseline;
use super::{Exit, configured, streams};

/// How many files are held in memory at once.
const BATCH: usize = 256;

pub(super) fn run(arguments: &args::Check, color: Color) -> Exit {
    let prepared = Run::new(arguments, color)
        .map_err(|message| vec![message])
        .and_then(|run| Ok((run, configured::engines(&arguments.configured)?)));
    let (mut run, mut engines) = match prepared {
        Ok(prepared) => prepared,
        Err(messages) => {
            streams::complain_all(&messages);
            return Exit::Failure;
        }
    };
    let result = if is_stdin(&arguments.paths) {
        run.stdin(arguments.stdin_filename.as_deref().unwrap_or(Path::new(files::STDIN)), &mut engines)
    } else {
        run.files(&arguments.paths, &mut engines)
    };
    let exit = result.unwrap_or_else(|error| {
        streams::complain_about_output(&error);
        Exit::Failure
    });
    match run.baseline.take().map_or(Ok(()), Baseline::finish) {
        Ok(()) => exit,
        Err(message) => {
            streams::complain(&message);
            Exit::Failure
        }
    }
}

fn is_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| files::is_stdin(path))
}

/// What holds for every file of a run.
struct Run {
    mode: Mode,
    /// Whether fixes are applied, and whether comments are added for what is left.
    fixes: bool,
    add_ignores: bool,
    baseline: Option<Baseline>,
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
        let add_ignores = arguments.accepting.add_ignores;
        Ok(Self {
            mode: match (arguments.diff, arguments.fix || add_ignores) {
                (true, _) => Mode::Diff,
                (false, true) => Mode::Fix,
                (false, false) => Mode::Check,
            },
            fixes: arguments.fix || !add_ignores,
            add_ignores,
            baseline: Baseline::new(&arguments.accepting)?,
            at_least: if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe },
            format: arguments.output_format,
            color,
        })
    }

    fn tally(&self) -> Tally {
        let changes = match (self.fixes, self.add_ignores) {
            (true, false) => Changes::Fixes,
            (false, _) => Changes::Comments,
            (true, true) => Changes::Both,
        };
        let mut tally = Tally::new(self.mode, self.at_least == Applicability::Unsafe).with(changes);
        tally.has_baseline = self.baseline.is_some();
        tally
    }

    fn files(&mut self, paths: &[PathBuf], engines: &mut Engines) -> io::Result<Exit> {
        let found = discover::discover(paths);
        let mut tally = self.tally();
        for (path, message) in &found.failures {
            tally.failures += 1;
            streams::complain_about(path, message);
        }
        let color = streams::colored(self.color, &io::stdout());
        let mut out = streams::stdout();
        let mut reporter = self.format.reporter(color);
        let is_named = |path: &PathBuf| paths.iter().any(|named| discover::clean(named) == *path);
        let configured = |path: PathBuf| match engines.of(&path) {
            Checks::With(engine) => Some((engine, path)),
            Checks::Unasked(engine) => is_named(&path).then_some((engine, path)),
            Checks::Nothing => None,
        };
        let found_some = !found.files.is_empty();
        let files: Vec<_> = found.files.into_iter().filter_map(configured).collect();
        if files.is_empty() && found_some && engines.failures() == 0 {
            streams::tell(
                "Nothing was checked: the configuration excludes every Dockerfile that was found. Name one to check it all \
                 the same; `dflint config` says which line excludes it.",
            );
        }
        tally.failures += engines.failures();
        streams::complain_all(&engines.take_problems());
        for batch in files.chunks(BATCH) {
            for ((_, path), outcome) in batch.iter().zip(self.work_on_all(batch)) {
                match outcome {
                    Ok(mut outcome) => {
                        self.accept(&mut outcome);
                        self.print(&mut out, reporter.as_mut(), &outcome, color, &mut tally)?;
                    }
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

    fn stdin(&mut self, name: &Path, engines: &mut Engines) -> io::Result<Exit> {
        let (Checks::With(engine) | Checks::Unasked(engine)) = engines.of(name) else {
            streams::complain_all(&engines.take_problems());
            return Ok(Exit::Failure);
        };
        let outcome = files::read_stdin(name).and_then(|file| self.work_on(&engine, file));
        let mut outcome = match outcome {
            Ok(outcome) => outcome,
            Err(message) => {
                streams::complain_about(name, &message);
                return Ok(Exit::Failure);
            }
        };
        self.accept(&mut outcome);
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

    fn work_on_all(&self, files: &[(Arc<Engine>, PathBuf)]) -> Vec<Result<Outcome, String>> {
        let work = |(engine, path): &(Arc<Engine>, PathBuf)| {
            let mut outcome = self.work_on(engine, files::read(path)?)?;
            if self.mode == Mode::Fix {
                write(engine, &mut outcome);
            }
            Ok(outcome)
        };
        match files {
            // No threads are started for one file.
            [file] => vec![work(file)],
            _ => files.par_iter().map(work).collect(),
        }
    }

    /// Checks or mends one file. A rule that panics takes down its file, not the run.
    fn work_on(&self, engine: &Engine, file: SourceFile) -> Result<Outcome, String> {
        let name = file.path().to_owned();
        panic::catch_unwind(AssertUnwindSafe(|| self.ask(engine, file))).map_err(|_| {
            let name = streams::shown(&name);
            format!("dflint failed on this file, which is an error in dflint; please report it with {name}")
        })
    }

    fn ask(&self, engine: &Engine, file: SourceFile) -> Outcome {
        if self.mode == Mode::Check {
            let report = engine.check(&file);
            return Outcome { file, report, applied: vec![], refused: vec![], before: None, failure: None };
        }
        let Fixed { file: fixed, applied, remaining, refused } = self.change(engine, &file);
        let before = (fixed.text() != file.text()).then_some(file);
        Outcome { file: fixed, report: remaining, applied, refused, before, failure: None }
    }

    /// The file after what was asked for: its fixes, then comments for what is left.
    fn change(&self, engine: &Engine, file: &SourceFile) -> Fixed {
        if !self.fixes {
            return engine.add_ignores(file);
        }
        let mut fixed = engine.fix(file, self.at_least);
        if self.add_ignores {
            let ignored = engine.add_ignores(&fixed.file);
            fixed.applied.extend(ignored.applied);
            fixed.refused.extend(ignored.refused);
            (fixed.file, fixed.remaining) = (ignored.file, ignored.remaining);
        }
        fixed
    }

    /// Takes out what the baseline accepts.
    fn accept(&mut self, outcome: &mut Outcome) {
        if let Some(baseline) = &mut self.baseline {
            baseline.apply(&outcome.file, &mut outcome.report.diagnostics);
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

/// Writes the fixed text; where that fails, the file is as it was and so are its findings.
fn write(engine: &Engine, outcome: &mut Outcome) {
    let Some(before) = &outcome.before else { return };
    if let Err(message) = files::replace(before, outcome.file.text()) {
        outcome.failure = Some(message);
        outcome.report = engine.check(before);
        outcome.file = before.clone();
        outcome.applied.clear();
        outcome.before = None;
    }
}

/// The run in one line, for whoever reads along.
fn tell(out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
    match tally.sentence() {
        Some(sentence) => writeln!(out, "{sentence}").and_then(|()| out.flush()),
        None => Ok(()),
    }
}
