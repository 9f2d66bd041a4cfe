//! `dflint check`.

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use dflint::diagnostics::Applicability;
use dflint::engine::{AppliedFix, Engine, Fixed, RefusedFix, Report};
use dflint::text::SourceFile;
use rayon::prelude::*;

use crate::files::engines::{Checks, Engines};
use crate::files::{self, discover};
use crate::output::{Changes, Checked, Mode, Tally, unified_diff};

use super::args::{self, Color};
use super::baseline::Baseline;
use super::reports::Reports;
use super::{Exit, configured, streams};

/// How many files are held in memory at once.
const BATCH: usize = 256;

pub(super) fn run(arguments: &args::Check, color: Color) -> Exit {
    let prepared = Run::new(arguments, color)
        .and_then(|run| Ok((run, Baseline::new(&arguments.accepting)?)))
        .map_err(|message| vec![message])
        .and_then(|(run, baseline)| Ok((run, baseline, configured::engines(&arguments.configured)?)));
    let (run, mut baseline, mut engines) = match prepared {
        Ok(prepared) => prepared,
        Err(messages) => {
            streams::complain_all(&messages);
            return Exit::Failure;
        }
    };
    let result = if is_stdin(&arguments.paths) {
        let name = arguments.stdin_filename.as_deref().unwrap_or(Path::new(files::STDIN));
        run.stdin(&discover::shortest(name), &mut engines, &mut baseline)
    } else {
        run.files(arguments, &mut engines, &mut baseline)
    };
    // A run that broke off has no baseline.
    let result = result.and_then(|exit| baseline.map_or(Ok(()), Baseline::finish).map(|()| exit));
    result.unwrap_or_else(|message| {
        streams::complain(&message);
        Exit::Failure
    })
}

fn is_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| files::is_stdin(path))
}

/// What holds for every file of a run.
struct Run<'a> {
    mode: Mode,
    /// Whether fixes are applied, and whether comments are added for what is left.
    fixes: bool,
    add_ignores: bool,
    has_baseline: bool,
    at_least: Applicability,
    reporting: &'a args::Reporting,
    /// The files of the options that are written.
    written: [Option<&'a Path>; 2],
    color: Color,
}

/// A file that was worked on.
struct Outcome {
    /// The text that `report` speaks of.
    file: SourceFile,
    report: Report,
    applied: Vec<AppliedFix>,
    /// The comments that were added.
    comments: Vec<AppliedFix>,
    refused: Vec<RefusedFix>,
    /// The text before that, where it changed.
    before: Option<SourceFile>,
    /// Why the fixed text could not be written.
    failure: Option<String>,
}

impl Outcome {
    /// Takes over a change, and returns what it consists of.
    fn take(&mut self, change: Fixed) -> Vec<AppliedFix> {
        let Fixed { file, applied, remaining, refused } = change;
        (self.file, self.report) = (file, remaining);
        self.refused.extend(refused);
        applied
    }
}

/// A file to check, and what checks it.
type Job = (Arc<Engine>, PathBuf);

