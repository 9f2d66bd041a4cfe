//! Whatever happens to files, folders, disks and the run itself: what can be checked is, and nothing is lost or
//! half-written.
#![cfg(unix)]

mod common;

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Stdio};

use common::{Folder, Run};

/// A finding that no fix mends.
const BROKEN: &str = "FROM scratch\nCOYP a /\n";
/// A finding with a safe fix.
const EMULATED: &str = "FROM golang:1.25 AS build\nRUN CGO_ENABLED=0 go build -o /app .\n\
                        FROM scratch\nCOPY --from=build /app /app\n";
/// How many files are held at once: what comes behind them is read when they are done.
const BATCH: usize = 256;
const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs the program as somebody to whom modes mean something: root can read and write everything.
fn run_as_nobody(folder: &Folder, arguments: &[&str]) -> Run {
    const NOBODY: u32 = 65534;
    let (root, outside) = (folder.path("."), tempfile::tempdir().unwrap());
    let program = outside.path().join("dflint");
    let mut command = folder.command(arguments);
    if chown(&root, Some(NOBODY), Some(NOBODY)).is_ok() {
        // Where it was built, nobody may be able to go.
        // A file that this process writes may be open in a child of another test, and then no one can run it.
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_dflint")).arg(&program).status();
        assert!(copied.unwrap().success());
        mode(outside.path(), 0o755);
        command = Command::new(&program);
        command.args(arguments).current_dir(root).stdin(Stdio::null());
        command.uid(NOBODY).gid(NOBODY);
        chown_all(&folder.path("."), NOBODY);
    }
    run(command)
}

fn chown_all(path: &Path, owner: u32) {
    std::os::unix::fs::lchown(path, Some(owner), Some(owner)).unwrap();
    if fs::symlink_metadata(path).unwrap().is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            chown_all(&entry.unwrap().path(), owner);
        }
    }
}

