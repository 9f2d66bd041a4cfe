//! Plans as a drawing that needs no other program: boxes for stages, arrows for what crosses between them, one panel
//! for each platform below the other.
//!
//! Emulated RUNs differ in shape (a triangle) and in colour. Colours follow the page's `prefers-color-scheme`; who does
//! not understand that gets the light ones on a light ground.

mod pen;

use std::fmt::Write as _;
use std::io::{self, Write};

use dflint::model::plan::{CrossingKind, RunState};
use pen::{STYLE, draw_end_text, draw_text, escape, line, push, width};

use super::graph::{Edge, Graph, Node};
use super::layout::{self, Layout};
use super::{PlanReport, text};

const MARGIN: f64 = 24.0;
const PADDING: f64 = 14.0;
/// The head of a box: name, base and platform.
const HEAD: f64 = 62.0;
const HEAD_OF_IMAGE: f64 = 46.0;
const STEP: f64 = 20.0;
/// How many RUNs of a stage are drawn.
const STEPS: usize = 24;
/// The widths of characters, generously.
const MONOSPACED: f64 = 6.7;
const BOLD: f64 = 8.2;
const SMALL: f64 = 6.8;
/// The width of the legend.
const LEGEND: f64 = 680.0;
/// The most columns of a command.
const COLUMNS: usize = 46;

/// A panel: its graph, the size of each box, and where it goes.
struct Panel {
    graph: Graph,
    boxes: Vec<layout::Block>,
    layout: Layout,
}

pub(super) fn print(out: &mut dyn Write, report: &PlanReport<'_>) -> io::Result<()> {
    let panels: Vec<Panel> =
        report.plans.iter().map(|planned| Panel::new(Graph::new(report, planned))).collect();
    let path = super::neutral::line(&report.file.path().to_string_lossy()).into_owned();
    let title = format!("{path}, built on {}", report.build_platform);
    let heads = panels.iter().map(|panel| {
        let heading = width(&panel.graph.platform, BOLD + 1.0) + width(&panel.graph.summary, SMALL) + 24.0;
        panel.layout.width.max(heading)
    });
    let inner = heads.chain([width(&title, BOLD + 1.5), LEGEND]).fold(0.0, f64::max);
    let mut body = String::new();
    let mut y = MARGIN + 18.0;
    draw_text(&mut body, MARGIN, y, "h1", &title);
    y += 20.0;
    for panel in &panels {
        y = panel.draw(&mut body, y + 14.0, inner);
    }
    y = legend(&mut body, y + 30.0);
    let (all_width, all_height) = (inner + 2.0 * MARGIN, y + MARGIN - 6.0);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all_width:.0}\" height=\"{all_height:.0}\" \
         viewBox=\"0 0 {all_width:.0} {all_height:.0}\" role=\"img\" aria-labelledby=\"title desc\">"
    )?;
    let summaries: Vec<String> =
        panels.iter().map(|Panel { graph, .. }| format!("{}: {}", graph.platform, graph.summary)).collect();
    writeln!(out, "<title id=\"title\">{}</title>", escape(&title))?;
    writeln!(out, "<desc id=\"desc\">{}</desc>", escape(&summaries.join(". ")))?;
    writeln!(out, "<style>{STYLE}</style>")?;
    writeln!(out, "<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"8\"/>")?;
    write!(out, "{body}")?;
    writeln!(out, "</svg>")
}

impl Panel {
    fn new(graph: Graph) -> Self {
        let boxes: Vec<layout::Block> = graph.nodes.iter().map(size).collect();
        let edges: Vec<(usize, usize)> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        let layout = layout::layout(&boxes, &edges);
        Self { graph, boxes, layout }
    }

    /// Draws the panel with its upper edge at `y`, and returns its lower edge.
    fn draw(&self, body: &mut String, y: f64, inner: f64) -> f64 {
        let graph = &self.graph;
        line(body, (MARGIN, y), (MARGIN + inner, y));
        let baseline = y + 26.0;
        draw_text(body, MARGIN, baseline, "h2", &graph.platform);
        let x = MARGIN + width(&graph.platform, BOLD + 1.0) + 14.0;
        let class = if graph.errors.is_empty() { "quiet" } else { "bad" };
        draw_text(body, x, baseline, class, &graph.summary);
        let mut y = baseline + 24.0;
        for error in &graph.errors {
            for (index, part) in text::wrap(error, 84).iter().enumerate() {
                draw_text(body, MARGIN + if index == 0 { 0.0 } else { 16.0 }, y, "", part);
                y += 18.0;
            }
        }
        let (left, top) = (MARGIN + (inner - self.layout.width) / 2.0, y);
        // Faded arrows first, so that those that matter lie on top.
        for used in [false, true] {
            for (edge, route) in graph.edges.iter().zip(&self.layout.routes) {
                if edge.is_used == used {
                    draw_edge(body, edge, &graph.nodes, route, (left, top));
                }
            }
        }
        for ((node, of), corner) in graph.nodes.iter().zip(&self.boxes).zip(&self.layout.corners) {
            draw_node(body, node, (of.width, of.height), (left + corner.0, top + corner.1));
        }
        top + self.layout.height
    }
}

