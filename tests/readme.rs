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
