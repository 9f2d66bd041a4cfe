//! `--fix` and `--diff`: what they write, where, and how they end.

mod common;

use common::{Folder, Run};

/// A finding with a safe fix, and one line that `--fix` changes.
const EMULATED: &str = include_str!("../corpus/go/http-server.Dockerfile");

/// The path of `name` in a folder that holds the file with the finding.
fn folder() -> Folder {
    Folder::new(&[("api/Dockerfile", EMULATED), ("web/Dockerfile", "FROM scratch\nCOPY a /\n")])
}

#[track_caller]
fn ends(run: &Run, status: i32) {
    assert_eq!(run.status, Some(status), "{run:?}");
}

/// What `--fix` makes of the file.
fn fixed() -> String {
    let folder = folder();
    folder.run(&["check", "--fix"]);
    folder.read("api/Dockerfile")
}

#[test]
fn check_says_what_would_help_and_changes_nothing() {
    let folder = folder();
    let run = folder.run(&["check"]);
    ends(&run, 1);
    let summary = run.stdout.lines().last().unwrap();
    assert!(summary.starts_with("Found ") && summary.contains("in 1 of 2 files; "), "{summary}");
    assert!(summary.contains(" can be fixed with --fix"), "{summary}");
    assert!(!run.stdout.contains('\u{1b}'), "colours in a pipe");
    assert_eq!(run.stderr, "");
    assert_eq!(folder.read("api/Dockerfile"), EMULATED);
}

#[test]
fn colours_are_there_when_asked_for() {
    assert!(folder().run(&["check", "--color", "always"]).stdout.contains('\u{1b}'));
}

#[test]
fn fix_rewrites_and_a_second_time_there_is_nothing_to_do() {
    let folder = folder();
    let first = folder.run(&["check", "--fix"]);
    ends(&first, 0);
    assert!(first.stdout.starts_with("fixed api/Dockerfile: XC"), "{first:?}");
    assert!(first.stdout.lines().last().unwrap().ends_with(" in 1 file; none left."), "{first:?}");
    let text = folder.read("api/Dockerfile");
    assert!(text.contains("FROM --platform=$BUILDPLATFORM golang"), "{text}");
    assert_eq!(folder.names(), ["api", "web"]);

    let second = folder.run(&["check", "--fix"]);
    ends(&second, 0);
    assert_eq!(second.stdout, "Checked 2 files: no problems.\n");
    assert_eq!(folder.read("api/Dockerfile"), text);
}

#[test]
fn diff_shows_it_and_writes_nothing() {
    let folder = folder();
    let run = folder.run(&["check", "--diff"]);
    ends(&run, 1);
    assert!(run.stdout.starts_with("--- a/api/Dockerfile\n+++ b/api/Dockerfile\n@@ "), "{run:?}");
    assert!(run.stderr.starts_with("Would fix ") && run.stderr.lines().count() == 1, "{run:?}");
    assert_eq!(folder.read("api/Dockerfile"), EMULATED);
    // With --fix beside it, the diff wins: it promises to write nothing.
    assert_eq!(folder.run(&["check", "--fix", "--diff"]).stdout, run.stdout);
    assert_eq!(folder.read("api/Dockerfile"), EMULATED);
}

#[test]
fn diff_without_changes_is_empty() {
    let run = folder().run(&["check", "--diff", "web"]);
    ends(&run, 0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "Checked 1 file: nothing to fix.\n"));
}

#[test]
fn patch_takes_the_diff() {
    let folder = folder();
    let diff = folder.run(&["check", "--diff"]).stdout;
    folder.write("change.patch", diff);
    let patch = std::process::Command::new("patch")
        .args(["-p1", "-s", "-i", "change.patch"])
        .current_dir(folder.path("."))
        .status();
    if let Ok(status) = patch {
        assert!(status.success());
        assert_eq!(folder.read("api/Dockerfile"), fixed());
    }
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let folder = Folder::new::<&str>(&[]);
    let arguments = ["check", "--fix", "--stdin-filename", "api/Dockerfile", "-"];
    let run = folder.run_with(&arguments, EMULATED.as_bytes());
    ends(&run, 0);
    assert_eq!(run.stdout, fixed());
    assert!(run.stderr.starts_with("fixed api/Dockerfile: XC"), "{run:?}");
    assert!(folder.names().is_empty());

    let clean = folder.run_with(&["check", "--fix", "-"], b"FROM scratch\r\nCOPY a /");
    ends(&clean, 0);
    assert_eq!(clean.stdout, "FROM scratch\r\nCOPY a /");
    assert_eq!(clean.stderr, "Checked 1 file: no problems.\n");
}

