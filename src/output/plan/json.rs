//! Plans as data.

use std::io::{self, Write};

use dflint::model::plan::{Crossing, CrossingKind, Plan, PlannedRun, PlannedStage, Totals};
use dflint::model::stages::{Base, BuildError, Origin};
use serde_json::{Map, Value, json};

use super::{PlanReport, Planned, neutral, state_name};

/// Prints an object with
///
/// * `file`, `build_platform`;
/// * `platforms`: for each its `platform`, `stages` with their `runs` in the order in which they execute, `crossings`,
///   `totals`, and `after_fix`; where the build cannot start `error` and `errors`;
/// * where one platform was asked for, its `runs` (those that execute, each with `line` and `platform`) and `error`
///   here, too.
pub(super) fn print(out: &mut dyn Write, report: &PlanReport<'_>) -> io::Result<()> {
    let mut document = json!({
        "file": report.file.path().to_string_lossy(),
        "build_platform": report.build_platform.to_string(),
    });
    if let [Planned { plan, .. }] = &report.plans[..] {
        document["runs"] = runs(report, plan);
        if let Some(error) = plan.errors.first() {
            document["error"] = json!(error.message);
        }
    }
    document["platforms"] = report.plans.iter().map(|planned| platform(report, planned)).collect();
    writeln!(out, "{}", neutral::json(&serde_json::to_string_pretty(&document)?))
}

/// The RUNs that execute.
fn runs(report: &PlanReport<'_>, plan: &Plan) -> Value {
    let used = plan.stages.iter().enumerate().filter(|(_, stage)| stage.is_used);
    used.flat_map(|(index, stage)| {
        stage.runs.iter().map(move |run| {
            json!({
                "line": line(report, stage, run),
                "platform": stage.platform.as_ref().map(ToString::to_string),
                "state": state_name(run.state),
                "stage": index,
            })
        })
    })
    .collect()
}

/// `BuildKit` shows a trigger at the FROM that pulls it.
fn line(report: &PlanReport<'_>, stage: &PlannedStage, run: &PlannedRun) -> u32 {
    report.line(if run.is_trigger { stage.instruction } else { run.instruction })
}

fn platform(report: &PlanReport<'_>, Planned { plan, after_fix }: &Planned) -> Value {
    let mut object = json!({ "platform": plan.platform.to_string() });
    if let Some(first) = plan.errors.first() {
        object["error"] = json!(first.message);
        object["errors"] = plan.errors.iter().map(|of| error(report, of)).collect();
    }
    let stages = plan.stages.iter().enumerate();
    object["stages"] = stages.map(|(index, of)| stage(report, plan, index, of)).collect();
    object["crossings"] = plan.crossings.iter().map(|of| crossing(report, plan, of)).collect();
    if plan.starts() {
        object["totals"] = totals(plan.totals());
    }
    if let Some(after) = after_fix {
        object["after_fix"] = json!({
            "safe": totals(after.safe),
            "unsafe": totals(after.with_unsafe),
        });
    }
    object
}

fn stage(report: &PlanReport<'_>, plan: &Plan, index: usize, stage: &PlannedStage) -> Value {
    let base = match &stage.base {
        Base::Stage(base) => json!({ "stage": base }),
        Base::Image(name) => json!({ "image": &**name }),
        Base::Scratch => json!({ "image": "scratch" }),
        Base::Unknown => Value::Null,
    };
    json!({
        "index": index,
        "name": stage.name,
        "line": report.line(stage.instruction),
        "from": base,
        "platform": stage.platform.as_ref().map(ToString::to_string),
        "used": stage.is_used,
        "exported": plan.exported == Some(index),
        "runs": stage.runs.iter().map(|of| run(report, stage, of)).collect::<Vec<_>>(),
    })
}

fn run(report: &PlanReport<'_>, stage: &PlannedStage, run: &PlannedRun) -> Value {
    let mut object = Map::new();
    object.insert("line".to_owned(), json!(line(report, stage, run)));
    if run.is_trigger {
        object.insert("onbuild_line".to_owned(), json!(report.line(run.instruction)));
    }
    object.insert("command".to_owned(), json!(report.command(run.instruction, run.is_trigger)));
    object.insert("state".to_owned(), json!(state_name(run.state)));
    Value::Object(object)
}

fn crossing(report: &PlanReport<'_>, plan: &Plan, crossing: &Crossing) -> Value {
    let origin = match &crossing.origin {
        Origin::Stage(stage) => json!({ "stage": stage }),
        Origin::Image(name) => json!({ "image": &**name }),
    };
    let kind = match crossing.kind {
        CrossingKind::Base => "base",
        CrossingKind::Copy => "copy",
        CrossingKind::Mount => "mount",
    };
    let into = &plan.stages[crossing.into];
    json!({
        "kind": kind,
        "from": origin,
        "to": crossing.into,
        "line": report.line(if crossing.is_trigger { into.instruction } else { crossing.instruction }),
        "platform": crossing.platform.as_ref().map(ToString::to_string),
        "used": into.is_used,
    })
}

fn totals(totals: Totals) -> Value {
    json!({
        "runs": totals.runs(),
        "native": totals.native,
        "emulated": totals.emulated,
        "unused": totals.unused,
    })
}

fn error(report: &PlanReport<'_>, error: &BuildError) -> Value {
    let mut object = json!({ "message": error.message });
    if let Some(range) = error.range {
        let (start, end) = (report.file.position(range.start()), report.file.position(range.end()));
        object["line"] = json!(start.line);
        object["column"] = json!(start.column);
        object["end_line"] = json!(end.line);
        object["end_column"] = json!(end.column);
    }
    object
}
