//! Turns rules/knowledge/*.toml and the heads of rules/XC*.toml into static data: reading them at every start would
//! take longer than checking a Dockerfile.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use toml::{Table, Value};

fn main() {
    println!("cargo::rerun-if-changed=rules");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("knowledge.rs"), knowledge()).expect("OUT_DIR can be written");
    fs::write(out.join("cards.rs"), cards()).expect("OUT_DIR can be written");
}

fn toml_files(folder: &str) -> Vec<(PathBuf, Table)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path, table)
        })
        .collect()
}

fn knowledge() -> String {
    let files = toml_files("rules/knowledge");
    let entries = |kind: &str| -> Vec<(&Path, &Table)> {
        files
            .iter()
            .flat_map(|(path, table)| {
                let entries =
                    table.get(kind).map_or(&[][..], |value| value.as_array().expect("an array of tables"));
                entries.iter().map(|entry| (path.as_path(), entry.as_table().expect("a table")))
            })
            .collect()
    };
    let mut code = String::new();
    commands(&mut code, &entries("command"));
    images(&mut code, &entries("image"));
    toolchains(&mut code, &entries("toolchain"));
    advice(&mut code, &entries("advice"));
    let architectures = entries("architecture");
    code.push_str("static ARCHITECTURES: &[(&str, &[(&str, &str)])] = &[\n");
    for (path, entry) in architectures {
        let spellings: Vec<(&str, &str)> = entry
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "docker" | "source"))
            .map(|(key, value)| (key.as_str(), value.as_str().expect("a string")))
            .collect();
        writeln!(code, "    ({:?}, &{spellings:?}),", text(path, entry, "docker")).expect("a String");
    }
    code.push_str("];\nstatic PROBES: &[(&str, &str)] = &[\n");
    for (path, entry) in entries("probe") {
        writeln!(code, "    ({:?}, {:?}),", text(path, entry, "command"), text(path, entry, "spelling"))
            .expect("a String");
    }
    code.push_str("];\n");
    releases(&mut code, &entries("release"));
    code
}

fn releases(code: &mut String, entries: &[(&Path, &Table)]) {
    code.push_str("static RELEASES: &[Release] = &[\n");
    for (path, entry) in entries {
        text(path, entry, "source");
        for url in texts(entry, "urls") {
            writeln!(
                code,
                "    Release {{ url: {url:?}, spelling: {:?}, architectures: &{:?} }},",
                text(path, entry, "spelling"),
                texts(entry, "architectures"),
            )
            .expect("a String");
        }
    }
    code.push_str("];\n");
}

fn commands(code: &mut String, entries: &[(&Path, &Table)]) {
    let mut commands: Vec<(String, String)> = Vec::new();
    for (path, entry) in entries {
        text(path, entry, "source");
        let does = text(path, entry, "does");
        assert!(
            does != "compile" || entry.contains_key("toolchain"),
            "{}: what compiles belongs to a toolchain",
            path.display()
        );
        let does = format!("{}{}", does[..1].to_ascii_uppercase(), &does[1..]);
        for name in texts(entry, "names") {
            let mut fields = format!("does: Does::{does}");
            for (field, key) in [
                ("value_options", "value-options"),
                ("output_options", "output-options"),
                ("output_folders", "output-folders"),
                ("native_folders", "native-folders"),
                ("target_options", "target-options"),
                ("target_variables", "target-variables"),
            ] {
                write!(fields, ", {field}: &{:?}", texts(entry, key)).expect("a String");
            }
            write!(fields, ", output_operands: {}", flag(entry, "output-operands")).expect("a String");
            write!(fields, ", alone: {}", flag(entry, "alone")).expect("a String");
            write!(fields, ", toolchain: {:?}", entry.get("toolchain").and_then(Value::as_str))
                .expect("a String");
            write!(fields, ", advice: {:?}", entry.get("advice").and_then(Value::as_str)).expect("a String");
            commands.push((name.to_owned(), fields));
        }
    }
    // By program, as the look-up needs it; a name may stand in one entry only.
    commands.sort_by(|(a, _), (b, _)| a.split(' ').cmp(b.split(' ')));
    for pair in commands.windows(2) {
        assert_ne!(pair[0].0, pair[1].0, "rules/knowledge holds a command twice");
    }
    code.push_str("static COMMANDS: &[Command] = &[\n");
    for (name, fields) in commands {
        let parts: Vec<&str> = name.split(' ').skip(1).collect();
        writeln!(code, "    Command {{ name: {name:?}, parts: &{parts:?}, {fields} }},").expect("a String");
    }
    code.push_str("];\n");
}

