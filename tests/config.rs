//! Configuration files: which one holds for a file, what it does, and what is said of one that is wrong.

mod common;

use common::{Folder, Run};
use dflint::config::{KEYS, Settings, Takes, read};
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
    assert!(run.stderr.starts_with("dflint: missing.toml: there is no such file"), "{run:?}");
}

#[test]
fn what_is_wrong_has_its_place_and_the_nearest_name() {
    for (text, message) in [
        ("selct = []", "1:1: unknown key `selct`; did you mean `select`?"),
        ("\nzzz = 1", "2:1: unknown key `zzz`; there are "),
        ("select = ['XC110']", "1:11: unknown rule `XC110`; did you mean `XC101`"),
        ("# ü\nselect = 'XC1'", "2:10: `select` is a list: select = ["),
        ("select = [1]", "1:11: `select` is a list of texts"),
        ("platforms = []", "1:13: `platforms` is a table: platforms = {"),
        ("[platforms]\ntargets = []", "2:1: unknown key `targets`; did you mean `target`?"),
        ("[platforms]\ntarget = []", "2:10: `target` is empty; name a platform, or remove the key"),
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

#[test]
fn a_plan_is_for_the_platforms_of_the_configuration() {
    let folder =
        Folder::new(&[("Dockerfile", DOCKERFILE), ("dflint.toml", "platforms.target = ['s390x']\n")]);
    let platforms = |arguments: &[&str]| {
        let run = folder.run(&[&["plan", "--format", "json"], arguments].concat());
        let plan: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
        let of = |platform: &serde_json::Value| platform["platform"].as_str().unwrap().to_owned();
        plan["platforms"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(platforms(&[]), ["linux/s390x"]);
    assert_eq!(platforms(&["--platform", "arm64"]), ["linux/arm64"]);
    folder.write("dflint.toml", "");
    assert_eq!(platforms(&[]), ["linux/amd64", "linux/arm64"]);
    folder.write("dflint.toml", "a = 1");
    let run = folder.run(&["plan"]);
    assert_eq!((run.status, run.stderr.lines().count()), (Some(2), 2), "{run:?}");
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

/// The severities of the findings as `CODE severity`.
fn severities(run: &Run) -> Vec<String> {
    let report: Vec<serde_json::Value> = serde_json::from_str(&run.stdout).unwrap();
    let of = |finding: &serde_json::Value| {
        format!("{} {}", finding["rule"].as_str().unwrap(), finding["severity"].as_str().unwrap())
    };
    report.iter().map(of).collect()
}

#[test]
fn a_configuration_extends_another() {
    let folder = Folder::new(&[
        ("base.toml", "ignore = ['XC301']\nseverity.XC1 = 'info'\nplatforms.target = ['linux/s390x']\n"),
        ("dflint.toml", "extend = 'base.toml'\nignore = ['XC2']\nseverity.XC101 = 'error'\n"),
        ("web/dflint.toml", "extend = '../dflint.toml'\nselect = ['ALL']\n"),
        ("Dockerfile", DOCKERFILE),
        ("web/Dockerfile", DOCKERFILE),
    ]);
    let run = folder.run(&["check", "--output-format", "json", "Dockerfile"]);
    assert_eq!(severities(&run), ["XC101 error"], "what is left out stays left out");
    let run = folder.run(&["check", "--output-format", "json", "web"]);
    assert_eq!(severities(&run), ["XC101 error", "XC301 warning"], "select begins anew");
}

#[test]
fn what_a_configuration_names_must_be_there() {
    for (text, message) in [
        (
            "\nextend = 'no.toml'",
            "dflint.toml:2: `no.toml`: there is no such file; write its path from the folder of ",
        ),
        ("extend = '.'", "dflint.toml:1: `.`: this is a folder; name a file in it"),
        (
            "extend = './dflint.toml'",
            "dflint.toml:1: `./dflint.toml`: it extends this file; take one of the two out",
        ),
        ("extend = 'b.toml'", "b.toml:1: `dflint.toml`: it extends this file; take one of the two out"),
        ("extend = ['b.toml']", "dflint.toml:1:10: `extend` is a text: extend = "),
        ("extend = 'wrong.toml'", "wrong.toml:1:1: unknown key `slect`; did you mean `select`?"),
        ("extend-knowledge = ['no.toml']", "dflint.toml:1: `no.toml`: there is no such file"),
        ("extend-knowledge = ['k.toml']", "k.toml:2:1: unknown key `nmaes`; did you mean `names`?"),
    ] {
        let folder = Folder::new(&[
            ("dflint.toml", text),
            ("b.toml", "extend = 'dflint.toml'"),
            ("wrong.toml", "slect = []"),
            ("k.toml", "[[command]]\nnmaes = ['a']\nnames = ['a']\ndoes = 'compile'\n"),
            ("Dockerfile", DOCKERFILE),
        ]);
        let run = folder.run(&["check"]);
        assert!(run.stderr.starts_with(&format!("dflint: {message}")), "{text}: {run:?}");
        assert_eq!((run.status, run.stderr.lines().count()), (Some(2), 1), "{text}: {run:?}");
    }
}

#[test]
fn some_files_have_settings_of_their_own() {
    let folder = Folder::new(&[
        (
            "dflint.toml",
            "ignore = ['XC2']\n\
             [[per-file]]\nfiles = ['legacy']\nignore = ['XC1']\n\
             [[per-file]]\nfiles = ['*.dev.Dockerfile']\nselect = ['XC101']\nseverity.ALL = 'info'\n",
        ),
        ("Dockerfile", DOCKERFILE),
        ("a/legacy/Dockerfile", DOCKERFILE),
        ("a/legacy/x.dev.Dockerfile", DOCKERFILE),
    ]);
    assert_eq!(
        check(&folder, &[]),
        [
            "Dockerfile XC101",
            "Dockerfile XC301",
            "a/legacy/Dockerfile XC301",
            "a/legacy/x.dev.Dockerfile XC101"
        ]
    );
    let dev = folder.run(&["check", "--output-format", "json", "a/legacy/x.dev.Dockerfile"]);
    assert_eq!(severities(&dev), ["XC101 info"]);
    assert_eq!(check(&folder, &["--select", "XC301", "a"]).len(), 2, "a flag counts more than a section");
}

#[test]
fn excluded_files_are_checked_when_they_are_named() {
    let folder = Folder::new(&[
        ("dflint.toml", "exclude = ['vendor', '/old.Dockerfile']\n"),
        ("Dockerfile", "FROM scratch\n"),
        ("old.Dockerfile", DOCKERFILE),
        ("a/vendor/Dockerfile", DOCKERFILE),
    ]);
    let run = folder.run(&["check"]);
    assert_eq!(run.stdout, "Checked 1 file: no problems.\n");
    assert_eq!(check(&folder, &["./old.Dockerfile"]).len(), 2);
    let forced = folder.run(&["check", "--force-exclude", "old.Dockerfile"]);
    assert_eq!((forced.stdout.as_str(), forced.stderr.as_str()), ("", ""), "{forced:?}");
    assert_eq!(check(&folder, &["--force-exclude", "Dockerfile", "old.Dockerfile"]), Vec::<String>::new());
    let in_vendor = folder.command(&["check"]).current_dir(folder.path("a/vendor")).output().unwrap();
    assert_eq!(
        String::from_utf8(in_vendor.stdout).unwrap(),
        "",
        "the folder is excluded, not the file named"
    );
    let told = String::from_utf8(in_vendor.stderr).unwrap();
    assert!(told.starts_with("Nothing was checked: the configuration excludes every Dockerfile"), "{told}");
    std::fs::remove_file(folder.path("Dockerfile")).unwrap();
    let run = folder.run(&["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), told.as_str()), "{run:?}");
}

#[test]
fn severities_of_wrong_rules_and_of_no_such_name() {
    for (text, message) in [
        ("severity.XC999 = 'error'", "1:10: unknown rule `XC999`"),
        ("[severity]\nXC1 = 'eror'", "2:7: unknown value `eror`; did you mean `error`?"),
        ("[severity]\nXC1 = 3", "2:7: a text is expected; there are error, warning and info"),
        ("[[per-file]]\nignore = []", "1:1: `files` is missing: it says which files"),
        ("[per-file]\nfiles = []", "1:1: `per-file` is a list of tables, each headed [[per-file]]"),
        ("[[per-file]]\nfiles = ['a']\nextend = 'b'", "3:1: unknown key `extend`; there are files, select,"),
        ("exclude = ['a/[']", "1:12: `a/[` is no pattern: "),
    ] {
        let folder = Folder::new(&[("dflint.toml", text), ("Dockerfile", DOCKERFILE)]);
        let run = folder.run(&["check"]);
        assert!(run.stderr.starts_with(&format!("dflint: dflint.toml:{message}")), "{text}: {run:?}");
        assert_eq!(run.status, Some(2), "{text}: {run:?}");
    }
}

#[test]
fn targets_are_exported_too() {
    const TWO: &str = "\
FROM --platform=$BUILDPLATFORM debian:12 AS Server
CMD [\"/server\"]
FROM debian:12
CMD [\"/worker\"]
";
    let folder = Folder::new(&[("Dockerfile", TWO)]);
    assert_eq!(check(&folder, &["--select", "XC201"]), Vec::<String>::new());
    folder.write("dflint.toml", "targets = ['server', 'other']\n");
    assert_eq!(check(&folder, &["--select", "XC201"]), ["Dockerfile XC201"]);
}

#[test]
fn a_project_may_add_knowledge() {
    const OWN: &str = "\
FROM acme/builder:3 AS build
COPY . .
RUN CGO_ENABLED=0 go build -o /app .
FROM --platform=$BUILDPLATFORM golang:1.25 AS other
RUN acmec -o /b .
FROM scratch
COPY --from=build /app /app
COPY --from=other /b /b
";
    let folder = Folder::new(&[("Dockerfile", OWN)]);
    let applicability = |run: &Run| {
        let report: Vec<serde_json::Value> = serde_json::from_str(&run.stdout).unwrap();
        let of = |finding: &serde_json::Value| finding["fixes"][0]["applicability"].clone();
        report.iter().map(of).next()
    };
    let arguments = ["check", "--output-format", "json", "--select", "XC101"];
    let without = folder.run(&arguments);
    assert_eq!(applicability(&without), Some("unsafe".into()), "nobody knows the image: {without:?}");
    assert_eq!(check(&folder, &["--select", "XC202"]), Vec::<String>::new());

    folder.write("dflint.toml", "extend-knowledge = ['build/knowledge.toml']\n");
    folder.write(
        "build/knowledge.toml",
        "[[image]]\nname = 'acme/builder'\nlibc = 'glibc'\ntoolchain = 'go'\nsource = 'wiki'\n\
         [[command]]\nnames = ['acmec']\ndoes = 'compile'\nvalue-options = ['-o', '--for']\n\
         output-options = ['-o']\ntarget-options = ['--target']\n",
    );
    assert_eq!(applicability(&folder.run(&arguments)), Some("safe".into()));
    assert_eq!(check(&folder, &["--select", "XC202"]), ["Dockerfile XC202"]);
}

#[test]
fn wrong_knowledge_has_its_place() {
    for (text, message) in [
        ("[[commands]]", "1:3: unknown key `commands`; did you mean `command`?"),
        ("[[command]]\nnames = ['a']", "1:1: `does` is missing: as in does = \"compile\""),
        (
            "[[command]]\nnames = ['a']\ndoes = 'compiles'",
            "3:8: unknown value `compiles`; did you mean `compile`?",
        ),
        ("[[image]]\nname = 'a'\nlibc = 'none'\nportable = 'yes'", "4:12: `portable` is true or false"),
        (
            "[[image]]\nname = 'a'\nlibc = 'none'\ntoolchain = 'dotnett'",
            "4:13: unknown value `dotnett`; did you mean `dotnet`?",
        ),
        (
            "[[command]]\nnames = ['a']\ndoes = 'compile'\ntoolchain = 'go'",
            "4:1: unknown key `toolchain`; there are names, ",
        ),
        ("[[image]]\nname = 'a'\nlibc = 'none'\nscripts = 'yes'", "4:11: `scripts` is a list: scripts = "),
    ] {
        let folder = Folder::new(&[("dflint.toml", "extend-knowledge = ['k.toml']"), ("k.toml", text)]);
        let run = folder.run_with(&["check", "-"], DOCKERFILE.as_bytes());
        assert_eq!(
            run.stderr.lines().next().unwrap_or_default().find(message),
            Some("dflint: k.toml:".len()),
            "{run:?}"
        );
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
    }
}

#[test]
fn config_says_what_holds_and_where_it_comes_from() {
    let folder = Folder::new(&[
        ("base.toml", "ignore = ['XC105']\nseverity.XC1 = 'info'\nexclude = ['vendor']\n"),
        (
            "dflint.toml",
            "extend = 'base.toml'\nseverity.XC1 = 'error'\n\n[[per-file]]\nfiles = ['vendor']\nignore = ['XC3', 'XC2']\n",
        ),
        ("k.toml", ""),
        ("sub/dflint.toml", "targets = ['a', 'b']\nextend-knowledge = ['../k.toml']\nselect = ['xc1']"),
    ]);
    let says = |arguments: &[&str]| {
        let run = folder.run(&[&["config"], arguments].concat());
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{run:?}");
        let squeezed: Vec<String> =
            run.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        squeezed.join("\n")
    };
    assert_eq!(
        says(&[]),
        "# Dockerfile: dflint.toml, which extends base.toml\n\
         select = [\"ALL\"] # default\n\
         ignore = [\"XC105\"] # base.toml:1\n\
         severity.XC1 = \"error\" # dflint.toml:2\n\
         platforms.target = [\"linux/amd64\", \"linux/arm64\"] # default\n\
         targets = [] # default\n\
         exclude = [\"vendor\"] # base.toml:3"
    );
    let vendor = says(&["--platform", "arm64", "vendor/Dockerfile"]);
    assert!(
        vendor.contains("ignore = [\"XC105\", # base.toml:1\n\"XC3\", \"XC2\"] # dflint.toml:6\n"),
        "{vendor}"
    );
    assert!(vendor.contains("platforms.target = [\"linux/arm64\"] # --platform\n"), "{vendor}");
    assert!(vendor.ends_with("# base.toml:3: checked only when it is named"), "{vendor}");
    assert_eq!(
        says(&["sub"]),
        "# sub/Dockerfile: sub/dflint.toml\n\
         select = [\"xc1\"] # sub/dflint.toml:3\n\
         ignore = [] # default\n\
         platforms.target = [\"linux/amd64\", \"linux/arm64\"] # default\n\
         targets = [\"a\", \"b\"] # sub/dflint.toml:1\n\
         extend-knowledge = [\"../k.toml\"] # sub/dflint.toml:2"
    );
    folder.write("up/dflint.toml", "extend = '../base.toml'\n");
    let up = says(&["./up"]);
    assert!(up.starts_with("# up/Dockerfile: up/dflint.toml, which extends base.toml\n"), "{up}");
    assert!(up.ends_with("exclude = [\"vendor\"] # base.toml:3"), "{up}");
    // What it prints is TOML, so that it can be taken for a configuration.
    let printed = folder.run(&["config", "vendor/Dockerfile"]).stdout;
    folder.write("sub/dflint.toml", &printed);
    assert_eq!(folder.run(&["config", "sub"]).status, Some(0), "{printed}");
    folder.write("dflint.toml", "a = 1");
    let broken = folder.run(&["config"]);
    assert_eq!((broken.status, broken.stdout.as_str()), (Some(2), ""));
}

fn assert_reads(text: &str) {
    let file = SourceFile::new("dflint.toml", text).unwrap();
    read(&file).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
}

#[test]
fn every_key_is_read_with_its_example() {
    for key in KEYS {
        assert_reads(&format!("{} = {}", key.name, key.example));
        let (Takes::Table(keys) | Takes::Tables(keys)) = &key.takes else { continue };
        for inner in *keys {
            let inner_line = format!("{} = {}", inner.name, inner.example);
            match key.takes {
                Takes::Tables(_) if inner.name == keys[0].name => {
                    assert_reads(&format!("[[{}]]\n{inner_line}", key.name));
                }
                Takes::Tables(_) => {
                    let first = format!("{} = {}", keys[0].name, keys[0].example);
                    assert_reads(&format!("[[{}]]\n{first}\n{inner_line}", key.name));
                }
                _ => assert_reads(&format!("[{}]\n{inner_line}", key.name)),
            }
        }
    }
}
