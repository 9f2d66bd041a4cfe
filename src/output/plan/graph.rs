//! A plan as boxes and arrows, for the drawings.

use dflint::model::plan::{CrossingKind, Plan, PlannedRun, RunState};
use dflint::model::stages::Origin;

use super::{PlanReport, Planned, text};

/// The drawing of one plan.
pub(super) struct Graph {
    /// The platform that is built.
    pub(super) platform: String,
    /// The numbers in words.
    pub(super) summary: String,
    /// Why there is nothing to draw.
    pub(super) errors: Vec<String>,
    /// The images that files are taken from, then the stages.
    pub(super) nodes: Vec<Node>,
    /// What crosses from node to node.
    pub(super) edges: Vec<Edge>,
}

/// A stage, or an image that only gives files.
pub(super) struct Node {
    /// Its name.
    pub(super) title: String,
    /// What it starts from; empty for an image.
    pub(super) base: String,
    /// The platform that it runs on or was made for.
    pub(super) platform: String,
    pub(super) is_image: bool,
    pub(super) is_used: bool,
    pub(super) is_exported: bool,
    /// Its RUNs.
    pub(super) steps: Vec<Step>,
}

/// A RUN.
pub(super) struct Step {
    pub(super) line: u32,
    pub(super) command: String,
    pub(super) state: RunState,
}

/// What crosses from one node to another in one way.
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: CrossingKind,
    /// The lines that do it, in order.
    pub(super) lines: Vec<u32>,
    /// Whether the stage that gets it is part of the build.
    pub(super) is_used: bool,
}

impl Node {
    /// How many of its RUNs are emulated.
    pub(super) fn emulated(&self) -> usize {
        self.steps.iter().filter(|step| step.state == RunState::Emulated).count()
    }
}

impl Edge {
    /// "COPY", "COPY ×3", "mount", "FROM".
    pub(super) fn label(&self) -> String {
        let kind = match self.kind {
            CrossingKind::Base => "FROM",
            CrossingKind::Copy => "COPY",
            CrossingKind::Mount => "mount",
        };
        match self.lines.len() {
            1 => kind.to_owned(),
            number => format!("{kind} ×{number}"),
        }
    }
}

impl Graph {
    pub(super) fn new(report: &PlanReport<'_>, Planned { plan, after_fix }: &Planned) -> Self {
        let mut graph = Self {
            platform: plan.platform.to_string(),
            summary: "cannot be built".to_owned(),
            errors: vec![],
            nodes: vec![],
            edges: vec![],
        };
        if !plan.starts() {
            let line = |error: &dflint::model::stages::BuildError| match error.range {
                Some(range) => format!("line {}: {}", report.file.line(range.start()), error.message),
                None => error.message.clone(),
            };
            graph.errors =
                plan.errors.iter().map(|error| super::neutral::line(&line(error)).into_owned()).collect();
            return graph;
        }
        let totals = plan.totals();
        graph.summary = text::totals(totals);
        if let Some(after) = text::after_fix(totals, *after_fix) {
            graph.summary += "; ";
            graph.summary += &after;
        }
        graph.add_images(plan);
        let images = graph.nodes.len();
        for stage in 0..plan.stages.len() {
            graph.nodes.push(stage_node(report, plan, stage));
        }
        graph.add_edges(report, plan, images);
        graph
    }

    fn add_images(&mut self, plan: &Plan) {
        for crossing in &plan.crossings {
            let Origin::Image(name) = &crossing.origin else { continue };
            let title = text::image(name);
            let is_used = plan.stages[crossing.into].is_used;
            match self.nodes.iter_mut().find(|node| node.title == title) {
                Some(node) => node.is_used |= is_used,
                None => self.nodes.push(Node {
                    title,
                    base: String::new(),
                    platform: plan.platform.to_string(),
                    is_image: true,
                    is_used,
                    is_exported: false,
                    steps: vec![],
                }),
            }
        }
    }

    fn add_edges(&mut self, report: &PlanReport<'_>, plan: &Plan, images: usize) {
        for crossing in &plan.crossings {
            let from = match &crossing.origin {
                Origin::Stage(stage) => Some(images + stage),
                Origin::Image(name) => {
                    let title = text::image(name);
                    self.nodes[..images].iter().position(|node| node.title == title)
                }
            };
            let to = images + crossing.into;
            let Some(from) = from.filter(|from| *from != to) else { continue };
            let line = report.line(crossing.instruction);
            let same = |edge: &&mut Edge| (edge.from, edge.to, edge.kind) == (from, to, crossing.kind);
            match self.edges.iter_mut().find(same) {
                Some(edge) => edge.lines.push(line),
                None => self.edges.push(Edge {
                    from,
                    to,
                    kind: crossing.kind,
                    lines: vec![line],
                    is_used: plan.stages[crossing.into].is_used,
                }),
            }
        }
    }
}

fn stage_node(report: &PlanReport<'_>, plan: &Plan, index: usize) -> Node {
    let stage = &plan.stages[index];
    let steps = stage.runs.iter().map(|run| Step {
        line: report.line(run.instruction),
        command: step_text(report, run),
        state: run.state,
    });
    Node {
        title: text::stage_name(plan, index),
        base: text::base(plan, index).unwrap_or_default(),
        platform: match &stage.platform {
            Some(platform) if stage.is_used => platform.to_string(),
            _ => "unused".to_owned(),
        },
        is_image: false,
        is_used: stage.is_used,
        is_exported: plan.exported == Some(index),
        steps: steps.collect(),
    }
}

/// What a RUN executes; a drawing says elsewhere that it is one, and its script matters more than the marker of it.
fn step_text(report: &PlanReport<'_>, run: &PlannedRun) -> String {
    let command = report.command(run.instruction, run.is_trigger);
    let mut text = command.strip_prefix("RUN ").unwrap_or(&command);
    if let Some((_, script)) = text.split_once(' ').filter(|_| text.starts_with("<<")) {
        text = script;
    }
    if run.is_trigger { format!("ONBUILD {text}") } else { text.to_owned() }
}
