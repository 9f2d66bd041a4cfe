//! Findings that a project accepts: by a baseline, and by comments that dflint writes.

mod common;

use common::Folder;

const DOCKERFILE: &str = "\
FROM golang:1.25 AS build
COPY . .
RUN CGO_ENABLED=0 go build -o /app .

FROM --platform=$TARGETPLATFORM scratch
COPY --from=build /app /app
";

fn folder() -> Folder {
    Folder::new(&[("api/Dockerfile", DOCKERFILE), ("Dockerfile", DOCKERFILE)])
}

/// A folder with a baseline of its files.
fn with_baseline() -> Folder {
    let folder = folder();
    folder.write("ci/x", "");
    let run = folder.run(&["check", "--write-baseline", "ci/baseline.json"]);
    assert_eq!(run.stderr, "Wrote 4 findings to ci/baseline.json.\n");
    assert_eq!((run.status, run.stdout.as_str()), (Some(0), "Checked 2 files: no new problems.\n"));
    folder
}

#[test]
fn what_is_in_the_baseline_is_not_reported() {
    let folder = with_baseline();
    for arguments in [
        &["check", "--baseline", "ci/baseline.json"][..],
        &["check", "--baseline", "ci/../ci/baseline.json", "api/../api/Dockerfile"],
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    }
    let mut from_below = folder.command(&["check", "--baseline", "../ci/baseline.json"]);
    assert!(from_below.current_dir(folder.path("api")).output().unwrap().status.success());
    let text = folder.read("ci/baseline.json");
    let again = folder.run(&["check", "--write-baseline", "ci/baseline.json"]);
    assert_eq!((again.status, folder.read("ci/baseline.json")), (Some(0), text));
}

#[test]
fn it_stays_when_lines_move_and_reports_what_is_new() {
    let folder = with_baseline();
    let moved =
        format!("# moved\r\n\r\n{}", DOCKERFILE.replace('\n', "\r\n").replace("FROM golang", "FROM  golang"));
    folder.write("Dockerfile", moved);
    let run = folder.run(&["check", "--baseline", "ci/baseline.json"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    // Of two that are alike, one is new; so is the same in another stage.
    folder.write(
        "Dockerfile",
        format!("{DOCKERFILE}FROM --platform=$TARGETPLATFORM scratch\nCOPY --from=build /app /app\n"),
    );
    folder.write("api/Dockerfile", DOCKERFILE.replace("scratch", "scratch AS image"));
    let run = folder.run(&["check", "--baseline", "ci/baseline.json"]);
    assert!(
        run.stdout.ends_with("Found 2 problems (2 warnings) in 2 files; 2 can be fixed with --fix.\n"),
        "{run:?}"
    );
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.stderr,
        "1 finding of ci/baseline.json no longer found (XC301 in ../api/Dockerfile); --write-baseline brings it up to date.\n"
    );
}

#[test]
fn what_is_no_longer_found_is_told_of_files_that_were_checked_or_are_gone() {
    let folder = with_baseline();
    folder.write("Dockerfile", "FROM scratch\n");
    assert_eq!(folder.run(&["check", "--baseline", "ci/baseline.json", "api"]).stderr, "");
    let run = folder.run(&["check", "--baseline", "ci/baseline.json"]);
    assert!(
        run.stderr.starts_with(
            "2 findings of ci/baseline.json no longer found (the first one: XC101 in ../Dockerfile); "
        ),
        "{run:?}"
    );
    std::fs::remove_file(folder.path("Dockerfile")).unwrap();
    let run = folder.run(&["check", "--baseline", "ci/baseline.json", "api"]);
    assert!(run.stderr.starts_with("2 findings of ci/baseline.json no longer found"), "{run:?}");
    assert_eq!(run.status, Some(0));
}

#[test]
fn a_syntax_error_is_never_accepted() {
    let folder = Folder::new(&[("Dockerfile", "FROM scratch\nRUNN a\n")]);
    let run = folder.run(&["check", "--write-baseline", "b.json"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), "Wrote 0 findings to b.json.\n"), "{run:?}");
    assert_eq!(folder.run(&["check", "--baseline", "b.json"]).status, Some(1));
}

