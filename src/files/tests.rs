use std::path::PathBuf;

use super::*;

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Dockerfile");
    fs::write(&path, "FROM a\n").unwrap();
    (folder, path)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn refusal(bytes: &[u8]) -> String {
    read_text(bytes, 0).unwrap_err()
}

#[test]
fn text_is_read_as_it_stands() {
    let text = "\u{feff}FROM a\r\n\r# \u{1b}é".repeat(20_000);
    assert_eq!(read_text(text.as_bytes(), 0).unwrap(), text);
    assert_eq!(read_text(text.as_bytes(), text.len()).unwrap(), text);
    assert_eq!(read_text(&b""[..], 0).unwrap(), "");
}

#[test]
fn what_is_no_text_is_refused_with_the_place() {
    assert_eq!(refusal(b"a\nb\xe9c"), "not UTF-8 (byte 0xe9 at offset 3, line 2); save it as UTF-8");
    assert_eq!(refusal(b"a\xe2\x82"), "not UTF-8 (byte 0xe2 at offset 1, line 1); save it as UTF-8");
    assert_eq!(refusal(b"a\n\nb\0\xff"), "a binary file (NUL at byte 4, line 3); name a Dockerfile");
    assert_eq!(refusal(b"\xff\xfeF\0"), "encoded as UTF-16; save it as UTF-8");
    let mut late = vec![b'\n'; 200_000];
    late.push(0);
    assert_eq!(refusal(&late), "a binary file (NUL at byte 200000, line 200001); name a Dockerfile");
}

#[test]
fn an_endless_device_is_refused() {
    assert!(read_text(io::repeat(0), 0).is_err());
    assert!(read_text(io::repeat(0xff), 0).is_err());
}

#[test]
fn a_folder_is_no_file() {
    let (folder, _) = folder();
    assert!(read(folder.path()).unwrap_err().starts_with("a folder, not a file"));
}

#[test]
fn a_file_is_replaced_and_nothing_is_left_behind() {
    let (folder, path) = folder();
    replace(&read(&path).unwrap(), "FROM b\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "FROM b\n");
    assert_eq!(names(folder.path()), ["Dockerfile"]);
}

#[test]
fn a_file_that_changed_is_left_alone() {
    let (folder, path) = folder();
    let file = read(&path).unwrap();
    fs::write(&path, "FROM c\n").unwrap();
    assert!(replace(&file, "FROM b\n").unwrap_err().starts_with("changed while it was checked"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "FROM c\n");
    assert_eq!(names(folder.path()), ["Dockerfile"]);
}

#[test]
fn a_file_that_vanished_stays_away() {
    let (folder, path) = folder();
    let file = read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(replace(&file, "FROM b\n").unwrap_err().starts_with("it is gone"));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_read_only_file_is_left_alone() {
    let (_folder, path) = folder();
    let file = read(&path).unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    if fs::OpenOptions::new().append(true).open(&path).is_ok() {
        // Root may write it.
        replace(&file, "FROM b\n").unwrap();
        assert!(fs::metadata(&path).unwrap().permissions().readonly(), "the mode stays");
        return;
    }
    assert!(replace(&file, "FROM b\n").unwrap_err().starts_with("read-only"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "FROM a\n");
}

#[cfg(unix)]
#[test]
fn the_mode_stays() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    for mode in [0o600, 0o664, 0o755] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let file = read(&path).unwrap();
        replace(&file, &format!("FROM mode-{mode:o}\n")).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, mode);
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_its_target_is_replaced() {
    let (folder, path) = folder();
    let links = folder.path().join("links");
    fs::create_dir(&links).unwrap();
    let link = links.join("Dockerfile");
    std::os::unix::fs::symlink("../Dockerfile", &link).unwrap();
    replace(&read(&link).unwrap(), "FROM b\n").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&path).unwrap(), "FROM b\n");
    assert_eq!(names(&links), ["Dockerfile"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_regular_file_is_not_replaced() {
    let null = SourceFile::new("/dev/null", "").unwrap();
    assert!(replace(&null, "FROM b\n").unwrap_err().starts_with("not a regular file"));
}
