//! Files that follow from the rules' cards and files, and from the keys of the configuration. `UPDATE=1 cargo test --test generated` writes them.

mod cards;
mod schema;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cards::{Card, cards};

const REGISTRY: &str = "src/rules/registry.rs";
const SCHEMA: &str = "editors/dflint.schema.json";
const README: &str = "README.md";
const START: &str = "<!-- rules -->\n";
const END: &str = "<!-- /rules -->";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Holds a file against what it should be, or writes it.
fn hold(name: &str, expected: &str) {
    let found = fs::read_to_string(path(name)).unwrap_or_default();
    if found == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path(name), expected).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(found.as_str(), expected);
    let diff = diff.unified_diff().header(name, "what it should be").to_string();
    panic!("{name} is stale; `UPDATE=1 cargo test --test generated` writes it:\n{diff}");
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

/// What a card's `fix` offers at best.
fn fix_of(card: &Card) -> &'static str {
    let trusts = card.examples.iter().filter(|example| example.fixed.is_some());
    let (mut safe, mut on_request) = (false, false);
    for example in trusts {
        match example.applicability {
            cards::Trust::Safe => safe = true,
            cards::Trust::Unsafe => on_request = true,
        }
    }
    match (safe, on_request) {
        (true, false) => "safe",
        (true, true) => "safe or unsafe",
        (false, true) => "unsafe",
        (false, false) => "",
    }
}

fn table(cards: &[Card]) -> String {
    let mut text = String::from("\n| code | name | what is wrong | fix |\n|---|---|---|---|\n");
    for card in cards {
        let Card { code, name, summary, .. } = card;
        let preview = if card.preview { " (preview)" } else { "" };
        let row = format!("| {code} | {name} | {summary}{preview} | {} |", fix_of(card));
        writeln!(text, "{}", row.replace("|  |", "| |")).unwrap();
    }
    text.push('\n');
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
fn the_table_in_the_readme_is_fresh() {
    let readme = fs::read_to_string(path(README)).unwrap();
    let start = readme.find(START).expect("README.md has a line `<!-- rules -->`") + START.len();
    let end = start + readme[start..].find(END).expect("README.md has a line `<!-- /rules -->`");
    hold(README, &format!("{}{}{}", &readme[..start], table(&cards()), &readme[end..]));
}
