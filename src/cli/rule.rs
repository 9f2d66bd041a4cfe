//! `dflint rule`.

use std::io::{self, Write};

use dflint::rules::{self, Card};
use dflint::select::Selector;

use crate::output;

use super::args::{self, RuleFormat};
use super::{Exit, streams};

pub(super) fn run(arguments: &args::Rule) -> Exit {
    let all: Vec<&Card> = rules::CARDS.iter().collect();
    let (chosen, exact) = match &arguments.rule {
        None => (all, false),
        Some(text) => match Selector::parse(text, rules::CARDS) {
            Ok(selector) => {
                let chosen = all.into_iter().filter(|rule| selector.codes().contains(&rule.code)).collect();
                (chosen, selector.is_exact())
            }
            Err(unknown) => {
                streams::complain(&format!("{unknown} (`dflint rule` lists them all)"));
                return Exit::Failure;
            }
        },
    };
    match print(&mut streams::stdout(), &chosen, exact, arguments.output_format) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            streams::complain_about_output(&error);
            Exit::Failure
        }
    }
}

fn print(out: &mut dyn Write, rules: &[&Card], exact: bool, format: RuleFormat) -> io::Result<()> {
    match (format, rules) {
        (RuleFormat::Json, _) => output::catalogue_json(out, rules)?,
        (RuleFormat::Human, [rule]) if exact => output::card(out, rule)?,
        (RuleFormat::Human, _) => output::catalogue(out, rules)?,
    }
    out.flush()
}
