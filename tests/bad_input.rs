//! Whatever dflint is given: a message that names the place and the way out, the rest checked, no panic.

mod common;

use std::process::Stdio;

use common::{Folder, Run};

const GOOD: &str = "FROM scratch\n";

/// The run could not do everything, says `message`, and checked the one good file.
#[track_caller]
fn complains(run: &Run, message: &str) {
    assert_eq!(run.stderr, format!("dflint: {message}\n"));
    assert_eq!(
        run.stdout,
        "Checked 1 file: no problems. 1 path could not be processed; the messages say why.\n"
    );
    assert_eq!(run.status, Some(2));
}

#[test]
fn a_path_that_does_not_exist() {
    let folder = Folder::new(&[("Dockerfile", GOOD)]);
    complains(
        &folder.run(&["check", "missing/Dockerfile", "Dockerfile"]),
        "missing/Dockerfile: no such file or folder; check the spelling and the working directory",
    );
}

#[test]
fn a_path_below_a_file() {
    let folder = Folder::new(&[("Dockerfile", GOOD)]);
    let run = folder.run(&["check", "Dockerfile/x", "Dockerfile"]);
    assert!(run.stderr.starts_with("dflint: Dockerfile/x: "), "{run:?}");
    assert_eq!(run.status, Some(2));
}

#[test]
fn a_folder_without_dockerfiles() {
    let folder = Folder::new(&[("Dockerfile", GOOD), ("docs/README.md", "")]);
    complains(
        &folder.run(&["check", "docs", "Dockerfile"]),
        "docs: no Dockerfile in this folder or below it (looked for Dockerfile, Dockerfile.*, *.Dockerfile, \
         Containerfile, Containerfile.* and *.Containerfile that .gitignore does not exclude); name a file to check it \
         whatever its name",
    );
    let run = Folder::new::<&str>(&[]).run(&["check"]);
    assert!(run.stderr.starts_with("dflint: .: no Dockerfile in this folder"), "{run:?}");
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new(&[("Dockerfile", GOOD.as_bytes()), ("b/Dockerfile", b"FROM a\n# caf\xe9\n")]);
    complains(
        &folder.run(&["check"]),
        "b/Dockerfile: not UTF-8 (byte 0xe9 at offset 12, line 2); save it as UTF-8",
    );
    folder.write("b/Dockerfile", b"FROM a\n\x7fELF\0\0");
    complains(
        &folder.run(&["check"]),
        "b/Dockerfile: a binary file (NUL at byte 11, line 2); name a Dockerfile",
    );
    folder.write("b/Dockerfile", b"\xff\xfeF\0R\0");
    complains(&folder.run(&["check"]), "b/Dockerfile: encoded as UTF-16; save it as UTF-8");
}

#[test]
fn json_stays_json_beside_a_bad_file() {
    let folder = Folder::new(&[("Dockerfile", GOOD.as_bytes()), ("b/Dockerfile", b"\0")]);
    let run = folder.run(&["check", "--output-format", "json", ".", "missing"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), "[]\n"));
    assert_eq!(run.stderr.lines().count(), 2);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("Dockerfile", GOOD), ("b/Dockerfile", GOOD)]);
    let locked = folder.path("b/Dockerfile");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&locked).is_ok() {
        return; // The modes of files mean nothing to root.
    }
    complains(&folder.run(&["check"]), "b/Dockerfile: permission denied; check its mode and its owner");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("Dockerfile", GOOD), ("b/Dockerfile", GOOD)]);
    let locked = folder.path("b");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    let open = std::fs::read_dir(&locked).is_ok();
    let run = folder.run(&["check"]);
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755)).unwrap();
    if !open {
        assert!(run.stderr.starts_with("dflint: .: cannot look everywhere below it: "), "{run:?}");
        assert_eq!(run.status, Some(2));
    }
}

#[cfg(unix)]
#[test]
fn links_to_nothing_and_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("Dockerfile", GOOD)]);
    symlink("nothing", folder.path("Dockerfile.gone")).unwrap();
    symlink("Dockerfile.loop", folder.path("Dockerfile.loop")).unwrap();
    symlink(".", folder.path("below")).unwrap();
    assert_eq!(folder.run(&["check"]).stdout, "Checked 1 file: no problems.\n");
    complains(
        &folder.run(&["check", "Dockerfile.gone", "Dockerfile"]),
        "Dockerfile.gone: a symbolic link to nothing; mend or remove the link",
    );
    let run = folder.run(&["check", "Dockerfile.loop"]);
    assert!(run.stderr.starts_with("dflint: Dockerfile.loop: ") && run.status == Some(2), "{run:?}");
}

