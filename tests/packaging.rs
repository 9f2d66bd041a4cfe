//! What names dflint outside of Cargo.toml: its version, its repository and its rules are the same everywhere. `UPDATE=1
//! cargo test --test packaging` writes the version where it stands.

mod cards;
mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use common::Folder;
use regex::Regex;

/// Where the version stands, and what stands in front of it.
const VERSIONS: &[(&str, &str)] = &[
    ("editors/vscode/package.json", "\"name\": \"dflint\",[^{]*?\"version\": \""),
    ("editors/vscode/package-lock.json", "\"name\": \"dflint\",\\s+\"version\": \""),
    ("templates/azure.yml", "DFLINT_VERSION: "),
    ("templates/github.yml", "pipx run dflint=="),
    ("templates/gitlab.yml", "DFLINT_VERSION: "),
    ("templates/pre-commit.yaml", "rev: v"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_version_is_that_of_cargo_toml() {
    for (name, before) in VERSIONS {
        let text = read(name);
        let place = Regex::new(&format!(r"({before})([0-9][0-9A-Za-z.+-]*)")).unwrap();
        assert!(place.is_match(&text), "{name}: no version stands behind {before}");
        let right = place.replace_all(&text, concat!("${1}", env!("CARGO_PKG_VERSION")));
        if std::env::var_os("UPDATE").is_some() && right != text {
            fs::write(root().join(name), right.as_bytes()).unwrap();
        } else {
            assert!(right == text, "{name} is stale; `UPDATE=1 cargo test --test packaging` writes it");
        }
    }
}

#[test]
fn the_changelog_names_every_rule() {
    let changelog = read("CHANGELOG.md");
    for card in cards::cards() {
        let entry = format!("{} `{}`", card.code, card.name);
        assert!(changelog.contains(&entry), "CHANGELOG.md lacks {entry}");
    }
}

#[test]
fn the_repository_is_that_of_cargo_toml() {
    let repository = env!("CARGO_PKG_REPOSITORY");
    assert!(read("templates/pre-commit.yaml").contains(&format!("repo: {repository}\n")));
    assert!(read("packaging/npm/README.md").contains(repository));
}

/// The YAML files of a folder.
fn yaml(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|kind| kind == "yml")).collect()
}

#[test]
fn actions_are_pinned_and_each_to_one_commit() {
    let pin = Regex::new(r"uses: ([^@\s]+)@(\S+)(.*)").unwrap();
    let commit = Regex::new(r"^[0-9a-f]{40}$").unwrap();
    let mut pins: BTreeMap<String, (String, PathBuf)> = BTreeMap::new();
    let files = [yaml(".github/workflows"), yaml("templates"), vec![root().join("action.yml")]].concat();
    for path in files {
        for found in pin.captures_iter(&fs::read_to_string(&path).unwrap()) {
            let [action, reference, comment] = found.extract().1;
            assert!(commit.is_match(reference), "{}: {action} is not pinned", path.display());
            assert!(comment.starts_with(" # v"), "{}: {action} lacks its version", path.display());
            // What stands in one repository has one commit.
            let repository = action.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
            let (first, before) =
                pins.entry(repository).or_insert_with(|| (reference.to_owned(), path.clone()));
            assert_eq!(first, reference, "{action} in {} and {}", before.display(), path.display());
        }
    }
}

/// The texts of a list in `src/files/discover.rs`.
fn listed(name: &str) -> Vec<String> {
    let source = read("src/files/discover.rs");
    let list =
        source.split_once(&format!("const {name}: &[&str] = &[")).unwrap().1.split_once("];").unwrap().0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_hooks_take_what_dflint_finds_in_folders() {
    let hooks = read(".pre-commit-hooks.yaml");
    let files = Regex::new(hooks.split_once("&files ").unwrap().1.lines().next().unwrap()).unwrap();
    let exclude = hooks.split_once("&exclude |-\n").unwrap().1.split_once("\n  require_serial").unwrap().0;
    let exclude = Regex::new(exclude.trim_start()).unwrap();

    let mut names: Vec<String> = Vec::new();
    // A folder for each, for a file system may not know case.
    for (folder, base) in
        ["Dockerfile", "dockerfile", "CONTAINERFILE", "containerfile", "Makefile"].iter().enumerate()
    {
        let kinds = [listed("OTHER_KINDS"), listed("SOURCE_CODE")].concat();
        assert!(kinds.len() > 50, "{kinds:?}");
        for kind in kinds.iter().map(String::as_str).chain(["", "dev", "a.b", "dev~", "PY", "Bak"]) {
            names.push(format!("{folder}/{base}.{kind}"));
            names.push(format!("{folder}/{base}.prod.{kind}"));
        }
        names.extend(["", "api.", "my", ".", "a.b."].map(|front| format!("{folder}/{front}{base}")));
        names.push(format!("{folder}/api.{base}.j2"));
    }
    names.sort();
    names.dedup();

    let folder = Folder::new(&names.iter().map(|name| (name.as_str(), "nonsense\n")).collect::<Vec<_>>());
    let run = folder.run(&["check", "--output-format", "json"]);
    let report: serde_json::Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let mut found: Vec<&str> =
        report.as_array().unwrap().iter().map(|finding| finding["file"].as_str().unwrap()).collect();
    found.dedup();
    let hooked: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| files.is_match(name) && !exclude.is_match(name))
        .collect();
    assert!(found.len() > 20, "{found:?}");
    assert_eq!(found, hooked);
    assert!(files.is_match("Dockerfile") && exclude.is_match("Dockerfile.md"), "at the root too");
}
