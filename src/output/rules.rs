//! The rules, for people and for programs.

use std::io::{self, Write};

use dflint::rules::Card;
use serde::Serialize;

use super::neutral;

/// One rule at length.
pub(crate) fn card(out: &mut dyn Write, rule: &Card) -> io::Result<()> {
    writeln!(out, "{} {}\n\n{}", rule.code, rule.name, neutral::text(rule.summary))?;
    if rule.preview {
        writeln!(
            out,
            "\nIn preview: it runs only where it is selected itself, as with --select=ALL,{}.",
            rule.code
        )?;
    }
    match rule.text.trim_end() {
        "" => Ok(()),
        text => writeln!(out, "\n{}", neutral::text(text)),
    }
}

/// One line per rule.
pub(crate) fn catalogue(out: &mut dyn Write, rules: &[&Card]) -> io::Result<()> {
    let width = |text: fn(&Card) -> &str| rules.iter().map(|rule| text(rule).len()).max().unwrap_or(0);
    let (codes, names) = (width(|rule| rule.code), width(|rule| rule.name));
    for rule in rules {
        let preview = if rule.preview { " (preview)" } else { "" };
        writeln!(
            out,
            "{:codes$}  {:names$}  {}{preview}",
            rule.code,
            rule.name,
            neutral::line(rule.summary)
        )?;
    }
    Ok(())
}

/// An array of rules with all that is known of them.
pub(crate) fn catalogue_json(out: &mut dyn Write, rules: &[&Card]) -> io::Result<()> {
    let rules: Vec<_> = rules
        .iter()
        .map(|rule| JsonRule {
            rule: rule.code,
            name: rule.name,
            preview: rule.preview,
            summary: rule.summary,
            text: rule.text,
        })
        .collect();
    writeln!(out, "{}", neutral::json(&serde_json::to_string_pretty(&rules)?))
}

#[derive(Serialize)]
struct JsonRule {
    rule: &'static str,
    name: &'static str,
    preview: bool,
    summary: &'static str,
    text: &'static str,
}

#[cfg(test)]
mod tests {
    use dflint::diagnostics::Severity;

    use super::*;

    const RULES: [Card; 2] = [
        Card {
            code: "XC101",
            name: "emulated-build-stage",
            severity: Severity::Warning,
            preview: false,
            summary: "A stage is emulated",
            text: "# Why\n\nSlow.\n",
        },
        Card {
            code: "XC1000",
            name: "short",
            severity: Severity::Info,
            preview: true,
            summary: "Another",
            text: "",
        },
    ];

    fn printed(print: impl Fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = vec![];
        print(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_card_has_a_head_a_summary_and_a_text() {
        let card = |rule| printed(|out| card(out, rule));
        assert_eq!(card(&RULES[0]), "XC101 emulated-build-stage\n\nA stage is emulated\n\n# Why\n\nSlow.\n");
        assert_eq!(
            card(&RULES[1]),
            "XC1000 short\n\nAnother\n\nIn preview: it runs only where it is selected itself, as with --select=ALL,XC1000.\n"
        );
    }

    #[test]
    fn the_catalogue_stands_in_columns() {
        let all: Vec<_> = RULES.iter().collect();
        assert_eq!(
            printed(|out| catalogue(out, &all)),
            "XC101   emulated-build-stage  A stage is emulated\n\
             XC1000  short                 Another (preview)\n"
        );
    }

    #[test]
    fn the_catalogue_is_also_data() {
        let document = printed(|out| catalogue_json(out, &[&RULES[0]]));
        let rules: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(rules[0]["rule"], "XC101");
        assert_eq!(rules[0]["text"], "# Why\n\nSlow.\n");
    }
}