#[test]
fn a_path_that_speaks_to_the_terminal() {
    let run = Folder::new::<&str>(&[]).run(&["check", "a\u{1b}[2J\nb\u{9b}"]);
    assert_eq!(
        run.stderr,
        "dflint: a?[2J?b¿: no such file or folder; check the spelling and the working directory\n"
    );
}

#[test]
fn standard_input_that_is_no_text() {
    let folder = Folder::new::<&str>(&[]);
    let run = folder.run_with(&["check", "-"], b"FROM a\xff");
    assert_eq!(run.stderr, "dflint: <stdin>: not UTF-8 (byte 0xff at offset 6, line 1); save it as UTF-8\n");
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
    let run = folder.run_with(&["check", "--fix", "--stdin-filename", "x/Dockerfile", "-"], b"\0");
    assert_eq!(
        run.stderr,
        "dflint: x/Dockerfile: a binary file (NUL at byte 0, line 1); name a Dockerfile\n"
    );
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
}

#[cfg(unix)]
#[test]
fn standard_input_that_is_a_folder() {
    let folder = Folder::new::<&str>(&[]);
    let directory = std::fs::File::open(folder.path(".")).unwrap();
    let output = folder.command(&["check", "-"]).stdin(directory).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "dflint: <stdin>: a folder, not a file; name a file\n"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn standard_input_beside_other_paths_or_without_its_dash() {
    let folder = Folder::new(&[("Dockerfile", GOOD)]);
    let run = folder.run(&["check", "-", "Dockerfile"]);
    assert_eq!(
        run.stderr,
        "dflint: `-` is standard input and stands alone; write `./-` for a file of that name\n"
    );
    assert_eq!(run.status, Some(2));
    let run = folder.run(&["check", "--stdin-filename", "x", "Dockerfile"]);
    assert_eq!(run.stderr, "dflint: --stdin-filename names standard input; add `-` as the path\n");
    assert_eq!(run.status, Some(2));
}

#[test]
fn an_empty_file() {
    let run = Folder::new(&[("Dockerfile", "")]).run(&["check", "--fix", "Dockerfile"]);
    assert_eq!(run.stderr, "");
    assert_ne!(run.status, Some(2));
}

#[test]
fn a_reader_that_goes_away() {
    let folder = Folder::new(&[("Dockerfile", GOOD)]);
    for arguments in
        [&["check", "-"][..], &["check", "--output-format", "json", "-"], &["check", "--fix", "-"]]
    {
        let mut child = folder.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // The program waits for its input, so it cannot have written yet.
        drop(child.stdout.take());
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), GOOD.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked") && !stderr.contains("cannot write"), "{stderr}");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let folder = Folder::new(&[("Dockerfile", GOOD)]);
    for arguments in
        [&["check"][..], &["check", "--output-format", "json"], &["rule", "--output-format", "json"]]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = folder.command(arguments).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            stderr,
            "dflint: cannot write the output: no space is left on the device; make room and run dflint again\n"
        );
        assert_eq!(output.status.code(), Some(2));
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_when_it_is_named() {
    let folder = Folder::new(&[("Dockerfile", GOOD)]);
    let pipe = folder.path("Dockerfile.pipe");
    if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        return;
    }
    assert_eq!(folder.run(&["check"]).stdout, "Checked 1 file: no problems.\n");
    let writer = std::thread::spawn(move || std::fs::write(pipe, GOOD).unwrap());
    assert_eq!(folder.run(&["check", "Dockerfile.pipe"]).stdout, "Checked 1 file: no problems.\n");
    writer.join().unwrap();
}

#[test]
fn many_files_are_reported_in_path_order() {
    let folder = Folder::new::<&str>(&[]);
    for number in 0..600 {
        folder.write(&format!("d{number:03}/Dockerfile"), if number % 7 == 0 { "\0" } else { GOOD });
    }
    let run = folder.run(&["check"]);
    let expected: Vec<_> =
        (0..600).step_by(7).map(|number| format!("dflint: d{number:03}/Dockerfile")).collect();
    let named: Vec<_> = run.stderr.lines().map(|line| line.split(": a binary").next().unwrap()).collect();
    assert_eq!(named, expected);
    assert_eq!(
        run.stdout,
        "Checked 514 files: no problems. 86 paths could not be processed; the messages say why.\n"
    );
}
