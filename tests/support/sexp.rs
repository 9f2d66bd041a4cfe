//! A shell tree as compact s-expressions.
//!
//! A list is its commands with connectors between them; `(a b)` is a simple command; a word is its parts in a row:
//! bare text for an unquoted literal, `'…'` for a quoted one, `$X` for a variable, `$(…)` for a command substitution,
//! `=(…)` for arithmetic, `<(…)`, `[…]` for an array and `?` for what is unknown. A quoted expansion stands between double quotes.

use dflint::shell::{Command, CommandKind, Connector, Item, PartKind, Redirection, Script, Word, WordPart};

pub(crate) fn script(script: &Script) -> String {
    let mut text = list(&script.body);
    for error in &script.errors {
        let range = std::ops::Range::<usize>::from(error.range);
        text.extend([format!(" !{}..{} {}", range.start, range.end, error.message)]);
    }
    text
}

pub(crate) fn list(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items {
        text += match item.connector {
            Connector::Start => "",
            Connector::Sequence => "; ",
            Connector::Background => " & ",
            Connector::And => " && ",
            Connector::Or => " || ",
            Connector::Pipe => " | ",
        };
        text += if item.negated { "! " } else { "" };
        text += &command(&item.command);
    }
    text
}

fn command(command: &Command) -> String {
    let mut parts = Vec::new();
    match &command.kind {
        CommandKind::Simple(simple) => {
            for assignment in &simple.assignments {
                let sign = if assignment.append { "+=" } else { "=" };
                parts.push(format!("{}{sign}{}", assignment.name, word(&assignment.value)));
            }
            parts.extend(simple.words.iter().map(word));
        }
        CommandKind::Subshell(body) => parts.extend(["subshell".to_owned(), list(body)]),
        CommandKind::Group(body) => parts.extend(["group".to_owned(), list(body)]),
        CommandKind::If { branches, otherwise } => {
            for (index, branch) in branches.iter().enumerate() {
                parts.push(if index == 0 { "if" } else { "elif" }.to_owned());
                parts.extend([list(&branch.condition), "then".to_owned(), list(&branch.body)]);
            }
            if let Some(body) = otherwise {
                parts.extend(["else".to_owned(), list(body)]);
            }
        }
        CommandKind::Case { subject, arms } => {
            parts.extend(["case".to_owned(), word(subject)]);
            for arm in arms {
                let patterns = arm.patterns.iter().map(word).collect::<Vec<_>>().join("|");
                let end = if arm.falls_through { " ;&" } else { "" };
                parts.push(format!("({patterns}: {}{end})", list(&arm.body)));
            }
        }
        CommandKind::While { until, condition, body } => {
            parts.push(if *until { "until" } else { "while" }.to_owned());
            parts.extend([list(condition), "do".to_owned(), list(body)]);
        }
        CommandKind::For { variable, words, body } => {
            parts.extend(["for".to_owned(), variable.clone()]);
            if let Some(words) = words {
                parts.push("in".to_owned());
                parts.extend(words.iter().map(word));
            }
            parts.extend(["do".to_owned(), list(body)]);
        }
        CommandKind::Function { name, body } => {
            parts.extend(["function".to_owned(), name.clone(), self::command(body)]);
        }
        CommandKind::Test(words) => {
            parts.push("[[".to_owned());
            parts.extend(words.iter().map(word));
        }
        CommandKind::Arithmetic(expression) => parts.push(format!("=({})", word(expression))),
        CommandKind::Unknown => parts.push("UNKNOWN".to_owned()),
    }
    parts.retain(|part| !part.is_empty());
    parts.extend(command.redirections.iter().map(redirection));
    format!("({})", parts.join(" "))
}

fn redirection(redirection: &Redirection) -> String {
    let descriptor = redirection.descriptor.as_deref().unwrap_or_default();
    let mut text = format!("{descriptor}{} {}", redirection.operator, word(&redirection.target));
    if redirection.heredoc.is_some() {
        text.extend([" {", &parts(&redirection.heredoc_parts), "}"]);
    }
    text
}

pub(crate) fn word(word: &Word) -> String {
    if word.is_empty() { "∅".to_owned() } else { parts(&word.parts) }
}

fn parts(parts: &[WordPart]) -> String {
    parts.iter().map(part).collect()
}

fn part(part: &WordPart) -> String {
    let text = match &part.kind {
        PartKind::Literal(text) if part.quoted => return format!("'{}'", text.escape_debug()),
        PartKind::Literal(text) => return text.escape_debug().to_string(),
        PartKind::Variable(variable) => match &variable.operation {
            None => format!("${}", variable.name),
            Some((operator, operand)) => format!("${{{} {operator} {}}}", variable.name, word(operand)),
        },
        PartKind::CommandSubstitution(body) => format!("$({})", list(body)),
        PartKind::ProcessSubstitution(body) => format!("<({})", list(body)),
        PartKind::Arithmetic(expression) => format!("=({})", word(expression)),
        PartKind::Array(words) => format!("[{}]", words.iter().map(word).collect::<Vec<_>>().join(" ")),
        PartKind::Unknown => "?".to_owned(),
    };
    if part.quoted { format!("\"{text}\"") } else { text }
}