/// The RUNs that are drawn, and how many are not.
fn shown(node: &Node) -> (usize, usize) {
    match node.steps.len() {
        all if all <= STEPS => (all, 0),
        all => (STEPS - 1, all - STEPS + 1),
    }
}

fn title(node: &Node) -> String {
    text::clip(&node.title, 40)
}

fn base(node: &Node) -> String {
    text::clip(&node.base, COLUMNS)
}

/// What stands in the chip.
fn chip(node: &Node) -> String {
    match node.emulated() {
        0 => node.platform.clone(),
        _ => format!("{} · emulated", node.platform),
    }
}

fn size(node: &Node) -> layout::Block {
    let mark = if node.is_exported { 74.0 } else { 0.0 };
    let steps = node.steps.iter().take(shown(node).0);
    let steps = steps.map(|step| width(&text::clip(&step.command, COLUMNS), MONOSPACED) + 20.0);
    let widest =
        [width(&title(node), BOLD) + mark, width(&base(node), SMALL), width(&chip(node), SMALL) + 16.0]
            .into_iter()
            .chain(steps)
            .fold(96.0, f64::max);
    let (drawn, hidden) = shown(node);
    let rows = f64::from(u32::try_from(drawn + usize::from(hidden > 0)).unwrap_or(u32::MAX));
    let head = if node.is_image { HEAD_OF_IMAGE } else { HEAD };
    let steps = if node.steps.is_empty() { 8.0 } else { rows * STEP + 16.0 };
    layout::Block { width: widest + 2.0 * PADDING, height: head + steps, is_used: node.is_used }
}

fn draw_node(body: &mut String, node: &Node, (w, h): (f64, f64), (x, y): (f64, f64)) {
    let mut class = "box".to_owned();
    for (holds, name) in
        [(node.emulated() > 0, " hot"), (node.is_exported, " exported"), (!node.is_used, " unused")]
    {
        if holds {
            class += name;
        }
    }
    let radius = if node.is_image { 20 } else { 8 };
    let faded = if node.is_used { "" } else { " class=\"faded\"" };
    push(body, format_args!("<g{faded}><title>{}</title>", escape(&tooltip(node))));
    push(
        body,
        format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{radius}\"/>"
        ),
    );
    let left = x + PADDING;
    draw_text(body, left, y + 22.0, "name", &title(node));
    if node.is_exported {
        draw_end_text(body, x + w - PADDING, y + 22.0, "quiet", "exported");
    }
    let mut chip_top = y + 29.0;
    if !node.is_image {
        draw_text(body, left, y + 38.0, "quiet", &base(node));
        chip_top = y + 45.0;
    }
    let (chip_class, ink) =
        if node.emulated() > 0 { ("chip chip-hot", "hot-ink") } else { ("chip", "quiet") };
    let chip_width = width(&chip(node), SMALL) + 10.0;
    push(
        body,
        format_args!(
            "<rect class=\"{chip_class}\" x=\"{left:.1}\" y=\"{chip_top:.1}\" width=\"{chip_width:.1}\" \
             height=\"17\" rx=\"8.5\"/>"
        ),
    );
    push(
        body,
        format_args!(
            "<text class=\"{ink}\" style=\"font-size:11px\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            left + chip_width / 2.0,
            chip_top + 12.5,
            escape(&chip(node))
        ),
    );
    if !node.steps.is_empty() {
        draw_steps(body, node, (x, y + HEAD + 8.0), w);
    }
    push(body, format_args!("</g>\n"));
}