#[test]
fn standard_input_is_checked_to_standard_output() {
    let folder = Folder::new::<&str>(&[]);
    let run = folder.run_with(&["check", "-"], EMULATED.as_bytes());
    ends(&run, 1);
    assert!(run.stdout.contains("<stdin>:"), "{run:?}");
    let run = folder.run_with(&["check", "--diff", "--stdin-filename", "a/b", "-"], EMULATED.as_bytes());
    ends(&run, 1);
    assert!(run.stdout.starts_with("--- a/a/b\n+++ b/a/b\n"), "{run:?}");
}

#[test]
fn json_tells_the_findings_and_after_fix_none() {
    let folder = folder();
    let run = folder.run(&["check", "--output-format", "json", "--no-config"]);
    ends(&run, 1);
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let finding = &findings[0];
    assert_eq!(finding["file"], "api/Dockerfile");
    let (start, end) = (&finding["range"]["start"], &finding["range"]["end"]);
    assert!(start["line"].as_u64() >= Some(1) && start["column"].as_u64() >= Some(1), "{finding}");
    assert!(start["offset"].as_u64() <= end["offset"].as_u64(), "{finding}");
    assert_eq!(finding["fixes"][0]["applicability"], "safe");
    assert!(!finding["fixes"][0]["edits"].as_array().unwrap().is_empty());

    let run = folder.run(&["check", "--output-format", "json", "--fix"]);
    ends(&run, 0);
    assert_eq!(run.stdout, "[]\n");
}

#[test]
fn line_endings_and_the_missing_last_one_stay() {
    let text = EMULATED.trim_end().replace('\n', "\r\n");
    let folder = Folder::new(&[("Dockerfile", &text)]);
    ends(&folder.run(&["check", "--fix"]), 0);
    assert_eq!(folder.read("Dockerfile"), fixed().trim_end().replace('\n', "\r\n"));
}

#[test]
fn a_rule_that_is_ignored_is_silent() {
    let folder = folder();
    let run = folder.run(&["check", "--ignore", "XC"]);
    ends(&run, 0);
    assert_eq!(run.stdout, "Checked 2 files: no problems.\n");
    let run = folder.run(&["check", "--select", "emulated-build-stage,XC102", "--output-format", "json"]);
    ends(&run, 1);
    let run = folder.run(&["check", "--select", "XC2", "--output-format", "json"]);
    assert_eq!(run.stdout, "[]\n");
}

#[test]
fn a_read_only_file_is_left_alone_and_the_others_are_fixed() {
    let folder = folder();
    folder.write("old/Dockerfile", EMULATED);
    let locked = folder.path("old/Dockerfile");
    let mut permissions = std::fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).unwrap();
    let run = folder.run(&["check", "--fix"]);
    assert_eq!(folder.read("api/Dockerfile"), fixed());
    if std::fs::OpenOptions::new().append(true).open(&locked).is_ok() {
        // Root may write it, and did.
        assert_eq!(folder.read("old/Dockerfile"), fixed());
        assert!(std::fs::metadata(&locked).unwrap().permissions().readonly(), "the mode stays");
        return;
    }
    ends(&run, 2);
    assert!(run.stderr.starts_with("dflint: old/Dockerfile: read-only, so it was left alone"), "{run:?}");
    assert!(run.stdout.contains("┌─ old/Dockerfile:"), "{run:?}");
    assert_eq!(folder.read("old/Dockerfile"), EMULATED);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_its_target_fixed_once() {
    let folder = folder();
    std::os::unix::fs::symlink("api/Dockerfile", folder.path("Dockerfile")).unwrap();
    let run = folder.run(&["check", "--fix"]);
    ends(&run, 0);
    assert!(folder.path("Dockerfile").is_symlink());
    assert_eq!(folder.read("api/Dockerfile"), fixed());
    let alone = Folder::new(&[("build/real.txt", EMULATED)]);
    std::os::unix::fs::symlink("build/real.txt", alone.path("Dockerfile")).unwrap();
    ends(&alone.run(&["check", "--fix"]), 0);
    assert!(alone.path("Dockerfile").is_symlink());
    assert_eq!(alone.read("build/real.txt"), fixed());
}