impl<'a> Run<'a> {
    fn new(arguments: &'a args::Check, color: Color) -> Result<Self, String> {
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
            has_baseline: arguments.accepting.baseline.is_some()
                || arguments.accepting.write_baseline.is_some(),
            at_least: if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe },
            reporting: &arguments.reporting,
            written: [&arguments.reporting.output_file, &arguments.accepting.write_baseline]
                .map(Option::as_deref),
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
        tally.has_baseline = self.has_baseline;
        tally
    }

    fn files(
        &self,
        arguments: &args::Check,
        engines: &mut Engines,
        baseline: &mut Option<Baseline>,
    ) -> Result<Exit, String> {
        let args::Check { paths, force_exclude, .. } = arguments;
        let found = discover::discover(paths, |folder| engines.exclusion(folder));
        for written in self.written.into_iter().flatten() {
            files::is_none_of(written, &found.files)?;
        }
        let color = streams::colored(self.color, &io::stdout());
        let mut reports = Reports::new(self.reporting, self.mode, Box::new(streams::stdout()), color)?;
        let mut tally = self.tally();
        for (path, message) in &found.failures {
            tally.failures += 1;
            reports.failure(path, message)?;
        }
        let is_asked_for =
            |path: &PathBuf| !force_exclude && paths.iter().any(|named| discover::shortest(named) == *path);
        let configured = |path: PathBuf| match engines.of(&path) {
            Checks::With(engine) => Some((engine, path)),
            Checks::Unasked(engine) => is_asked_for(&path).then_some((engine, path)),
            Checks::Nothing => None,
        };
        let found_some = found.excluded || !found.files.is_empty();
        let jobs: Vec<Job> = found.files.into_iter().filter_map(configured).collect();
        if jobs.is_empty() && found_some && engines.failures() == 0 && !force_exclude {
            streams::tell(
                "Nothing was checked: the configuration excludes every Dockerfile that there may be. Name one to check \
                 it all the same; `dflint config` says which line excludes it.",
            );
        }
        tally.failures += engines.failures();
        streams::complain_all(&engines.take_problems());
        self.in_batches(&jobs, |batch, outcomes| {
            for ((_, path), outcome) in batch.iter().zip(outcomes) {
                match outcome {
                    Ok(mut outcome) => {
                        accept(baseline, &mut outcome);
                        self.print(&mut reports, &outcome, color, &mut tally)?;
                    }
                    Err(message) => {
                        tally.failures += 1;
                        reports.failure(path, &message)?;
                    }
                }
            }
            reports.flush()
        })?;
        self.finish(reports, &tally)
    }

    /// Works on the files and calls `print` with what became of them, in their order. While it prints, the next files
    /// are worked on.
    fn in_batches<'j>(
        &self,
        jobs: &'j [Job],
        mut print: impl FnMut(&'j [Job], Vec<Result<Outcome, String>>) -> Result<(), String>,
    ) -> Result<(), String> {
        if jobs.len() <= BATCH {
            return print(jobs, self.work_on_all(jobs));
        }
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel(1);
            scope.spawn(move || {
                // Where nobody prints any more, there is nothing more to do.
                let _ =
                    jobs.chunks(BATCH).try_for_each(|batch| sender.send((batch, self.work_on_all(batch))));
            });
            receiver.into_iter().try_for_each(|(batch, outcomes)| print(batch, outcomes))
        })
    }

    fn stdin(
        &self,
        name: &Path,
        engines: &mut Engines,
        baseline: &mut Option<Baseline>,
    ) -> Result<Exit, String> {
        let (Checks::With(engine) | Checks::Unasked(engine)) = engines.of(name) else {
            streams::complain_all(&engines.take_problems());
            return Ok(Exit::Failure);
        };
        let mut outcome = files::read_stdin(name).and_then(|file| self.work_on(&engine, file));
        if let Ok(outcome) = &mut outcome {
            accept(baseline, outcome);
        }
        if let (Mode::Fix, Ok(outcome)) = (self.mode, &outcome) {
            let mut out = streams::stdout();
            let written = out.write_all(outcome.file.text().as_bytes()).and_then(|()| out.flush());
            written.map_err(|error| streams::output_failed(&error))?;
        }
        // With --fix, standard output is the file: everything else goes to standard error.
        let (terminal, color): (Box<dyn Write>, bool) = if self.mode == Mode::Fix {
            (Box::new(streams::stderr()), streams::colored(self.color, &io::stderr()))
        } else {
            (Box::new(streams::stdout()), streams::colored(self.color, &io::stdout()))
        };
        let mut reports = Reports::new(self.reporting, self.mode, terminal, color)?;
        let mut tally = self.tally();
        match outcome {
            Ok(outcome) => self.print(&mut reports, &outcome, color, &mut tally)?,
            Err(message) => {
                tally.failures += 1;
                reports.failure(name, &message)?;
            }
        }
        self.finish(reports, &tally)
    }

    /// Sums up the run. A diff is alone on its stream, so that it can be applied.
    fn finish(&self, mut reports: Reports, tally: &Tally) -> Result<Exit, String> {
        let complete = if self.mode == Mode::Diff {
            reports.flush()?;
            tell(&mut streams::stderr(), tally).map_err(|error| streams::output_failed(&error))?;
            true
        } else {
            reports.finish(tally)?
        };
        if let Some(complaint) = self.reporting.threshold.complaint(tally) {
            streams::complain(&complaint);
        }
        Ok(if complete { self.exit(tally) } else { Exit::Failure })
    }

    fn work_on_all(&self, jobs: &[Job]) -> Vec<Result<Outcome, String>> {
        let work = |(engine, path): &Job| {
            let mut outcome = self.work_on(engine, files::read(path)?)?;
            if self.mode == Mode::Fix {
                write(engine, &mut outcome);
            }
            Ok(outcome)
        };
        match jobs {
            // No threads are started for one file.
            [job] => vec![work(job)],
            _ => jobs.par_iter().map(work).collect(),
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
        let mut outcome = Outcome {
            file,
            report: Report::default(),
            applied: vec![],
            comments: vec![],
            refused: vec![],
            before: None,
            failure: None,
        };
        if self.mode == Mode::Check {
            outcome.report = engine.check(&outcome.file);
            return outcome;
        }
        let before = outcome.file.clone();
        if self.fixes {
            outcome.applied = outcome.take(engine.fix(&before, self.at_least));
        }
        if self.add_ignores {
            outcome.comments = outcome.take(engine.add_ignores(&outcome.file));
        }
        outcome.before = (outcome.file.text() != before.text()).then_some(before);
        outcome
    }

    fn print(
        &self,
        reports: &mut Reports,
        outcome: &Outcome,
        color: bool,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let path = outcome.file.path();
        for RefusedFix { fix, reason } in &outcome.refused {
            let message = format!("a fix of {} was not applied ({}): {reason}", fix.code, fix.title);
            streams::complain_about(path, &message);
        }
        if let Some(message) = &outcome.failure {
            tally.failures += 1;
            reports.failure(path, message)?;
        }
        for code in &outcome.report.failures {
            tally.failures += 1;
            let message =
                format!("{code} failed, which is an error in dflint; please report it with this file");
            streams::complain_about(path, &message);
        }
        tally.count(&outcome.report.diagnostics, outcome.applied.len() + outcome.comments.len());
        if self.mode != Mode::Diff {
            let Outcome { file, report, applied, comments, .. } = outcome;
            return reports.file(Checked { file, diagnostics: &report.diagnostics, applied, comments });
        }
        let Some(before) = &outcome.before else { return Ok(()) };
        let exact = unified_diff(reports.terminal(), path, before.text(), outcome.file.text(), color)
            .map_err(|error| streams::output_failed(&error))?;
        if !exact {
            let message = "the diff shows other characters where a terminal or a CI system would obey, so it cannot be \
                           applied; use --fix";
            streams::complain_about(path, message);
        }
        Ok(())
    }

    fn exit(&self, tally: &Tally) -> Exit {
        let found = match self.mode {
            Mode::Diff => tally.files_changed > 0,
            Mode::Check | Mode::Fix => self.reporting.threshold.fails(tally),
        };
        match (tally.failures, found) {
            (0, false) => Exit::Clean,
            (0, true) => Exit::Findings,
            _ => Exit::Failure,
        }
    }
}

/// Takes out what the baseline accepts.
fn accept(baseline: &mut Option<Baseline>, outcome: &mut Outcome) {
    if let Some(baseline) = baseline {
        baseline.apply(&outcome.file, &mut outcome.report.diagnostics);
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
        outcome.comments.clear();
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
