//! Plans as a graph for Graphviz.

use std::fmt::Write as _;
use std::io::{self, Write};

use dflint::model::plan::{CrossingKind, RunState};

use super::graph::{Edge, Graph, Node};
use super::{PlanReport, neutral, text};

/// How long a command may be in a box.
const COLUMNS: usize = 56;

pub(super) fn print(out: &mut dyn Write, report: &PlanReport<'_>) -> io::Result<()> {
    let path = report.file.path().to_string_lossy();
    writeln!(out, "digraph plan {{")?;
    writeln!(
        out,
        "  label={};",
        quoted(&format!("{}, built on {}", neutral::line(&path), report.build_platform))
    )?;
    writeln!(out, "  labelloc=t; fontname=\"Helvetica\";")?;
    writeln!(out, "  node [shape=plain, fontname=\"Helvetica\", fontsize=11];")?;
    writeln!(out, "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#59636e\", fontcolor=\"#59636e\"];")?;
    for (index, planned) in report.plans.iter().enumerate() {
        let graph = Graph::new(report, planned);
        writeln!(out, "  subgraph cluster_{index} {{")?;
        let title = format!("{}: {}", graph.platform, graph.summary);
        writeln!(out, "    label={}; color=\"#d1d9e0\";", quoted(&title))?;
        if let [first, ..] = &graph.errors[..] {
            let label = quoted(first);
            writeln!(out, "    p{index}e [shape=box, color=\"#cf222e\", label={label}];")?;
        }
        for (number, node) in graph.nodes.iter().enumerate() {
            writeln!(out, "    p{index}n{number} [label=<{}>];", table(node))?;
        }
        for edge in &graph.edges {
            let Edge { from, to, .. } = edge;
            let (label, style) = (edge.label(), style(edge.kind));
            writeln!(out, "    p{index}n{from} -> p{index}n{to} [label=\"{label}\", style={style}];")?;
        }
        writeln!(out, "  }}")?;
    }
    writeln!(out, "}}")
}

/// A box: the head of the stage, then a row for each RUN.
fn table(node: &Node) -> String {
    let (border, ink) = match node {
        _ if !node.is_used => ("#afb8c1", "#59636e"),
        _ if node.emulated() > 0 => ("#bc4c00", "#1f2328"),
        _ => ("#59636e", "#1f2328"),
    };
    let exported = if node.is_exported { " (exported)" } else { "" };
    let mut head = format!("<b>{}</b>{exported}", escape(&node.title));
    for line in [&node.base, &node.platform] {
        if !line.is_empty() {
            // Writing into a string cannot fail.
            let _ = write!(head, "<br/>{}", escape(line));
        }
    }
    let style = if node.is_used { "rounded" } else { "rounded,dashed" };
    let width = if node.is_exported { 2 } else { 1 };
    let mut table = format!(
        "<table border=\"{width}\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"4\" style=\"{style}\" \
         color=\"{border}\"><tr><td><font color=\"{ink}\">{head}</font></td></tr>"
    );
    for step in &node.steps {
        let command = escape(&text::clip(&step.command, COLUMNS));
        let _ = match step.state {
            RunState::Emulated => write!(
                table,
                "<tr><td align=\"left\" bgcolor=\"#fff1e5\"><font color=\"#953800\"><b>EMULATED</b> {command}</font></td></tr>"
            ),
            RunState::Native | RunState::Unused => {
                write!(table, "<tr><td align=\"left\"><font color=\"{ink}\">{command}</font></td></tr>")
            }
        };
    }
    table + "</table>"
}

fn style(kind: CrossingKind) -> &'static str {
    match kind {
        CrossingKind::Base => "bold",
        CrossingKind::Copy => "solid",
        CrossingKind::Mount => "dashed",
    }
}

/// Text for an HTML-like label.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A string of the language. A backslash would begin an escape there.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
