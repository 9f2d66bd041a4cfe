//! Plans as a tree with a column for each platform: what differs between platforms stands side by side.

use std::io::{self, Write};

use dflint::model::plan::{Crossing, CrossingKind, Plan, RunState};
use dflint::model::stages::Origin;
use unicode_width::UnicodeWidthStr;

use super::text::{self, clip};
use super::{PlanReport, Planned, neutral};

/// Columns that the tree keeps for itself, however many platforms there are.
const TREE_AT_LEAST: usize = 36;
/// Between columns.
const GAP: usize = 2;

pub(super) fn print(
    out: &mut dyn Write,
    report: &PlanReport<'_>,
    color: bool,
    width: usize,
) -> io::Result<()> {
    let paint = Paint(color);
    let path = report.file.path().to_string_lossy();
    writeln!(out, "{}, built on {}", paint.on(Style::Strong, &neutral::line(&path)), report.build_platform)?;
    let plans: Vec<&Plan> =
        report.plans.iter().map(|planned| &planned.plan).filter(|plan| plan.starts()).collect();
    for group in groups(&plans, width) {
        writeln!(out)?;
        Tree::new(report, group, paint, width).print(out)?;
    }
    writeln!(out)?;
    for Planned { plan, after_fix } in &report.plans {
        if !plan.starts() {
            let platform = &plan.platform;
            writeln!(out, "{}", paint.on(Style::Error, &format!("cannot be built for {platform}")))?;
            continue;
        }
        let totals = plan.totals();
        let style = if totals.emulated == 0 { Style::Native } else { Style::Emulated };
        write!(out, "{} for {}", paint.on(style, &text::totals(totals)), plan.platform)?;
        match text::after_fix(totals, *after_fix) {
            Some(after) => writeln!(out, " ({after})")?,
            None => writeln!(out)?,
        }
    }
    for line in report.error_lines() {
        writeln!(out, "{line}")?;
    }
    match legend(&plans) {
        legend if legend.is_empty() => Ok(()),
        legend => writeln!(out, "\n{}", paint.on(Style::Quiet, &legend)),
    }
}

/// The plans that fit beside each other.
fn groups<'a, 'p>(plans: &'a [&'p Plan], width: usize) -> Vec<&'a [&'p Plan]> {
    let mut groups = Vec::new();
    let mut rest = plans;
    while !rest.is_empty() {
        let mut used = TREE_AT_LEAST;
        let fit = rest
            .iter()
            .take_while(|plan| {
                used += GAP + column_width(plan);
                used <= width
            })
            .count();
        let (group, behind) = rest.split_at(fit.max(1));
        groups.push(group);
        rest = behind;
    }
    groups
}

/// What the words in the tree mean, as far as they occur.
fn legend(plans: &[&Plan]) -> String {
    let mut stages = plans.iter().flat_map(|plan| &plan.stages);
    let mut runs = stages.clone().flat_map(|stage| &stage.runs);
    let mut crossings = plans.iter().flat_map(|plan| plan.crossings.iter().map(move |of| (plan, of)));
    let takes_files =
        |(plan, of): (&&Plan, &Crossing)| of.kind != CrossingKind::Base && plan.stages[of.into].is_used;
    let words = [
        (
            runs.clone().any(|run| run.state == RunState::Emulated),
            "EMULATED  runs under an emulator: the same result, many times slower",
        ),
        (runs.any(|run| run.state == RunState::Native), "native    runs on the builder's own processor"),
        (stages.any(|stage| !stage.is_used), "unused    not part of this build"),
        (
            crossings.any(takes_files),
            "← P       takes files from another stage or image; P is their platform where it differs",
        ),
    ];
    let words: Vec<&str> = words.into_iter().filter_map(|(occurs, word)| occurs.then_some(word)).collect();
    words.join("\n")
}

fn column_width(plan: &Plan) -> usize {
    let own = plan.platform.to_string().len();
    let stages = plan.stages.iter().filter_map(|stage| stage.platform.as_ref());
    let crossings = plan.crossings.iter().filter(|crossing| crossing.kind != CrossingKind::Base);
    let crossings =
        crossings.filter_map(|crossing| crossing.platform.as_ref()).map(|p| p.to_string().len() + 2);
    stages
        .map(|platform| platform.to_string().len())
        .chain(crossings)
        .chain([own])
        .max()
        .unwrap_or(own)
        .max(8)
}