fn images(code: &mut String, entries: &[(&Path, &Table)]) {
    code.push_str("static IMAGES: &[Image] = &[\n");
    // By the last part of the name, as the look-up needs it.
    let mut entries = entries.to_vec();
    entries.sort_by_key(|(path, entry)| text(path, entry, "name").rsplit('/').next());
    for (path, entry) in entries {
        text(path, entry, "source");
        let optional = |key: &str| entry.get(key).map(|value| value.as_str().expect("a string"));
        let libc = text(path, entry, "libc");
        let libc = format!("{}{}", libc[..1].to_ascii_uppercase(), &libc[1..]);
        writeln!(
            code,
            "    Image {{ name: {:?}, toolchain: {:?}, runtime: {:?}, libc: Libc::{libc}, musl_tags: &{:?}, portable: {}, native_folders: &{:?}, scripts: &{:?}, directory: {:?}, advice: {:?} }},",
            text(path, entry, "name"),
            optional("toolchain"),
            optional("runtime"),
            texts(entry, "musl-tags"),
            flag(entry, "portable"),
            texts(entry, "native-folders"),
            texts(entry, "scripts"),
            optional("directory"),
            optional("advice"),
        )
        .expect("a String");
    }
    code.push_str("];\n");
}

fn toolchains(code: &mut String, entries: &[(&Path, &Table)]) {
    code.push_str("static TOOLCHAINS: &[Toolchain] = &[\n");
    for (path, entry) in entries {
        text(path, entry, "source");
        writeln!(
            code,
            "    Toolchain {{ id: {:?}, name: {:?}, emulated: {:?}, fails_emulated: {} }},",
            text(path, entry, "id"),
            text(path, entry, "name"),
            entry.get("emulated").map_or("many times slower", |value| value.as_str().expect("a string")),
            flag(entry, "fails-emulated"),
        )
        .expect("a String");
    }
    code.push_str("];\n");
}

fn advice(code: &mut String, entries: &[(&Path, &Table)]) {
    code.push_str("static ADVICE: &[Advice] = &[\n");
    for (path, entry) in entries {
        text(path, entry, "source");
        writeln!(
            code,
            "    Advice {{ id: {:?}, text: {:?}, dockerfile: {:?} }},",
            text(path, entry, "id"),
            text(path, entry, "text").trim(),
            text(path, entry, "dockerfile").trim(),
        )
        .expect("a String");
    }
    code.push_str("];\n");
}

/// The rules' cards without their examples, which only the tests need.
fn cards() -> String {
    let mut code = String::from("/// The card of every rule, by code.\npub static CARDS: &[Card] = &[\n");
    for (path, card) in toml_files("rules") {
        let field = |key: &str| text(&path, &card, key).to_owned();
        let file = path.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8");
        assert_eq!(
            file,
            format!("{}-{}", field("code"), field("name")),
            "a card's file is named CODE-name.toml"
        );
        writeln!(
            code,
            "    Card {{ code: {:?}, name: {:?}, severity: Severity::{}, preview: {}, summary: {:?}, text: {:?} }},",
            field("code"),
            field("name"),
            field("severity"),
            flag(&card, "preview"),
            field("summary"),
            card_text(&path, &card),
        )
        .expect("a String");
    }
    code.push_str("];\n");
    code
}

/// The card as Markdown: its prose, then every example that has a title.
fn card_text(path: &Path, card: &Table) -> String {
    let mut markdown = String::new();
    for (title, key) in [("Why", "why"), ("What to do", "what-to-do"), ("The fix", "fix")] {
        write!(markdown, "## {title}\n\n{}\n\n", text(path, card, key).trim()).expect("a String");
    }
    let examples = card.get("example").map_or(&[][..], |value| value.as_array().expect("an array of tables"));
    for example in examples {
        let example = example.as_table().expect("a table");
        let Some(title) = example.get("title") else { continue };
        write!(markdown, "## Example: {}\n\n", title.as_str().expect("a string")).expect("a String");
        for (key, intro) in [("fail", ""), ("fixed", "becomes\n\n"), ("pass", "No finding:\n\n")] {
            if let Some(dockerfile) = example.get(key) {
                let dockerfile = dockerfile.as_str().expect("a string").trim_end();
                write!(markdown, "{intro}```dockerfile\n{dockerfile}\n```\n\n").expect("a String");
            }
        }
    }
    markdown.trim_end().to_owned()
}

fn text<'a>(path: &Path, entry: &'a Table, key: &str) -> &'a str {
    entry
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{}: an entry lacks `{key}`: {entry:?}", path.display()))
}

fn flag(entry: &Table, key: &str) -> bool {
    entry.get(key).is_some_and(|value| value.as_bool().expect("a boolean"))
}

fn texts<'a>(entry: &'a Table, key: &str) -> Vec<&'a str> {
    entry.get(key).map_or_else(Vec::new, |value| {
        value.as_array().expect("an array").iter().map(|item| item.as_str().expect("a string")).collect()
    })
}
