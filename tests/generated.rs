//! Files that follow from the rules' cards and files, and from the keys of the configuration. `UPDATE=1 cargo test --test generated` writes them.

mod cards;
mod markdown;
mod schema;

use std::fmt::Write as _;
use std::fs;

use cards::{Card, cards, fix_of};
use markdown::{path, with_part};

const REGISTRY: &str = "src/rules/registry.rs";
const SCHEMA: &str = "editors/dflint.schema.json";
const TABLE: &str = "docs/src/rules/README.md";

/// Holds a file against what it should be, or writes it.
fn hold(name: &str, expected: &str) {
    markdown::hold(name, expected, "generated");
}

/// The names of the rules' files without `.rs`, by code.
fn rule_files() -> Vec<String> {
    let entries = fs::read_dir(path("src/rules")).unwrap();
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| {
            name.strip_prefix("xc").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })
        .collect();
    names.sort();
    names
}

/// The name that the file of a card's rule has.
fn file_of(card: &Card) -> String {
    format!("{}_{}", card.code, card.name).to_lowercase().replace('-', "_")
}

fn registry(files: &[String]) -> String {
    let mut text = String::from(
        "//! Generated from the files beside it by `UPDATE=1 cargo test --test generated`. Do not edit.\n\n",
    );
    for file in files {
        writeln!(text, "#[path = \"{file}.rs\"]\nmod {file};").unwrap();
    }
    text.push_str(
        "\nuse super::Findings;\nuse crate::model::Facts;\n\n/// The checks in the order of their codes.\n\
         pub(super) static CHECKS: &[fn(&Facts<'_>, &mut Findings)] = &[\n",
    );
    for file in files {
        writeln!(text, "    {file}::check,").unwrap();
    }
    text.push_str("];\n");
    text
}

/// The rules, each with a link to its page.
fn table(cards: &[Card]) -> String {
    let mut text = String::from("| rule | what is wrong | fix |\n|---|---|---|\n");
    for card in cards {
        let Card { code, name, summary, .. } = card;
        let preview = if card.preview { " (preview)" } else { "" };
        let row = format!("| [{code} {name}]({code}.md) | {summary}{preview} | {} |", fix_of(card));
        writeln!(text, "{}", row.replace("|  |", "| |")).unwrap();
    }
    text
}

#[test]
fn every_rule_is_a_card_and_a_file_of_the_same_name() {
    let from_cards: Vec<_> = cards().iter().map(file_of).collect();
    assert_eq!(from_cards, rule_files());
}

#[test]
fn the_registry_is_fresh() {
    hold(REGISTRY, &registry(&rule_files()));
}

#[test]
fn the_schema_of_the_configuration_is_fresh() {
    hold(SCHEMA, &schema::text());
}

#[test]
fn the_table_of_the_rules_is_fresh() {
    let page = fs::read_to_string(path(TABLE)).unwrap();
    hold(TABLE, &with_part(&page, "rules", &table(&cards())));
}