#[test]
fn a_baseline_takes_the_place_of_a_baseline_only() {
    let folder = folder();
    let write = |name: &str| folder.run(&["check", "--write-baseline", name]);
    let run = write("Dockerfile");
    assert_eq!(run.stderr, "dflint: Dockerfile: one of the files to check; write to another one\n");
    assert_eq!((run.status, folder.read("Dockerfile")), (Some(2), DOCKERFILE.to_owned()));
    let run = write("missing/b.json");
    assert_eq!(run.stderr, "dflint: missing/b.json: there is no such folder; make it first\n");
    assert_eq!((run.status, write("api").status), (Some(2), Some(2)));
    assert_eq!(folder.names(), ["Dockerfile", "api"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_baseline_goes_through_links_and_into_devices() {
    let folder = folder();
    folder.write("real.json", "");
    std::os::unix::fs::symlink("real.json", folder.path("b.json")).unwrap();
    assert_eq!(folder.run(&["check", "--write-baseline", "b.json"]).status, Some(0));
    assert!(folder.path("b.json").is_symlink());
    assert!(folder.read("real.json").ends_with("\n}\n"));
    let run = folder.run(&["check", "--write-baseline", "/dev/full"]);
    assert_eq!(
        run.stderr,
        "dflint: /dev/full: cannot be written: no space is left on the device; make room and run dflint again\n"
    );
    assert_eq!(run.status, Some(2));
}

#[test]
fn a_baseline_that_is_none() {
    for (text, message) in [
        (None, "there is no such file; `--write-baseline` with its name writes it"),
        (
            Some("{"),
            "no baseline: EOF while parsing an object at line 1 column 1; --write-baseline writes one",
        ),
        (Some("{\"version\": 2, \"findings\": []}"), "version 2 of baselines is not known; write it anew"),
    ] {
        let folder = folder();
        if let Some(text) = text {
            folder.write("b.json", text);
        }
        let run = folder.run(&["check", "--baseline", "b.json"]);
        assert_eq!(run.stderr, format!("dflint: b.json: {message}\n"));
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
    }
}

#[test]
fn comments_are_added_for_what_is_left() {
    let folder = folder();
    let diff = folder.run(&["check", "--add-ignores", "--diff"]);
    assert_eq!(
        (diff.status, diff.stderr.as_str()),
        (Some(1), "Would add 4 comments in 2 files; none left.\n"),
        "{diff:?}"
    );
    assert!(diff.stdout.contains("+# dflint ignore=XC101\n FROM golang:1.25 AS build\n"), "{diff:?}");
    assert_eq!(folder.read("Dockerfile"), DOCKERFILE);

    let run = folder.run(&["check", "--add-ignores"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    assert_eq!(
        run.stdout,
        "commented Dockerfile: Ignore XC101 here\ncommented Dockerfile: Ignore XC301 here\n\
         commented api/Dockerfile: Ignore XC101 here\ncommented api/Dockerfile: Ignore XC301 here\n\
         Added 4 comments in 2 files; none left.\n"
    );
    let ignored = DOCKERFILE
        .replace("FROM golang", "# dflint ignore=XC101\nFROM golang")
        .replace("FROM --platform", "# dflint ignore=XC301\nFROM --platform");
    assert_eq!(folder.read("api/Dockerfile"), ignored);
    let again = folder.run(&["check", "--add-ignores"]);
    assert_eq!(again.stdout, "Checked 2 files: no problems.\n");
    // A comment that is of no use any more goes with the next fix.
    folder.write("Dockerfile", ignored.replace(" --platform=$TARGETPLATFORM", ""));
    let run = folder.run(&["check", "--fix"]);
    assert!(run.stdout.contains("fixed Dockerfile: XC901 Remove the comment\n"), "{run:?}");
}

#[test]
fn fixes_come_before_comments() {
    const UNSAFE: &str = "FROM golang:1.25 AS build\nCOPY . .\nRUN go build -o /app .\n\nFROM --platform=$TARGETPLATFORM \
                          scratch\nCOPY --from=build /app /app\n";
    let folder = Folder::new(&[("Dockerfile", UNSAFE)]);
    let run = folder.run(&["check", "--fix", "--add-ignores"]);
    let (fixed, rest) = run.stdout.split_once('\n').unwrap();
    assert!(fixed.starts_with("fixed Dockerfile: XC301 "), "{run:?}");
    assert_eq!(rest, "commented Dockerfile: Ignore XC101 here\nMade 2 changes in 1 file; none left.\n");
    let text = folder.read("Dockerfile");
    assert!(
        text.contains("# dflint ignore=XC101\nFROM golang") && text.contains("\nFROM scratch\n"),
        "{text}"
    );
    let stdin = folder.run_with(&["check", "--add-ignores", "-"], DOCKERFILE.as_bytes());
    assert!(stdin.stdout.starts_with("# dflint ignore=XC101\nFROM golang"), "{stdin:?}");
}
