//! `dflint plan`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use dflint::config::Settings;
use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::model::Platform;
use dflint::model::plan::{Plan, Totals};
use dflint::model::stages::{Scenario, stage_names};
use dflint::syntax::{self, Parse};
use dflint::text::SourceFile;

use crate::files;
use crate::files::configuration::{Configurations, Found};
use crate::output::{AfterFix, PlanReport, Planned};

use super::args::{self, Color};
use super::{Exit, streams};

pub(super) fn run(arguments: &args::Plan, color: Color) -> Exit {
    match plan(arguments, color) {
        Ok(exit) => exit,
        Err(message) => {
            streams::complain(&message);
            Exit::Failure
        }
    }
}

fn plan(arguments: &args::Plan, color: Color) -> Result<Exit, String> {
    let name = if files::is_stdin(&arguments.file) { Path::new(files::STDIN) } else { &arguments.file };
    let request = Request::new(arguments, name)?;
    let about = |message: String| format!("{}: {message}", streams::shown(name));
    let file = read(&arguments.file).map_err(about)?;
    let parse = syntax::parse(&file);
    request.check_target(&parse).map_err(about)?;

    let report = panic::catch_unwind(AssertUnwindSafe(|| request.report(&file, &parse))).map_err(|_| {
        about("dflint failed on this file, which is an error in dflint; please report it".to_owned())
    })?;
    let mut out = streams::stdout();
    let color = streams::colored(color, &io::stdout());
    let written =
        report.print(&mut out, arguments.format, color, streams::width()).and_then(|()| out.flush());
    if let Err(error) = written {
        streams::complain_about_output(&error);
        return Ok(Exit::Failure);
    }
    if !arguments.format.tells_errors() {
        for message in report.error_lines() {
            streams::complain(&message);
        }
    }
    let all_start = report.plans.iter().all(|planned| planned.plan.starts());
    Ok(if all_start { Exit::Clean } else { Exit::Findings })
}

/// What was asked for.
struct Request {
    platforms: Vec<Platform>,
    build_platform: Platform,
    build_arguments: BTreeMap<String, String>,
    target: Option<String>,
    /// Applies the fixes that the configuration asks for.
    engine: Engine,
}

impl Request {
    fn new(arguments: &args::Plan, file: &Path) -> Result<Self, String> {
        let build_platform = match &arguments.build_platform {
            Some(text) => platform(text, "--build-platform", &Platform::of_this_machine())?,
            None => Platform::of_this_machine(),
        };
        let mut platforms: Vec<Platform> = Vec::new();
        for text in &arguments.platform {
            let platform = platform(text.trim(), "--platform", &build_platform)?;
            if !platforms.contains(&platform) {
                platforms.push(platform);
            }
        }
        let options = options(file)?;
        if platforms.is_empty() {
            platforms.clone_from(&options.project.platforms);
        }
        let build_arguments = arguments.build_args.iter().map(|text| build_argument(text));
        Ok(Self {
            platforms,
            build_platform,
            build_arguments: build_arguments.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect(),
            target: arguments.target.clone().filter(|target| !target.is_empty()),
            engine: Engine::new(options),
        })
    }

    /// Whether the file has the stage that was asked for.
    fn check_target(&self, parse: &Parse) -> Result<(), String> {
        let Some(target) = &self.target else { return Ok(()) };
        let names = stage_names(parse);
        if names.iter().any(|name| name.eq_ignore_ascii_case(target)) {
            return Ok(());
        }
        let close = names
            .iter()
            .map(|name| (strsim::jaro_winkler(&target.to_lowercase(), &name.to_lowercase()), name))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let way_out = match (close, &names[..]) {
            (Some((_, name)), _) => format!("did you mean `{name}`?"),
            (None, []) => "none of its stages has a name; leave --target out".to_owned(),
            (None, names) => format!("it has {}", names.join(", ")),
        };
        Err(format!("there is no stage `{target}` for --target; {way_out}"))
    }

    fn plan(&self, parse: &Parse, platform: &Platform) -> Plan {
        let scenario = Scenario {
            build: self.build_platform.clone(),
            target: platform.clone(),
            build_arguments: &self.build_arguments,
            target_stage: self.target.as_deref(),
            other_targets: &[],
            arguments_may_be_given: false,
        };
        Plan::new(parse, &scenario)
    }

    fn report<'a>(&self, file: &'a SourceFile, parse: &'a Parse) -> PlanReport<'a> {
        let plans: Vec<Plan> = self.platforms.iter().map(|platform| self.plan(parse, platform)).collect();
        let any_start = plans.iter().any(Plan::starts);
        let [safe, with_unsafe] = [Applicability::Safe, Applicability::Unsafe]
            .map(|at_least| if any_start { self.totals_after(file, at_least) } else { vec![] });
        let after = |totals: &[Option<Totals>], index: usize| totals.get(index).copied().flatten();
        let plans = plans.into_iter().enumerate().map(|(index, plan)| {
            let starts = plan.starts();
            let after_fix = after(&safe, index).zip(after(&with_unsafe, index)).filter(|_| starts);
            Planned { plan, after_fix: after_fix.map(|(safe, with_unsafe)| AfterFix { safe, with_unsafe }) }
        });
        PlanReport { file, parse, build_platform: self.build_platform.clone(), plans: plans.collect() }
    }

    /// The totals for each platform after the fixes.
    fn totals_after(&self, file: &SourceFile, at_least: Applicability) -> Vec<Option<Totals>> {
        let fixed = self.engine.fix(file, at_least).file;
        let parse = syntax::parse(&fixed);
        let plans = self.platforms.iter().map(|platform| self.plan(&parse, platform));
        plans.map(|plan| plan.starts().then(|| plan.totals())).collect()
    }
}

/// What the configuration of the file asks for.
fn options(file: &Path) -> Result<Options, String> {
    let messages = |messages: Vec<String>| messages.join("\n");
    let mut configurations = Configurations::new(None, true).map_err(messages)?;
    match configurations.of(file) {
        Found::Nothing => Ok(Options::default()),
        Found::Configuration(loaded) => {
            let (sections, _) = loaded.sections_for(file);
            Ok(loaded.options(&sections, &Settings::default()))
        }
        Found::Broken => {
            streams::complain_all(&configurations.problems);
            Err("mend the configuration of this file first".to_owned())
        }
    }
}

fn platform(text: &str, option: &str, builder: &Platform) -> Result<Platform, String> {
    Platform::parse_known_on(text, builder).map_err(|error| format!("{option}: {error}"))
}

fn read(path: &Path) -> Result<SourceFile, String> {
    if files::is_stdin(path) {
        return files::read_stdin(Path::new(files::STDIN));
    }
    match path.try_exists() {
        Ok(false) => {
            Err("there is no such file; name a Dockerfile, as in `dflint plan api/Dockerfile`".to_owned())
        }
        _ => files::read(path),
    }
}

/// `NAME=VALUE`, or `NAME` with the value of the environment variable: none where that is not set either.
fn build_argument(text: &str) -> Result<Option<(String, String)>, String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, std::env::var(text).ok()),
    };
    if name.is_empty() {
        return Err(format!("--build-arg: `{text}` has no name; write NAME=VALUE"));
    }
    Ok(value.map(|value| (name.to_owned(), value)))
}
