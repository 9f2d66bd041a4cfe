//! Paths of a stage: which touch each other, and what images bring where.

use super::super::stage::may_name;

/// Whether one path is the other or lies in it. Wildcards in `path` may name anything.
pub(super) fn touches(written: &str, path: &str) -> bool {
    written == path
        || is_within(path, written)
        || is_within(written, path)
        || (path.contains(['*', '?', '[']) && may_touch_pattern(written, path))
}

pub(super) fn touches_known(written: Option<&str>, path: &str) -> bool {
    written.is_none_or(|written| touches(written, path))
}

fn may_touch_pattern(written: &str, pattern: &str) -> bool {
    let fixed = pattern.split(['*', '?', '[']).next().unwrap_or_default();
    may_name(pattern, written) || written.starts_with(fixed)
}

pub(super) fn is_within(path: &str, folder: &str) -> bool {
    folder == "/" || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// What comes behind the folder in a path that lies in it; none where a wildcard in the path may name anything.
pub(super) fn rest_of<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?.strip_prefix('/')?;
    (!rest.is_empty() && !path.contains(['*', '?', '['])).then_some(rest)
}

/// Whether a path lies in a folder of that name, wherever that is, or ends where the rest of the name would go on:
/// `/app/.next` is around `.next/standalone`.
pub(super) fn is_in_or_around(path: &str, folder: &str) -> bool {
    let path: Vec<&str> = path.split('/').collect();
    let folder: Vec<&str> = folder.split('/').collect();
    (0..path.len()).any(|start| {
        let rest = &path[start..];
        let shared = rest.len().min(folder.len());
        rest[..shared] == folder[..shared]
    })
}

/// Folders that images bring with files of their own in them.
const SYSTEM: [&str; 22] = [
    "/bin",
    "/boot",
    "/lib",
    "/lib64",
    "/opt/java",
    "/sbin",
    "/usr/bin",
    "/usr/include",
    "/usr/java",
    "/usr/local/bundle",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local/bin",
    "/usr/local/cargo",
    "/usr/local/go",
    "/usr/local/include",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/sbin",
    "/usr/share/dotnet",
    "/var/lib",
];

/// Whether images bring files of their own there (Filesystem Hierarchy Standard 3.0), or the path is around such a
/// folder. `/usr/src`, `/opt` and `/home` come empty, but for the JDK.
pub(super) fn is_system_path(path: &str) -> bool {
    holds_system_files(path) || SYSTEM.iter().any(|folder| is_within(path, folder))
}

/// Whether the path is a folder of the system's, or around one: what stands there is never one command's alone.
pub(super) fn holds_system_files(path: &str) -> bool {
    SYSTEM.iter().any(|folder| path == *folder || is_within(folder, path))
}

/// Whether images hold the same files there on every architecture: configuration, and what the Filesystem Hierarchy
/// Standard calls architecture-independent data.
pub(super) fn is_portable_path(path: &str) -> bool {
    const PORTABLE: [&str; 6] = [
        "/etc",
        "/usr/local/go/lib/time",
        "/usr/local/go/lib/wasm",
        "/usr/local/go/misc/wasm",
        "/usr/local/share",
        "/usr/share",
    ];
    let is_dotnet = path == "/usr/share/dotnet" || is_within(path, "/usr/share/dotnet");
    !is_dotnet && PORTABLE.iter().any(|known| path == *known || is_within(path, known))
}

/// Whether a file of that name is text or bytecode, the same on every architecture.
pub(super) fn is_portable_file(path: &str) -> bool {
    const EXTENSIONS: [&str; 51] = [
        "caddy",
        "cjs",
        "class",
        "conf",
        "config",
        "crt",
        "css",
        "csv",
        "ear",
        "ejs",
        "env",
        "graphql",
        "hbs",
        "html",
        "ico",
        "ini",
        "jar",
        "js",
        "json",
        "jsx",
        "lock",
        "map",
        "md",
        "mdx",
        "mjs",
        "mts",
        "pem",
        "phar",
        "php",
        "png",
        "properties",
        "proto",
        "py",
        "rb",
        "rst",
        "scss",
        "sh",
        "sql",
        "svg",
        "template",
        "tmpl",
        "toml",
        "ts",
        "tsx",
        "txt",
        "vue",
        "war",
        "wasm",
        "xml",
        "yaml",
        "yml",
    ];
    const NAMES: [&str; 7] =
        ["Caddyfile", "Gemfile", "LICENSE", "Makefile", "Procfile", "Rakefile", "VERSION"];
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) || NAMES.contains(&name)
}