fn draw_steps(body: &mut String, node: &Node, (x, top): (f64, f64), w: f64) {
    line(body, (x, top), (x + w, top));
    let (drawn, hidden) = shown(node);
    let mut y = top + 3.0;
    let left = x + PADDING;
    for step in node.steps.iter().take(drawn) {
        let command = text::clip(&step.command, COLUMNS);
        let middle = y + STEP / 2.0;
        push(
            body,
            format_args!("<g><title>{}</title>", escape(&format!("line {}: {}", step.line, step.command))),
        );
        let ink = match step.state {
            RunState::Emulated => {
                push(
                    body,
                    format_args!(
                        "<rect class=\"band\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"4\"/>",
                        x + 5.0,
                        y + 1.0,
                        w - 10.0,
                        STEP - 2.0
                    ),
                );
                push(
                    body,
                    format_args!(
                        "<path class=\"emulated\" d=\"M{:.1} {:.1}l5 9h-10z\"/>",
                        left + 5.0,
                        middle - 5.0
                    ),
                );
                "mono hot-ink"
            }
            RunState::Native => {
                push(
                    body,
                    format_args!(
                        "<circle class=\"native\" cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"4\"/>",
                        left + 5.0
                    ),
                );
                "mono"
            }
            RunState::Unused => {
                push(
                    body,
                    format_args!(
                        "<circle class=\"idle\" cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"3.5\"/>",
                        left + 5.0
                    ),
                );
                "mono quiet"
            }
        };
        draw_text(body, left + 18.0, middle + 4.0, ink, &command);
        push(body, format_args!("</g>"));
        y += STEP;
    }
    if hidden > 0 {
        let emulated = node.steps[drawn..].iter().filter(|step| step.state == RunState::Emulated).count();
        let more = format!("… {hidden} more RUNs, {emulated} emulated");
        draw_text(body, left + 18.0, y + STEP / 2.0 + 4.0, "quiet", &more);
    }
}

fn draw_edge(body: &mut String, edge: &Edge, nodes: &[Node], route: &[(f64, f64)], (left, top): (f64, f64)) {
    let at = |point: (f64, f64)| (left + point.0, top + point.1);
    let Some((&first, rest)) = route.split_first() else { return };
    let Some((&last, between)) = rest.split_last() else { return };
    let start = at(first);
    let mut path = format!("M{:.1} {:.1}", start.0, start.1);
    // Pairs of straight pieces' ends, with a curve into the next pair.
    let mut point = start;
    for (index, &next) in between.iter().chain([&last]).enumerate() {
        let next = at(next);
        let _ = if index % 2 == 0 {
            write!(path, "V{:.1}", next.1)
        } else {
            let is_last = index == between.len();
            let end = if is_last { next.1 - 7.0 } else { next.1 };
            let middle = f64::midpoint(point.1, end);
            write!(path, "C{:.1} {middle:.1} {:.1} {middle:.1} {:.1} {end:.1}", point.0, next.0, next.0)
        };
        point = next;
    }
    let kind = match edge.kind {
        CrossingKind::Base => " base",
        CrossingKind::Copy => "",
        CrossingKind::Mount => " mount",
    };
    let faded = if edge.is_used { "" } else { " class=\"faded\"" };
    let lines: Vec<String> = edge.lines.iter().map(ToString::to_string).collect();
    let plural = if lines.len() == 1 { "" } else { "s" };
    let tooltip = format!(
        "{} → {}: {}, line{plural} {}",
        nodes[edge.from].title,
        nodes[edge.to].title,
        edge.label(),
        lines.join(", ")
    );
    push(body, format_args!("<g{faded}><title>{}</title>", escape(&tooltip)));
    push(body, format_args!("<path class=\"edge{kind}\" d=\"{path}\"/>"));
    let (x, y) = if edge.from < edge.to { at(last) } else { start };
    let shape = if edge.from < edge.to { "l-5 -10h10z" } else { "l-5 10h10z" };
    push(body, format_args!("<path class=\"tip\" d=\"M{x:.1} {y:.1}{shape}\"/></g>\n"));
}

/// What the shapes mean. Returns the lower edge.
fn legend(body: &mut String, y: f64) -> f64 {
    let middle = y - 4.0;
    let mut x = MARGIN;
    push(body, format_args!("<path class=\"emulated\" d=\"M{:.1} {:.1}l5 9h-10z\"/>", x + 5.0, middle - 5.0));
    x = legend_word(body, x + 16.0, y, "emulated RUN");
    push(body, format_args!("<circle class=\"native\" cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"4\"/>", x + 4.0));
    x = legend_word(body, x + 14.0, y, "native RUN");
    for (class, word) in [(" base", "FROM"), ("", "COPY --from"), (" mount", "mount")] {
        push(body, format_args!("<path class=\"edge{class}\" d=\"M{x:.1} {middle:.1}h26\"/>"));
        x = legend_word(body, x + 32.0, y, word);
    }
    push(
        body,
        format_args!(
            "<rect class=\"unused\" x=\"{x:.1}\" y=\"{:.1}\" width=\"20\" height=\"12\" rx=\"3\"/>",
            middle - 6.0
        ),
    );
    legend_word(body, x + 26.0, y, "not part of this build");
    y
}

fn legend_word(body: &mut String, x: f64, y: f64, word: &str) -> f64 {
    draw_text(body, x, y, "quiet", word);
    x + width(word, SMALL) + 18.0
}

/// All that a box says, without clipping.
fn tooltip(node: &Node) -> String {
    let mut words = vec![node.title.as_str(), node.base.as_str(), node.platform.as_str()];
    words.retain(|word| !word.is_empty());
    words.join(" · ")
}
