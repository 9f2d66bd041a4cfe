//! Configuration files: which one holds for a file, what it does, and what is said of one that is wrong.

mod common;

use common::{Folder, Run};
use dflint::config::{Settings, read};
use dflint::engine::Options;
use dflint::text::SourceFile;

/// A Dockerfile with a finding of XC101, and one of XC301.
const DOCKERFILE: &str = "\
FROM golang:1.25 AS build
COPY . .
RUN CGO_ENABLED=0 go build -o /app .

FROM --platform=$TARGETPLATFORM scratch
COPY --from=build /app /app
";

/// The codes of the findings as `path CODE`.
fn codes(run: &Run) -> Vec<String> {
    let report: Vec<serde_json::Value> =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let code = |finding: &serde_json::Value| {
        format!("{} {}", finding["file"].as_str().unwrap(), finding["rule"].as_str().unwrap())
    };
    report.iter().map(code).collect()
}

fn check(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    codes(&folder.run(&[&["check", "--output-format", "json"], arguments].concat()))
}

#[test]
fn the_nearest_configuration_holds() {
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        ("dflint.toml", "select = ['XC101']\n"),
        ("api/Dockerfile", DOCKERFILE),
        ("web/.dflint.toml", "ignore = ['emulated-build-stage']\n"),
        ("web/a/b/Dockerfile", DOCKERFILE),
    ]);
    let nearest = ["api/Dockerfile XC101", "web/a/b/Dockerfile XC301"];
    assert_eq!(check(&folder, &[]), nearest);
    assert_eq!(check(&folder, &["web/a/../../api/Dockerfile"]), ["web/a/../../api/Dockerfile XC101"]);
    let from_below =
        folder.command(&["check", "--output-format", "json"]).current_dir(folder.path("web/a")).output();
    assert!(String::from_utf8(from_below.unwrap().stdout).unwrap().contains("XC301"));
    let stdin = ["check", "--output-format", "json", "--stdin-filename", "web/Dockerfile", "-"];
    assert_eq!(codes(&folder.run_with(&stdin, DOCKERFILE.as_bytes())), ["web/Dockerfile XC301"]);
}

#[test]
fn nothing_above_the_repository_holds() {
    let folder = Folder::new(&[
        ("dflint.toml", "ignore = ['ALL']\n"),
        ("repository/.git/HEAD", ""),
        ("repository/Dockerfile", DOCKERFILE),
        ("Dockerfile", DOCKERFILE),
    ]);
    assert_eq!(
        check(&folder, &["--select", "XC301", "repository", "Dockerfile"]).len(),
        2,
        "a flag overrides"
    );
    assert_eq!(check(&folder, &[]), ["repository/Dockerfile XC101", "repository/Dockerfile XC301"]);
}

#[test]
fn a_flag_overrides_and_no_config_reads_none() {
    let folder = Folder::new(&[("dflint.toml", "ignore = ['XC101']\n"), ("Dockerfile", DOCKERFILE)]);
    assert_eq!(check(&folder, &[]), ["Dockerfile XC301"]);
    assert_eq!(check(&folder, &["--ignore", "XC3"]), Vec::<String>::new());
    assert_eq!(check(&folder, &["--select", "XC101"]), ["Dockerfile XC101"]);
    assert_eq!(check(&folder, &["--no-config"]), ["Dockerfile XC101", "Dockerfile XC301"]);
}

#[test]
fn a_configuration_can_be_named() {
    let folder = Folder::new(&[
        ("dflint.toml", "ignore = ['XC101']\n"),
        ("other.toml", "ignore = ['XC301']\n"),
        ("Dockerfile", DOCKERFILE),
    ]);
    assert_eq!(check(&folder, &["--config", "other.toml"]), ["Dockerfile XC101"]);
    let run = folder.run(&["check", "--config", "missing.toml"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.starts_with("dflint: missing.toml: "), "{run:?}");
}

#[test]
fn what_is_wrong_has_its_place_and_the_nearest_name() {
    for (text, message) in [
        ("selct = []", "1:1: unknown key `selct`; did you mean `select`?"),
        ("\nzzz = 1", "2:1: unknown key `zzz`; there are "),
        ("select = ['XC110']", "1:11: unknown rule `XC110`; did you mean `XC101`"),
        ("# ü\nselect = 'XC1'", "2:10: `select` is a list of rules: select = ["),
        ("select = [1]", "1:11: `select` is a list of texts"),
        ("platforms = []", "1:13: `platforms` is a table: platforms = {"),
        ("[platforms]\ntargets = []", "2:1: unknown key `targets`; did you mean `target`?"),
        ("[platforms]\ntarget = []", "2:10: `target` is empty; name one, or remove the key"),
        (
            "platforms.target = ['linux/amd46']",
            "1:21: `linux/amd46`: `amd46` is not known; did you mean `amd64`?",
        ),
        ("platforms.target = ['linux']", "1:21: `linux` leaves the architecture open; write one such as"),
        ("select = [", "1:11: "),
        ("select = ['XC101']\nselect = []", "2:1: duplicate key"),
    ] {
        let folder = Folder::new(&[("dflint.toml", text), ("Dockerfile", DOCKERFILE)]);
        let run = folder.run(&["check"]);
        assert!(run.stderr.starts_with(&format!("dflint: dflint.toml:{message}")), "{text}: {run:?}");
        assert_eq!((run.status, run.stderr.lines().count()), (Some(2), 1), "{text}: {run:?}");
        assert_eq!(run.stdout, "", "{text}");
    }
}

#[test]
fn a_broken_configuration_does_not_hide_what_it_does_not_hold_for() {
    let folder = Folder::new(&[
        ("api/dflint.toml", "a = 1\nb = 1\n"),
        ("api/Dockerfile", DOCKERFILE),
        ("api/x/Dockerfile", DOCKERFILE),
        ("web/Dockerfile", DOCKERFILE),
    ]);
    let run = folder.run(&["check", "--output-format", "json"]);
    assert_eq!(codes(&run), ["web/Dockerfile XC101", "web/Dockerfile XC301"]);
    assert_eq!((run.status, run.stderr.lines().count()), (Some(2), 2), "each problem once: {run:?}");
}

#[test]
fn a_wrong_platform_on_the_command_line() {
    let folder = Folder::new(&[("Dockerfile", DOCKERFILE)]);
    let run = folder.run(&["check", "--platform", "linux/amd64,linux/amr64"]);
    assert_eq!(
        run.stderr,
        "dflint: --platform: `linux/amr64`: `amr64` is not known; did you mean `arm64`?\n"
    );
    assert_eq!(run.status, Some(2));
}

/// What follows from configurations of which each overlays the one before.
fn options(texts: &[&str]) -> Options {
    let mut settings = Settings::default();
    for text in texts {
        let file = SourceFile::new("dflint.toml", *text).unwrap();
        settings.overlay(&read(&file).unwrap().settings);
    }
    Options::from(&settings)
}

#[test]
fn platforms_replace_the_default() {
    let platforms = |texts| {
        let platforms = options(texts).project.platforms;
        platforms.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(platforms(&[]), "linux/amd64 linux/arm64");
    assert_eq!(platforms(&["platforms.target = ['linux/armhf', 's390x']"]), "linux/arm/v7 linux/s390x");
    assert_eq!(platforms(&["platforms.target = ['s390x']", "select = ['XC1']"]), "linux/s390x");
}
