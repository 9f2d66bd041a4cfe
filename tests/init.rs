//! `dflint init`: what it writes, and what it leaves alone.

mod common;

use common::Folder;

const NONE: &[(&str, &str)] = &[];

/// The configuration with every setting in force.
fn in_force(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn the_configuration_does_nothing_until_its_comments_are_taken_off() {
    let folder = Folder::new(&[
        ("dflint-knowledge.toml", ""),
        ("project/.git/HEAD", ""),
        ("project/a/dflint-knowledge.toml", ""),
    ]);
    let inside = |arguments: &[&str]| {
        let output = folder.command(arguments).current_dir(folder.path("project/a")).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let before = inside(&["config"]);
    inside(&["init"]);
    let text = folder.read("project/a/dflint.toml");
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#') && line.len() <= 100), "{text}");
    let settings = |printed: &str| printed.split_once('\n').unwrap().1.to_owned();
    assert_eq!(settings(&inside(&["config"])), settings(&before));

    folder.write("project/dflint.toml", "");
    folder.write("project/a/dflint.toml", in_force(&text));
    let after = inside(&["config", "legacy/Dockerfile"]);
    for set in
        ["extends", "exclude", "extend-knowledge", "select", "ignore", "severity", "platforms", "targets"]
    {
        assert!(after.contains(set), "{set}: {after}");
    }
    assert!(!after.contains("# default"), "{after}");
}

#[test]
fn a_configuration_that_is_there_stays() {
    let folder = Folder::new(&[(".dflint.toml", "ignore = ['XC1']\n")]);
    let run = folder.run(&["init"]);
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains(".dflint.toml is there already"), "{run:?}");
    assert_eq!(folder.names(), [".dflint.toml"]);
}

#[test]
fn one_further_up_is_built_upon() {
    let folder =
        Folder::new(&[(".git/HEAD", ""), (".dflint.toml", "ignore = ['XC1']\n"), ("a/b/Dockerfile", "")]);
    let below =
        |arguments: &[&str]| folder.command(arguments).current_dir(folder.path("a/b")).output().unwrap();
    assert!(below(&["init"]).status.success());
    assert!(folder.read("a/b/dflint.toml").contains("\nextend = \"../../.dflint.toml\"\n"));
    let config = String::from_utf8(below(&["config"]).stdout).unwrap();
    assert!(config.contains("ignore = [\"XC1\"]"), "{config}");
}

#[test]
fn what_runs_in_ci_stands_at_the_root_of_the_repository() {
    for (system, file, says) in [
        ("github", ".github/workflows/dflint.yml", "--output-format github"),
        ("gitlab", ".gitlab-ci.yml", "--output-format gitlab"),
        ("azure", "azure-pipelines.yml", "--output-format azure"),
        ("pre-commit", ".pre-commit-config.yaml", "- id: dflint"),
    ] {
        let folder = Folder::new(&[(".git/HEAD", ""), ("api/Dockerfile", "")]);
        let api =
            |arguments: &[&str]| folder.command(arguments).current_dir(folder.path("api")).output().unwrap();
        let first = api(&["init", "--ci", system]);
        assert_eq!(first.status.code(), Some(0), "{first:?}");
        let written = folder.read(file);
        assert!(written.contains(says) && written.contains(env!("CARGO_PKG_VERSION")), "{written}");
        assert!(folder.path("api/dflint.toml").exists());

        folder.write(file, "mine");
        let again = api(&["init", "--ci", system]);
        assert_eq!(again.status.code(), Some(2), "{again:?}");
        assert_eq!(folder.read(file), "mine");
        assert_eq!(String::from_utf8(again.stdout).unwrap(), written, "what belongs into it is printed");
    }
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = Folder::new(NONE);
    folder.write(".github", "a file in the place of the folder");
    let run = folder.run(&["init", "--ci", "github"]);
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains("workflows/dflint.yml: "), "{run:?}");
}
