//! What README.md shows is what dflint prints. `UPDATE=1 cargo test --test readme` rewrites it.

use std::fs;
use std::path::Path;
use std::process::Command;

const COMMAND: &str = "$ cargo run --release -- ";

#[test]
fn the_diff_is_what_the_first_command_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let arguments = readme.lines().find_map(|line| line.strip_prefix(COMMAND)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_dflint"))
        .args(arguments.split_whitespace())
        .current_dir(root)
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();

    let start = readme.find("```diff\n").unwrap() + "```diff\n".len();
    let end = start + readme[start..].find("```\n").unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(root.join("README.md"), readme[..start].to_owned() + &printed + &readme[end..]).unwrap();
    } else {
        assert_eq!(readme[start..end], printed, "`UPDATE=1 cargo test --test readme` rewrites it");
    }
}

/// The times are of one machine and one day; what is compared with what is not.
#[test]
fn the_times_are_those_that_the_script_measures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let script = fs::read_to_string(root.join("tests/bench/peers")).unwrap();
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
