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

/// A fenced block: what stands behind the fence, and where its text stands.
struct Block<'a> {
    info: &'a str,
    text: std::ops::Range<usize>,
}

fn blocks(readme: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(fence) = readme[at..].find("```") {
        let info_start = at + fence + 3;
        let start = info_start + readme[info_start..].find('\n').unwrap() + 1;
        let end = start + readme[start..].find("```").unwrap();
        blocks.push(Block { info: readme[info_start..start].trim(), text: start..end });
        at = end + 3;
    }
    blocks
}

/// Where the section with this heading stands.
fn section(readme: &str, heading: &str) -> std::ops::Range<usize> {
    let start = readme.find(&format!("\n## {heading}\n")).unwrap();
    let end = readme[start + 1..].find("\n## ").map_or(readme.len(), |end| start + 1 + end);
    start..end
}

/// Runs the commands of a section in a folder with the files that it shows (`file=NAME` behind the fence), and holds
/// what they print against what stands below them.
fn commands_print_what_the_section_says(heading: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let range = section(&readme, heading);
    let folder = tempfile::tempdir().unwrap();
    let mut updated = readme.clone();
    let mut ran = 0;
    let blocks = blocks(&readme);
    let inside: Vec<_> = blocks.iter().filter(|block| range.contains(&block.text.start)).collect();
    for block in &inside {
        if let Some(name) = block.info.split_whitespace().find_map(|word| word.strip_prefix("file=")) {
            fs::write(folder.path().join(name), &readme[block.text.clone()]).unwrap();
        }
    }
    // From the end, so that the places of what is left to do stay.
    for block in inside.iter().rev().filter(|block| block.info == "console") {
        let shown = &readme[block.text.clone()];
        let (command, _) = shown.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ dflint ").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_dflint"))
            .args(arguments.split_whitespace())
            .current_dir(folder.path())
            .output()
            .unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let printed: String = printed.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        updated.replace_range(block.text.clone(), &format!("{command}\n{printed}"));
        ran += 1;
    }
    assert!(ran > 0, "{heading}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, updated).unwrap();
    } else {
        assert!(
            updated == readme,
            "`UPDATE=1 cargo test --test readme` rewrites it:\n{}",
            &updated[range.start..]
        );
    }
}

#[test]
fn sections_show_what_is_printed() {
    for heading in ["Configuration", "Accepting findings"] {
        commands_print_what_the_section_says(heading);
    }
}