struct Tree<'a> {
    report: &'a PlanReport<'a>,
    plans: &'a [&'a Plan],
    paint: Paint,
    /// How wide the tree may be without the columns of the platforms.
    title_width: usize,
    /// How wide the column of each platform is.
    columns: Vec<usize>,
}

/// One line: branches, a title that is clipped where it must be, and a cell for each platform.
struct Row {
    branches: String,
    title: Vec<(Style, String)>,
    cells: Vec<(Style, String)>,
}

/// What stands below a stage.
#[derive(Clone, PartialEq)]
struct Leaf {
    is_trigger: bool,
    instruction: usize,
    /// None for the RUN itself.
    import: Option<(CrossingKind, Origin)>,
}

impl<'a> Tree<'a> {
    fn new(report: &'a PlanReport<'a>, plans: &'a [&'a Plan], paint: Paint, width: usize) -> Self {
        let columns: Vec<usize> = plans.iter().map(|plan| column_width(plan)).collect();
        let used: usize = columns.iter().map(|column| GAP + column).sum();
        let title_width = width.saturating_sub(used).max(TREE_AT_LEAST);
        Self { report, plans, paint, title_width, columns }
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let heads = self.plans.iter().map(|plan| (Style::Quiet, plan.platform.to_string()));
        let mut rows = vec![Row { branches: String::new(), title: vec![], cells: heads.collect() }];
        let stages = self.plans[0].stages.len();
        for stage in 0..stages {
            self.stage(&mut rows, stage, stage + 1 == stages);
        }
        let used =
            |row: &Row| row.branches.width() + row.title.iter().map(|(_, part)| part.width()).sum::<usize>();
        let needed = rows.iter().map(used).max().unwrap_or(0).clamp(TREE_AT_LEAST, self.title_width);
        rows.iter().try_for_each(|row| self.row(out, row, needed))
    }

    fn stage(&self, rows: &mut Vec<Row>, stage: usize, is_last: bool) {
        let first = self.plans[0];
        let bases: Vec<_> = self.plans.iter().map(|plan| text::base(plan, stage)).collect();
        let base = match &bases[0] {
            Some(base) if bases.iter().all(|other| other.as_ref() == Some(base)) => base.clone(),
            // It differs: as the file has it.
            _ => self.report.command(first.stages[stage].instruction, false),
        };
        let name = text::stage_name(first, stage);
        let mut title = vec![(Style::Strong, name), (Style::Plain, format!("  {base}"))];
        if self.plans.iter().any(|plan| plan.exported == Some(stage)) {
            title.push((Style::Quiet, "  (exported)".to_owned()));
        }
        let cells = self.plans.iter().map(|plan| stage_cell(plan, stage)).collect();
        rows.push(Row { branches: if is_last { "└─ " } else { "├─ " }.to_owned(), title, cells });

        let leaves = self.leaves(stage);
        let trunk = if is_last { "   " } else { "│  " };
        let line = |leaf: &Leaf| self.report.line(leaf.instruction).to_string();
        let digits = leaves.iter().map(|leaf| line(leaf).len()).max().unwrap_or(0);
        for (index, leaf) in leaves.iter().enumerate() {
            let branch = if index + 1 == leaves.len() { "└─ " } else { "├─ " };
            let is_mount = matches!(leaf.import, Some((CrossingKind::Mount, _)));
            let number = if is_mount { String::new() } else { line(leaf) };
            let title = vec![(Style::Quiet, format!("{number:>digits$}  ")), self.label(leaf)];
            let cells = self.plans.iter().map(|plan| leaf_cell(plan, stage, leaf)).collect();
            rows.push(Row { branches: format!("{trunk}{branch}"), title, cells });
        }
    }

    /// What is below a stage for any of the platforms: triggers first, then in the order of the file.
    fn leaves(&self, stage: usize) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = Vec::new();
        for plan in self.plans {
            let runs = plan.stages[stage].runs.iter();
            let runs = runs.map(|run| (run.is_trigger, run.instruction, None));
            let imports =
                plan.crossings.iter().filter(|of| of.into == stage && of.kind != CrossingKind::Base);
            let imports =
                imports.map(|of| (of.is_trigger, of.instruction, Some((of.kind, of.origin.clone()))));
            for (is_trigger, instruction, import) in runs.chain(imports) {
                let leaf = Leaf { is_trigger, instruction, import };
                if !leaves.contains(&leaf) {
                    leaves.push(leaf);
                }
            }
        }
        // What a RUN mounts stands below it.
        leaves.sort_by_key(|leaf| (!leaf.is_trigger, leaf.instruction, leaf.import.is_some()));
        leaves
    }

    fn label(&self, leaf: &Leaf) -> (Style, String) {
        let command = || self.report.command(leaf.instruction, leaf.is_trigger);
        let from = |origin| text::origin(self.plans[0], origin);
        let (style, label) = match &leaf.import {
            None => (Style::Plain, command()),
            Some((CrossingKind::Mount, origin)) => (Style::Quiet, format!("↳ mounts {}", from(origin))),
            Some((_, origin)) => {
                let command = command();
                let files = command.strip_prefix("COPY").unwrap_or_default();
                (Style::Quiet, format!("COPY --from={}{files}", from(origin)))
            }
        };
        (style, if leaf.is_trigger { format!("ONBUILD {label}") } else { label })
    }

    fn row(&self, out: &mut dyn Write, row: &Row, width: usize) -> io::Result<()> {
        let mut left = width.saturating_sub(row.branches.width());
        let mut line = self.paint.on(Style::Quiet, &row.branches);
        for (style, part) in &row.title {
            let part = clip(part, left);
            left = left.saturating_sub(part.width());
            line += &self.paint.on(*style, &part);
        }
        line += &" ".repeat(left);
        for (index, (column, (style, cell))) in self.columns.iter().zip(&row.cells).enumerate() {
            line += &" ".repeat(GAP);
            line += &self.paint.on(*style, cell);
            if index + 1 < self.columns.len() {
                line += &" ".repeat(column.saturating_sub(cell.width()));
            }
        }
        writeln!(out, "{}", line.trim_end())
    }
}