/// `BuildKit` refuses it, and no fix mends it.
const BROKEN: &str = "FROM scratch\nCOYP a /\n";

#[test]
fn a_syntax_error_is_a_finding() {
    let folder = Folder::new(&[("a/Dockerfile", BROKEN), ("b/Dockerfile", "FROM scratch\n")]);
    let run = folder.run(&["check"]);
    ends(&run, 1);
    assert!(run.stdout.starts_with("error[syntax]: "), "{run:?}");
    assert!(run.stdout.contains("┌─ a/Dockerfile:2:1\n  │\n2 │ COYP a /\n  │ ^^^^\n"), "{run:?}");
    assert!(run.stdout.ends_with("Found 1 problem (1 error) in 1 of 2 files.\n"), "{run:?}");
    assert_eq!(run.stderr, "");

    let run = folder.run(&["check", "--output-format", "json", "--no-config"]);
    ends(&run, 1);
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let place =
        |column: u32, offset: u32| serde_json::json!({ "line": 2, "column": column, "offset": offset });
    assert_eq!(findings[0]["rule"], "syntax");
    assert_eq!(findings[0]["severity"], "error");
    assert_eq!(findings[0]["file"], "a/Dockerfile");
    assert_eq!(findings[0]["range"], serde_json::json!({ "start": place(1, 13), "end": place(5, 17) }));
    assert_eq!(findings[0]["fixes"], serde_json::json!([]));
    assert_eq!(findings.as_array().unwrap().len(), 1);
}

#[test]
fn what_no_fix_mends_is_left() {
    let folder = Folder::new(&[("Dockerfile", BROKEN)]);
    let run = folder.run(&["check", "--fix"]);
    ends(&run, 1);
    assert!(run.stdout.ends_with("Found 1 problem (1 error) in 1 file.\n"), "{run:?}");
    let run = folder.run(&["check", "--diff"]);
    ends(&run, 0);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr, "Checked 1 file: nothing to fix; 1 problem is left to mend by hand.\n");
    let run = folder.run_with(&["check", "--fix", "-"], BROKEN.as_bytes());
    ends(&run, 1);
    assert_eq!(run.stdout, BROKEN);
    assert!(run.stderr.starts_with("error[syntax]: "), "{run:?}");
    assert_eq!(folder.read("Dockerfile"), BROKEN);
}

#[test]
fn findings_are_printed_beside_what_cannot_be_read() {
    let folder = Folder::new(&[("a/Dockerfile", BROKEN), ("b/Dockerfile", "\0"), ("c/Dockerfile", BROKEN)]);
    let run = folder.run(&["check"]);
    ends(&run, 2);
    assert!(run.stdout.contains("─ a/Dockerfile:2") && run.stdout.contains("─ c/Dockerfile:2"), "{run:?}");
    assert!(run.stderr.starts_with("dflint: b/Dockerfile: a binary file"), "{run:?}");
}

#[test]
fn a_finding_never_speaks_to_the_terminal() {
    let folder =
        Folder::new(&[("Dockerfile", "FROM scratch\nCOYP \u{1b}[2J\u{9b}1m\u{202e}\n\u{1b}]0;x\u{7} y\n")]);
    for arguments in [&["check"][..], &["check", "--output-format", "json"], &["parse", "Dockerfile"]] {
        let run = folder.run(arguments);
        let harmful = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!run.stdout.contains(harmful) && !run.stderr.contains(harmful), "{run:?}");
        assert!(!run.stdout.is_empty());
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let folder = Folder::new(&[("Dockerfile", "FROM scratch\n".to_owned() + &"COYP a /\n".repeat(20_000))]);
    let mut child = folder.command(&["check"]).spawn().unwrap();
    let mut some = [0; 100];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut some).unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(1));
}
