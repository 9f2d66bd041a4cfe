//! Plans as a flowchart for Mermaid, which GitHub and GitLab draw in Markdown.

use std::fmt::Write as _;
use std::io::{self, Write};

use dflint::model::plan::{CrossingKind, RunState};

use super::graph::{Edge, Graph, Node};
use super::{PlanReport, neutral, text};

/// How long a command may be in a box.
const COLUMNS: usize = 48;

pub(super) fn print(out: &mut dyn Write, report: &PlanReport<'_>) -> io::Result<()> {
    let path = report.file.path().to_string_lossy();
    writeln!(out, "%% {}, built on {}", neutral::line(&path), report.build_platform)?;
    writeln!(out, "flowchart TB")?;
    for (index, planned) in report.plans.iter().enumerate() {
        let graph = Graph::new(report, planned);
        let title = escape(&format!("{}: {}", graph.platform, graph.summary));
        writeln!(out, "  subgraph p{index}[\"{title}\"]")?;
        writeln!(out, "    direction TB")?;
        if let [first, ..] = &graph.errors[..] {
            writeln!(out, "    p{index}e[\"{}\"]:::refused", escape(first))?;
        }
        for (number, node) in graph.nodes.iter().enumerate() {
            writeln!(out, "    p{index}n{number}[\"{}\"]:::{}", label(node), class(node))?;
        }
        for edge in &graph.edges {
            let Edge { from, to, .. } = edge;
            writeln!(out, "    p{index}n{from} {}|{}| p{index}n{to}", arrow(edge.kind), edge.label())?;
        }
        writeln!(out, "  end")?;
        writeln!(out, "  style p{index} fill:none,stroke:#818b98")?;
    }
    // Colours that can be read on light and on dark pages.
    writeln!(out, "  classDef native fill:#dafbe1,stroke:#1a7f37,color:#1f2328")?;
    writeln!(out, "  classDef emulated fill:#fff1e5,stroke:#bc4c00,color:#1f2328,stroke-width:3px")?;
    writeln!(out, "  classDef plain fill:#f6f8fa,stroke:#59636e,color:#1f2328")?;
    writeln!(out, "  classDef unused fill:#f6f8fa,stroke:#afb8c1,color:#59636e,stroke-dasharray:4 3")?;
    writeln!(out, "  classDef refused fill:#ffebe9,stroke:#cf222e,color:#1f2328")
}

fn label(node: &Node) -> String {
    let mut label = format!("<b>{}</b>", escape(&node.title));
    if node.is_exported {
        label += " (exported)";
    }
    for line in [&node.base, &node.platform] {
        if !line.is_empty() {
            // Writing into a string cannot fail.
            let _ = write!(label, "<br/>{}", escape(line));
        }
    }
    for step in &node.steps {
        let command = escape(&text::clip(&step.command, COLUMNS));
        let _ = match step.state {
            RunState::Emulated => write!(label, "<br/><b>EMULATED</b> {command}"),
            RunState::Native | RunState::Unused => write!(label, "<br/>{command}"),
        };
    }
    label
}

fn class(node: &Node) -> &'static str {
    match node {
        _ if !node.is_used => "unused",
        _ if node.emulated() > 0 => "emulated",
        _ if node.steps.is_empty() => "plain",
        _ => "native",
    }
}

fn arrow(kind: CrossingKind) -> &'static str {
    match kind {
        CrossingKind::Base => "==>",
        CrossingKind::Copy => "-->",
        CrossingKind::Mount => "-.->",
    }
}

/// Text for a quoted label: what means something to Mermaid or HTML becomes a character reference.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '"' | '#' | '<' | '>' | '&' | ';' | '`' | '\\' | '*' | '_' | '|' | '[' | ']' | '{' | '}'
        ) {
            let _ = write!(escaped, "#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_mermaid_obeys_is_escaped() {
        assert_eq!(super::escape("a \"b\" <c> #d;"), "a #34;b#34; #60;c#62; #35;d#59;");
        assert_eq!(super::escape("RUN go build ./..."), "RUN go build ./...");
    }
}
