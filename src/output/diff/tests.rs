use super::*;

fn printed(path: &str, old: &str, new: &str) -> (String, bool) {
    let mut out = vec![];
    let exact = unified_diff(&mut out, Path::new(path), old, new, false).unwrap();
    (String::from_utf8(out).unwrap(), exact)
}

#[test]
fn equal_texts_have_no_diff() {
    assert_eq!(printed("Dockerfile", "FROM a\n", "FROM a\n"), (String::new(), true));
}

#[test]
fn a_change_stands_between_three_lines() {
    let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    let (diff, exact) = printed("api/Dockerfile", old, &old.replace("5\n", "five\nand a half\n"));
    assert_eq!(
        diff,
        "--- a/api/Dockerfile\n+++ b/api/Dockerfile\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+and a half\n 6\n 7\n 8\n"
    );
    assert!(exact);
}

#[test]
fn a_missing_final_newline_is_said() {
    let (diff, _) = printed("Dockerfile", "FROM a", "FROM b");
    assert_eq!(
        diff,
        "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1 +1 @@\n-FROM a\n\\ No newline at end of file\n+FROM b\n\\ No newline \
         at end of file\n"
    );
}

#[test]
fn line_endings_are_kept() {
    let (diff, exact) = printed("Dockerfile", "FROM a\r\nRUN b\r\n", "FROM a\r\nRUN c\r\n");
    assert!(diff.ends_with(" FROM a\r\n-RUN b\r\n+RUN c\r\n"), "{diff:?}");
    assert!(exact);
}

#[test]
fn a_lone_carriage_return_ends_no_line() {
    let (diff, exact) = printed("Dockerfile", "FROM a\rb\n", "FROM a\rc\n");
    assert!(diff.ends_with("@@ -1 +1 @@\n-FROM a?b\n+FROM a?c\n"), "{diff:?}");
    assert!(!exact);
}

#[test]
fn control_characters_are_shown_and_reported() {
    let (diff, exact) = printed("Dockerfile", "RUN \u{1b}[31m\nRUN a\n", "RUN \u{1b}[31m\nRUN b\n");
    assert_eq!(neutral::text(&diff), diff);
    assert!(!exact);
}

#[test]
fn colours_wrap_whole_lines() {
    let mut out = vec![];
    unified_diff(&mut out, Path::new("Dockerfile"), "a\r\n", "b\r\n", true).unwrap();
    let diff = String::from_utf8(out).unwrap();
    assert!(
        diff.ends_with("\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-a\x1b[0m\r\n\x1b[32m+b\x1b[0m\r\n"),
        "{diff:?}"
    );
}

#[test]
fn paths_are_written_as_git_reads_them() {
    let header = |path| name("a", Path::new(path));
    assert_eq!(header("./x/./Dockerfile"), "a/x/Dockerfile");
    assert_eq!(header("/srv/Dockerfile"), "a/srv/Dockerfile");
    assert_eq!(header("my app/Dockerfile"), "a/my app/Dockerfile\t");
    assert_eq!(header("é/Dockerfile"), "a/é/Dockerfile");
    assert_eq!(header("a\"b\n\u{9b}/Dockerfile"), "\"a/a\\\"b\\012\\302\\233/Dockerfile\"");
}

/// What the tools that apply patches make of it; passed over where they are not installed.
#[test]
fn git_and_patch_apply_it() {
    let body = "FROM a\r\nRUN b\nRUN c\n\n# d\nRUN e";
    let cases = [
        ("plain/Dockerfile", body, body.replace("RUN c", "ARG X\nRUN d")),
        ("with space/Dockerfile", body, body.replace("RUN b", "RUN bb")),
        ("tail/Dockerfile", body, body.replace("RUN e", "RUN f")),
        ("grow/Dockerfile", body, format!("{body}\n")),
        ("crlf/é.Dockerfile", body, body.replace("FROM a", "FROM --platform=$BUILDPLATFORM a")),
        ("fill/Dockerfile", "", "FROM a\n".to_owned()),
    ];
    for (program, arguments) in [("git", &["apply", "-"][..]), ("patch", &["-p1", "-s", "--binary"])] {
        for (path, old, new) in &cases {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, old).unwrap();
            let (diff, exact) = printed(path, old, new);
            assert!(exact);
            let child = std::process::Command::new(program)
                .args(arguments)
                .current_dir(folder.path())
                .env("GIT_CEILING_DIRECTORIES", folder.path())
                .stdin(std::process::Stdio::piped())
                .spawn();
            let Ok(mut child) = child else { continue };
            child.stdin.take().unwrap().write_all(diff.as_bytes()).unwrap();
            assert!(child.wait().unwrap().success(), "{program} refuses\n{diff}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), *new, "{program} makes of\n{diff}");
        }
    }
}
