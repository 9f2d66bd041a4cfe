//! Where RUNs execute, as hints, hovers and drawings have it.

use dflint::model::Platform;
use dflint::model::plan::{Plan, RunState};

use crate::output::{PlanFormat, PlanReport, Planned};

use super::view::View;

/// Where the RUN with this index executes, for each platform that needs it: its state, and what it executes on.
pub(super) fn of_run(
    plans: &[Plan],
    instruction: usize,
) -> impl Iterator<Item = (&Platform, RunState, &Platform)> {
    plans.iter().filter_map(move |plan| {
        let stages = plan.stages.iter().filter(|stage| stage.is_used);
        stages
            .flat_map(|stage| stage.runs.iter().map(move |run| (stage, run)))
            .filter(|(_, run)| run.instruction == instruction)
            // A trigger runs in several stages: the worst of them is what counts.
            .max_by_key(|(_, run)| run.state == RunState::Emulated)
            .and_then(|(stage, run)| Some((&plan.platform, run.state, stage.platform.as_ref()?)))
    })
}

/// Where the RUNs of a stage execute, a line of Markdown for each platform.
pub(super) fn of_stage(plans: &[Plan], stage: usize) -> Vec<String> {
    let line = |plan: &Plan| {
        let target = &plan.platform;
        if !plan.starts() {
            return format!("- `{target}`: the build cannot start");
        }
        let Some(stage) = plan.stages.get(stage) else { return format!("- `{target}`: no such stage") };
        let exported = if plan.exported.is_some_and(|it| plan.stages[it].instruction == stage.instruction) {
            ", becomes the image"
        } else {
            ""
        };
        match (&stage.platform, stage.is_used) {
            (_, false) => format!("- `{target}`: not part of the build"),
            (Some(platform), true) if plan.build_platform.executes(platform) => {
                format!("- `{target}`: native, on `{platform}`{exported}")
            }
            (Some(platform), true) => format!("- `{target}`: **emulated**, on `{platform}`{exported}"),
            (None, true) => format!("- `{target}`: the file does not tell{exported}"),
        }
    };
    plans.iter().map(line).collect()
}

/// Platforms for a person.
pub(super) fn list(platforms: &[&Platform]) -> String {
    platforms.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The drawing of the plans.
pub(super) fn drawing(view: &View<'_>) -> String {
    let plans = view.plans().into_iter().map(|plan| Planned { plan, after_fix: None });
    let report = PlanReport {
        file: view.file(),
        parse: view.parse(),
        build_platform: view.settings.build_platform.clone(),
        plans: plans.collect(),
    };
    let mut svg = Vec::new();
    // Writing into memory cannot fail.
    let _ = report.print(&mut svg, PlanFormat::Svg, false, 0);
    String::from_utf8_lossy(&svg).into_owned()
}