fn stage_cell(plan: &Plan, stage: usize) -> (Style, String) {
    let stage = &plan.stages[stage];
    match &stage.platform {
        Some(platform) if stage.is_used => (Style::Plain, platform.to_string()),
        _ => (Style::Quiet, "unused".to_owned()),
    }
}

fn leaf_cell(plan: &Plan, stage: usize, leaf: &Leaf) -> (Style, String) {
    let nothing = || (Style::Quiet, "-".to_owned());
    let planned = &plan.stages[stage];
    let same = |is_trigger, instruction| (is_trigger, instruction) == (leaf.is_trigger, leaf.instruction);
    let Some((kind, origin)) = &leaf.import else {
        let run = planned.runs.iter().find(|run| same(run.is_trigger, run.instruction));
        return match run.map(|run| run.state) {
            Some(RunState::Native) => (Style::Native, "native".to_owned()),
            Some(RunState::Emulated) => (Style::Emulated, "EMULATED".to_owned()),
            Some(RunState::Unused) | None => nothing(),
        };
    };
    let crossing = plan.crossings.iter().find(|of| {
        of.into == stage && same(of.is_trigger, of.instruction) && (of.kind, &of.origin) == (*kind, origin)
    });
    match crossing.filter(|_| planned.is_used).map(|crossing| &crossing.platform) {
        Some(Some(platform)) if Some(platform) != planned.platform.as_ref() => {
            (Style::Plain, format!("← {platform}"))
        }
        Some(_) => (Style::Quiet, "←".to_owned()),
        None => nothing(),
    }
}

#[derive(Clone, Copy)]
enum Style {
    Plain,
    Strong,
    Quiet,
    Native,
    Emulated,
    Error,
}

/// Colours, where they are wanted.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn on(self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Strong => "1",
            Style::Quiet => "2",
            Style::Native => "32",
            Style::Emulated | Style::Error => "1;31",
            Style::Plain => "",
        };
        if self.0 && !code.is_empty() && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
