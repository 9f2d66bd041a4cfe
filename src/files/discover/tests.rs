use std::path::Path;

use super::*;

/// A folder that is gone after the test, with these files.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        write(folder.path(), file, "FROM scratch\n");
    }
    folder
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn discover_all(paths: &[PathBuf]) -> Discovery {
    discover(paths, |_| Box::new(|_| false))
}

fn found(folder: &Path) -> Vec<String> {
    let discovery = discover_all(&[folder.to_owned()]);
    assert_eq!(discovery.failures, []);
    let relative = |path: &PathBuf| path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
    discovery.files.iter().map(relative).collect()
}

#[test]
fn names_of_dockerfiles() {
    for name in [
        "Dockerfile",
        "dockerfile",
        "DOCKERFILE",
        "DockerFile",
        "Containerfile",
        "containerfile",
        "Dockerfile.prod",
        "Dockerfile.go",
        "Dockerfile.py",
        "dockerfile.dev",
        "api.Dockerfile",
        "api.dockerfile",
        "api.v2.Containerfile",
        "Containerfile.arm64",
        ".dockerfile",
        "Dockerfile.1.2",
        "Dockerfile.alpine.dev",
    ] {
        assert!(is_dockerfile_name(name.as_ref()), "{name}");
    }
    for name in [
        "Dockerfile.dockerignore",
        "api.Dockerfile.dockerignore",
        "Dockerfile.j2",
        "Dockerfile.tmpl",
        "Dockerfile.TMPL",
        "Dockerfile.template",
        "Dockerfile.md",
        "Dockerfile.bak",
        "Dockerfile.orig",
        "Dockerfile.prod.swp",
        ".Dockerfile.swp",
        "Dockerfile~",
        "Dockerfile.prod~",
        "Dockerfile.",
        "dockerfile.go",
        "dockerfile.py",
        "dockerfile.json",
        "Dockerfiles",
        "Dockerfile-old",
        "MyDockerfile",
        "docker-compose.yml",
        "Makefile",
        "",
        "api.Dockerfile.txt",
    ] {
        assert!(!is_dockerfile_name(name.as_ref()), "{name}");
    }
}

#[test]
fn folders_are_searched_in_path_order() {
    let folder = folder(&[
        "web/Dockerfile",
        "Dockerfile",
        "a.Dockerfile",
        "a/z/Containerfile",
        "README.md",
        ".devcontainer/Dockerfile",
        "node_modules/x/Dockerfile",
        ".git/Dockerfile",
        "venv/Dockerfile",
        "vendor/x/Dockerfile",
    ]);
    assert_eq!(
        found(folder.path()),
        [
            ".devcontainer/Dockerfile",
            "Dockerfile",
            "a/z/Containerfile",
            "a.Dockerfile",
            "vendor/x/Dockerfile",
            "web/Dockerfile"
        ]
    );
}

#[test]
fn ignore_files_hold_outside_of_a_repository_from_the_named_folder_on() {
    let folder = folder(&["a/Dockerfile", "b/Dockerfile", "b/keep/Dockerfile", "out/Dockerfile"]);
    write(folder.path(), ".gitignore", "/out\nb/Dockerfile\n");
    assert_eq!(found(folder.path()), ["a/Dockerfile", "b/keep/Dockerfile"]);
    assert_eq!(found(&folder.path().join("b")), ["Dockerfile", "keep/Dockerfile"]);
}

#[test]
fn ignore_files_hold_inside_of_a_repository_from_its_root_on() {
    let folder = folder(&["repo/a/Dockerfile", "repo/b/Dockerfile", "repo/b/c/Dockerfile"]);
    fs::create_dir(folder.path().join("repo/.git")).unwrap();
    write(folder.path(), ".gitignore", "*\n");
    write(folder.path(), "repo/.gitignore", "b/Dockerfile\n");
    assert_eq!(found(&folder.path().join("repo")), ["a/Dockerfile", "b/c/Dockerfile"]);
    assert_eq!(found(&folder.path().join("repo/b")), ["c/Dockerfile"]);
}

#[test]
fn a_named_file_is_taken_whatever_its_name_and_the_ignore_files() {
    let folder = folder(&["Dockerfile.j2", "sub/Dockerfile"]);
    write(folder.path(), ".gitignore", "*\n");
    let named = [folder.path().join("Dockerfile.j2"), folder.path().join("./sub/Dockerfile")];
    let discovery = discover_all(&named);
    assert_eq!(discovery.files, [folder.path().join("Dockerfile.j2"), folder.path().join("sub/Dockerfile")]);
    assert_eq!(discovery.failures, []);
}

#[test]
fn a_file_named_twice_is_taken_once() {
    let folder = folder(&["sub/Dockerfile"]);
    let discovery = discover_all(&[
        folder.path().into(),
        folder.path().join("sub"),
        folder.path().join("sub/../sub/Dockerfile"),
    ]);
    assert_eq!(discovery.files.len(), 1);
}

#[test]
fn what_leads_nowhere_is_told_and_the_rest_is_found() {
    let folder = folder(&["sub/Dockerfile", "empty/README.md"]);
    let paths = ["sub", "missing", "empty"].map(|name| folder.path().join(name));
    let discovery = discover_all(&paths);
    assert_eq!(discovery.files, [folder.path().join("sub/Dockerfile")]);
    let [(missing, why), (empty, where_)] = &discovery.failures[..] else {
        panic!("{:?}", discovery.failures)
    };
    assert!(missing.ends_with("missing") && why.starts_with("no such file or folder"), "{why}");
    assert!(empty.ends_with("empty") && where_.starts_with("no Dockerfile in this folder"), "{where_}");
}

#[cfg(unix)]
#[test]
fn links_are_safe_and_lead_to_a_file_once() {
    use std::os::unix::fs::symlink;
    let folder = folder(&["docker/Dockerfile", "elsewhere.txt"]);
    let root = folder.path();
    symlink("docker/Dockerfile", root.join("Dockerfile")).unwrap();
    symlink("elsewhere.txt", root.join("Containerfile")).unwrap();
    symlink(root, root.join("docker/loop")).unwrap();
    symlink("nothing", root.join("Dockerfile.dangling")).unwrap();
    symlink("docker", root.join("Dockerfile.d")).unwrap();
    assert_eq!(found(root), ["Containerfile", "docker/Dockerfile"]);

    let dangling = discover_all(&[root.join("Dockerfile.dangling")]);
    assert!(dangling.failures[0].1.starts_with("a symbolic link to nothing"), "{dangling:?}");
}

#[cfg(unix)]
#[test]
fn pipes_in_folders_are_passed_over() {
    let folder = folder(&["Dockerfile"]);
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("Dockerfile.pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(found(folder.path()), ["Dockerfile"]);
        let named = discover_all(&[folder.path().join("Dockerfile.pipe")]);
        assert_eq!(named.files.len(), 1);
    }
}
