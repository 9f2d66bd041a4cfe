//! What README.md shows is what dflint prints, and what was measured. `UPDATE=1 cargo test --test readme` rewrites it.

mod markdown;

use std::fs;

use markdown::{hold, path, with_part};

const README: &str = "README.md";

fn readme() -> String {
    fs::read_to_string(path(README)).unwrap()
}

#[test]
fn it_shows_what_dflint_prints() {
    let readme = readme();
    let (text, _) = markdown::run(&with_part(&readme, "seconds", &seconds(&readme)));
    hold(README, &text, "readme");
}

/// What the engine measured for the project whose Dockerfile is shown.
fn seconds(readme: &str) -> String {
    let row = readme
        .lines()
        .find(|line| line.starts_with("| Go, without cgo |"))
        .expect("a row of the engine's table");
    let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
    format!(
        "For linux/arm64 on an amd64 machine, the RUN steps of this file took **{}**. Rewritten, they take **{}**, and\nthe image \
         holds the same bytes.\n",
        cells[1], cells[2]
    )
}

/// The set-up on a fresh machine is the first block.
#[test]
fn the_first_command_shows_the_diff_below_it() {
    let readme = readme();
    let block = readme.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let commands: Vec<&str> = block.lines().collect();
    let ["$ cargo test"] = commands[1..] else { panic!("{commands:?}") };
    let arguments = commands[0].strip_prefix("$ cargo run --release -- ").unwrap();
    assert!(readme.contains(&format!("```diff $ dflint {arguments}\n")));
}

#[test]
fn the_action_is_of_this_version() {
    assert!(readme().contains(concat!("uses: dflint/dflint@v", env!("CARGO_PKG_VERSION"), "\n")));
}

/// The times are of one machine and one day; what is compared with what is not.
#[test]
fn the_times_are_those_that_the_script_measures() {
    let readme = readme();
    let script = fs::read_to_string(path("tests/bench/peers")).unwrap();
    let section = readme.split("<!-- peers -->\n").nth(1).unwrap().split("<!-- /peers -->").next().unwrap();
    let rows: Vec<Vec<&str>> = section
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|---"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    for set in ["One file of 27 lines", "One file of 1 MB", "300 files", "10,000 files"] {
        assert!(section.contains(&format!("\n{set} (")), "{set}: `tests/bench/peers --write` measures it");
    }
    assert_eq!(rows.iter().filter(|row| row[0] == "dflint" && row[2] == "1").count(), 4);
    for row in rows.iter().filter(|row| !row[0].is_empty()) {
        assert!(script.contains(row[0]), "{}: `tests/bench/peers --write` measures it", row[0]);
    }
}