fn run(mut command: Command) -> Run {
    let output = command.output().unwrap();
    Run {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The names of all files below a folder.
fn names_below(folder: &Path) -> Vec<String> {
    let mut names = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(names_below(&path));
        } else {
            names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    names
}

#[track_caller]
fn nothing_is_left_behind(folder: &Folder) {
    let names = names_below(&folder.path("."));
    assert!(names.iter().all(|name| !name.contains(".dflint-")), "{names:?}");
}

#[test]
fn nothing_that_is_wrong_hides_what_is_found() {
    let folder = Folder::new(&[("a/Dockerfile", BROKEN), ("m/Dockerfile", BROKEN), ("z/Dockerfile", BROKEN)]);
    folder.write("b/Dockerfile", b"\xff\xfeF\0");
    folder.write("c/Dockerfile", "FROM scratch\n");
    folder.write("locked/Dockerfile", BROKEN);
    fs::create_dir(folder.path("d")).unwrap();
    fifo(&folder.path("d/Dockerfile"));
    symlink("..", folder.path("d/up")).unwrap();
    symlink("loop", folder.path("loop")).unwrap();
    symlink("Dockerfile", folder.path("n.Dockerfile")).unwrap();
    mode(&folder.path("c/Dockerfile"), 0o000);
    mode(&folder.path("locked"), 0o000);
    let run = run_as_nobody(&folder, &["check", "--output-format", "concise", ".", "loop", "missing"]);
    mode(&folder.path("locked"), 0o755);

    let found: Vec<_> = run.stdout.lines().filter(|line| line.contains("[syntax")).collect();
    assert_eq!(found.len(), 3, "{run:?}");
    for (line, file) in found.iter().zip(["a", "m", "z"]) {
        assert!(line.starts_with(&format!("{file}/Dockerfile:2:1: error: ")), "{run:?}");
    }
    let mut told: Vec<_> = run.stderr.lines().map(|line| line.strip_prefix("dflint: ").unwrap()).collect();
    told.sort_unstable();
    let expected = [
        ".: cannot look everywhere below it: ",
        "b/Dockerfile: encoded as UTF-16; save it as UTF-8",
        "c/Dockerfile: permission denied; check its mode and its owner",
        "loop: ",
        "missing: no such file or folder; ",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (line, start) in told.iter().zip(expected) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(run.status, Some(2));
}

#[test]
fn what_git_ignores_everywhere_is_left_out() {
    const NAMED: &str = "[core]\n\texcludesFile = ~/everywhere\n";
    for (variable, place, text) in [
        ("HOME", ".gitconfig", NAMED),
        ("HOME", ".config/git/config", NAMED),
        ("HOME", ".config/git/ignore", "vendor/\n"),
        ("XDG_CONFIG_HOME", "git/config", NAMED),
        ("XDG_CONFIG_HOME", "git/ignore", "vendor/\n"),
        ("GIT_CONFIG_GLOBAL", "", NAMED),
        ("GIT_CONFIG_SYSTEM", "", NAMED),
    ] {
        let folder = Folder::new(&[
            ("home/everywhere", "vendor/\n"),
            ("repository/.git/HEAD", ""),
            ("repository/Dockerfile", "FROM scratch\n"),
            ("repository/vendor/Dockerfile", "FROM scratch\n"),
        ]);
        let value = folder.path(if variable == "HOME" { "home" } else { "settings" });
        folder.write(value.join(place).to_str().unwrap().trim_end_matches('/'), text);
        let checked = |value: &Path| {
            let mut command = folder.command(&["check", "repository"]);
            for name in ["XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"] {
                command.env_remove(name);
            }
            let command = command.env("GIT_CONFIG_SYSTEM", "none").env("HOME", folder.path("home"));
            String::from_utf8(command.env(variable, value).output().unwrap().stdout).unwrap()
        };
        assert_eq!(checked(&value), "Checked 1 file: no problems.\n", "{variable} {place}");
        if variable != "HOME" {
            assert_eq!(checked(Path::new("")), "Checked 2 files: no problems.\n", "{variable} {place}");
        }
    }
}

#[test]
fn an_excluded_folder_is_not_entered() {
    let folder = Folder::new(&[
        ("dflint.toml", "exclude = ['vendor', '!vendor/ours', 'a/*', '!a/kept']\n"),
        ("Dockerfile", BROKEN),
        ("vendor/ours/Dockerfile", BROKEN),
        ("vendor/dflint.toml", "not = 'read'\n"),
        ("a/left/Dockerfile", BROKEN),
        ("a/kept/Dockerfile", BROKEN),
        // What has a configuration of its own is not for ours to say.
        ("own/dflint.toml", "exclude = ['lib']\n"),
        ("own/vendor/Dockerfile", BROKEN),
        ("own/lib/Dockerfile", BROKEN),
    ]);
    mode(&folder.path("vendor"), 0o000);
    let run = run_as_nobody(&folder, &["check", "--output-format", "concise"]);
    let without = run_as_nobody(&folder, &["check", "--no-config"]);
    mode(&folder.path("vendor"), 0o755);
    let found: Vec<_> = run.stdout.lines().filter_map(|line| Some(line.split_once(":2:1: ")?.0)).collect();
    assert_eq!(found, ["Dockerfile", "a/kept/Dockerfile", "own/vendor/Dockerfile"], "{run:?}");
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""), "{run:?}");
    assert!(without.stderr.contains("cannot look everywhere below it"), "{without:?}");
}

/// With `DFLINT_TEST_FILES=100000`, as many: that takes a minute.
#[test]
fn a_hundred_thousand_files_in_deep_folders() {
    let files: usize = std::env::var("DFLINT_TEST_FILES").map_or(1_000, |number| number.parse().unwrap());
    let folder = Folder::new::<&str>(&[]);
    for number in 0..files {
        let digits: Vec<_> = format!("{number:06}").chars().map(String::from).collect();
        folder.write(
            &format!("{}/Dockerfile", digits.join("/")),
            if number % 1_000 == 999 { BROKEN } else { EMULATED },
        );
    }
    let deep = format!("{}Dockerfile", "d/".repeat(1_000));
    folder.write(&deep, BROKEN);
    let run = folder.run(&["check", "--output-format", "concise", "--select", "XC3"]);
    let (found, summary) = run.stdout.trim_end().rsplit_once('\n').unwrap();
    let errors = files / 1_000 + 1;
    assert_eq!(found.lines().count(), errors);
    assert!(found.lines().last().unwrap().starts_with(&format!("{deep}:2:1: ")), "{run:?}");
    assert_eq!(
        summary,
        format!("Found {errors} problems ({errors} errors) in {errors} of {} files.", files + 1)
    );
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
}

#[test]
fn a_path_that_is_too_long_for_the_system() {
    let folder = Folder::new(&[("Dockerfile", BROKEN)]);
    // Made from within, as each part alone is short.
    let script =
        "i=0; while [ $i -lt 30 ]; do mkdir $0 && cd -P $0 || exit 0; i=$((i+1)); done; : >Dockerfile";
    let mut shell = Command::new("bash");
    shell.args(["-c", script, &"n".repeat(200)]).current_dir(folder.path("."));
    if !shell.status().is_ok_and(|status| status.success()) {
        return;
    }
    let run = folder.run(&["check"]);
    let removed = Command::new("rm").args(["-rf", &"n".repeat(200)]).current_dir(folder.path(".")).status();
    assert!(removed.unwrap().success());
    assert!(run.stdout.contains("─ Dockerfile:2:1") && run.stdout.contains("in 1 file"), "{run:?}");
    assert!(run.stderr.starts_with("dflint: .: cannot look everywhere below it: "), "{run:?}");
    assert_eq!(run.status, Some(2));
}

/// A run that waits for what a pipe in the first batch has to say.
struct Waiting {
    folder: Folder,
    child: std::process::Child,
    pipe: fs::File,
}

/// Starts a run of `arguments` and of files that stand behind a pipe. It returns once the pipe is being read.
fn wait_at_a_pipe(folder: Folder, arguments: &[&str]) -> Waiting {
    fifo(&folder.path("0"));
    let mut command = folder.command(&[arguments, &["0", "."]].concat());
    // One thread waits; another one has to do the rest.
    let child = command.env("RAYON_NUM_THREADS", "2").spawn().unwrap();
    // Opening it to write takes until somebody opens it to read.
    let pipe = fs::OpenOptions::new().write(true).open(folder.path("0")).unwrap();
    Waiting { folder, child, pipe }
}

impl Waiting {
    /// Lets the run read this from the pipe, and go on to its end.
    fn go_on(mut self, text: &str) -> (Folder, Run) {
        self.pipe.write_all(text.as_bytes()).unwrap();
        drop(self.pipe);
        let output = self.child.wait_with_output().unwrap();
        let run = Run {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        (self.folder, run)
    }
}

/// Files that fill more than the first batch, and `z/Dockerfile` behind them.
fn more_than_a_batch() -> Folder {
    let folder = Folder::new(&[("z/Dockerfile", EMULATED)]);
    for number in 0..2 * BATCH {
        folder.write(&format!("f{number:03}/Dockerfile"), "FROM scratch\nCOPY a /\n");
    }
    folder
}

#[test]
fn a_file_that_vanishes_during_the_run() {
    let waiting = wait_at_a_pipe(more_than_a_batch(), &["check", "--fix"]);
    fs::remove_file(waiting.folder.path("z/Dockerfile")).unwrap();
    fs::remove_dir_all(waiting.folder.path("f500")).unwrap();
    let (_, run) = waiting.go_on("FROM scratch\n");
    assert_eq!(
        run.stderr,
        "dflint: f500/Dockerfile: it is gone; was it removed during the run?\n\
         dflint: z/Dockerfile: it is gone; was it removed during the run?\n"
    );
    assert_eq!(
        run.stdout,
        "Checked 512 files: no problems. 2 paths could not be processed; the messages say why.\n"
    );
    assert_eq!(run.status, Some(2));
}

#[test]
fn a_file_that_becomes_something_else_during_the_run() {
    let waiting = wait_at_a_pipe(more_than_a_batch(), &["check", "--fix"]);
    fs::write(waiting.folder.path("z/Dockerfile"), BROKEN).unwrap();
    fs::remove_file(waiting.folder.path("f500/Dockerfile")).unwrap();
    fs::create_dir(waiting.folder.path("f500/Dockerfile")).unwrap();
    let (folder, run) = waiting.go_on("FROM scratch\n");
    assert!(run.stderr.starts_with("dflint: f500/Dockerfile: a folder, not a file; "), "{run:?}");
    assert!(run.stdout.contains("─ z/Dockerfile:2:1"), "{run:?}");
    assert_eq!(folder.read("z/Dockerfile"), BROKEN);
}

#[test]
fn a_file_that_is_saved_between_being_read_and_being_replaced() {
    let folder = Folder::new(&[("editor's", BROKEN), ("z/Dockerfile", EMULATED)]);
    let waiting = wait_at_a_pipe(folder, &["check", "--fix"]);
    // What is read is what the pipe says. What is there when the fix is to be written is what an editor saved.
    fs::rename(waiting.folder.path("editor's"), waiting.folder.path("0")).unwrap();
    let (folder, run) = waiting.go_on(EMULATED);
    assert_eq!(
        run.stderr,
        "dflint: 0: changed while it was checked, so it was left alone; run dflint again\n"
    );
    assert!(run.stdout.contains("┌─ 0:1:1") && run.stdout.contains("fixed z/Dockerfile: XC101"), "{run:?}");
    assert_eq!((run.status, folder.read("0")), (Some(2), BROKEN.to_owned()));
    nothing_is_left_behind(&folder);
}

#[test]
fn what_may_not_be_written_is_left_alone_and_the_rest_is_fixed() {
    let folder =
        Folder::new(&[("a/Dockerfile", EMULATED), ("b/Dockerfile", EMULATED), ("c/Dockerfile", EMULATED)]);
    mode(&folder.path("a/Dockerfile"), 0o444);
    mode(&folder.path("b"), 0o555);
    let run = run_as_nobody(&folder, &["check", "--fix"]);
    mode(&folder.path("b"), 0o755);
    assert_eq!(
        run.stderr,
        "dflint: a/Dockerfile: read-only, so it was left alone; make it writable, or use --diff\n\
         dflint: b/Dockerfile: cannot write into its folder: permission denied; check its mode and its owner; the \
         file was left alone\n"
    );
    assert_eq!([folder.read("a/Dockerfile"), folder.read("b/Dockerfile")], [EMULATED, EMULATED]);
    assert!(folder.read("c/Dockerfile").contains("--platform=$BUILDPLATFORM"), "{run:?}");
    assert!(
        run.stdout.contains("┌─ a/Dockerfile:1:1") && run.stdout.contains("┌─ b/Dockerfile:1:1"),
        "{run:?}"
    );
    assert_eq!(run.status, Some(2));
    nothing_is_left_behind(&folder);
}

#[test]
fn a_report_goes_through_no_link_that_leads_nowhere() {
    let folder = Folder::new(&[("Dockerfile", BROKEN)]);
    for (link, target) in [("loop", "loop"), ("nowhere", "missing/report")] {
        symlink(target, folder.path(link)).unwrap();
        for option in ["--output-file", "--write-baseline"] {
            let run = folder.run(&["check", option, link]);
            assert!(
                run.stderr.ends_with(": a symbolic link to nothing; mend or remove the link\n"),
                "{run:?}"
            );
            assert_eq!((run.status, folder.path(link).is_symlink()), (Some(2), true));
        }
        let run = folder.run(&["check", link]);
        assert!(run.stderr.ends_with("; mend or remove the link\n"), "{run:?}");
    }
}

#[test]
fn a_report_that_may_not_be_written_stays() {
    let folder = Folder::new(&[("Dockerfile", EMULATED), ("report", "an older one")]);
    mode(&folder.path("report"), 0o444);
    for option in ["--output-file", "--write-baseline"] {
        let run = run_as_nobody(&folder, &["check", option, "report"]);
        assert!(run.stderr.ends_with("report: read-only; make it writable, or write to another file\n"));
        assert_eq!((run.status, folder.read("report")), (Some(2), "an older one".to_owned()), "{run:?}");
    }
    nothing_is_left_behind(&folder);
}

/// Runs a line of shell in which `$0` is the program.
fn shell(folder: &Folder, line: &str) -> Run {
    let mut command = Command::new("sh");
    command.args(["-c", line, env!("CARGO_BIN_EXE_dflint")]).current_dir(folder.path("."));
    run(command)
}

#[test]
fn a_limit_on_the_size_of_files() {
    let folder = Folder::new(&[("Dockerfile", EMULATED), ("report", "an older one")]);
    let run = shell(&folder, "ulimit -f 0; exec \"$0\" check --fix");
    assert_eq!(
        run.stderr,
        "dflint: Dockerfile: cannot write into its folder: a limit of this account or this process is reached; raise \
         it and run dflint again; the file was left alone\n"
    );
    assert_eq!((run.status, folder.read("Dockerfile")), (Some(2), EMULATED.to_owned()));
    let run = shell(&folder, "ulimit -f 0; exec \"$0\" check --output-format json --output-file report");
    assert!(
        run.stderr.ends_with(
            "report: cannot be written: a limit of this account or this process is reached; \
                                  raise it and run dflint again\n"
        ),
        "{run:?}"
    );
    assert!(run.stdout.contains("┌─ Dockerfile:1:1"), "{run:?}");
    assert_eq!((run.status, folder.read("report")), (Some(2), "an older one".to_owned()));
    nothing_is_left_behind(&folder);
}

/// Checks a file on a disk that it fills. None where no file system can be mounted.
fn on_a_full_disk(options: &str) -> Option<Run> {
    let folder = Folder::new(&[("disk/x", "")]);
    let long = format!("{EMULATED}{}", "# so that the file needs a second page\n".repeat(150));
    folder.write("long", &long);
    // A disk of two pages, seen by this shell and its children alone.
    let run = shell(
        &folder,
        &format!(
            "unshare -m sh -c 'mount -t tmpfs -o size=8k none disk && cp long disk/Dockerfile || exit 99; \
             \"$0\" check {options} disk; status=$?; cmp long disk/Dockerfile && ls -A disk && exit $status' \"$0\""
        ),
    );
    let refused = run.status == Some(99) || run.status == Some(127) || run.stderr.contains("unshare");
    (!refused).then_some(run)
}

#[test]
fn a_disk_that_is_full() {
    for (options, message) in [
        ("--fix", "disk/Dockerfile: cannot write into its folder: "),
        ("--add-ignores", "disk/Dockerfile: cannot write into its folder: "),
        ("--output-format sarif --output-file disk/report", "disk/report: cannot be written: "),
        ("--write-baseline disk/b.json", "disk/b.json: cannot be written: "),
    ] {
        let Some(run) = on_a_full_disk(options) else {
            eprintln!("skipped: no file system can be mounted here");
            return;
        };
        let (first, rest) = run.stderr.split_once("; ").unwrap();
        assert_eq!(first, format!("dflint: {message}no space is left on the device"));
        assert!(rest.starts_with("make room and run dflint again"), "{run:?}");
        // Nothing but the file is there, and it is as it was.
        assert!(run.stdout.ends_with("\nDockerfile\n"), "{run:?}");
        assert_eq!(run.status, Some(2));
    }
}

fn send(signal: i32, process: u32) {
    let status = Command::new("kill").args([format!("-{signal}"), process.to_string()]).status();
    assert!(status.unwrap().success());
}

#[test]
fn a_signal_leaves_neither_half_a_report_nor_its_beginning() {
    for signal in [SIGINT, SIGTERM] {
        let folder = Folder::new(&[("Dockerfile", EMULATED), ("report", "an older one"), ("b.json", "{}")]);
        let arguments = ["check", "--fix", "--output-file", "report", "--write-baseline", "b.json"];
        let waiting = wait_at_a_pipe(folder, &arguments);
        let begun = names_below(&waiting.folder.path("."));
        // The report and the baseline; there may be a fixed file as well.
        let temporary = begun.iter().filter(|name| name.starts_with(".dflint-")).count();
        assert!(temporary >= 2, "{begun:?}");
        send(signal, waiting.child.id());
        let Waiting { folder, mut child, pipe: _pipe } = waiting;
        assert_eq!(child.wait().unwrap().signal(), Some(signal));
        nothing_is_left_behind(&folder);
        assert_eq!([folder.read("report"), folder.read("b.json")], ["an older one", "{}"]);
    }
}

#[test]
fn a_signal_in_the_middle_of_a_fix_leaves_each_file_as_before_or_as_after() {
    let after = Folder::new(&[("Dockerfile", EMULATED)]);
    after.run(&["check", "--fix"]);
    let after = after.read("Dockerfile");
    for signal in [SIGINT, SIGTERM] {
        // The first batch begins with the pipe, and before it is done, nothing behind it is begun.
        let folder = Folder::new(&[("z/Dockerfile", EMULATED)]);
        let name = |number: usize| format!("f{number:03}/Dockerfile");
        for number in 0..BATCH - 1 {
            folder.write(&name(number), EMULATED);
        }
        let waiting = wait_at_a_pipe(folder, &["check", "--fix"]);
        // While one thread waits at the front of the batch, the other one is at its rear.
        while waiting.folder.read(&name(BATCH - 40)) == EMULATED {
            std::thread::yield_now();
        }
        send(signal, waiting.child.id());
        let Waiting { folder, mut child, pipe: _pipe } = waiting;
        // A shell calls that 130.
        assert_eq!(child.wait().unwrap().signal(), Some(signal));
        nothing_is_left_behind(&folder);
        let is_whole = |text: &String| [EMULATED, &after].contains(&text.as_str());
        assert!((0..BATCH - 1).map(|number| folder.read(&name(number))).all(|text| is_whole(&text)));
        assert_eq!(folder.read(&name(BATCH - 40)), after);
        assert_eq!(folder.read("z/Dockerfile"), EMULATED);
    }
}
