//! The formats of `dflint check` as their readers see them, and where they go.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Folder, Run};
use serde_json::Value;

/// A finding with a safe fix behind text of several bytes a character, CRLF and a byte-order mark.
const EMULATED: &str = "\u{feff}FROM golang:1.25 AS build\r\n\
                        RUN --mount=type=cache,target=/🐋ä CGO_ENABLED=0 go build -o /app .\r\n\
                        FROM scratch\r\nCOPY --from=build /app /app\r\n";
/// `BuildKit` refuses it, and it tries to speak to whoever reads the output.
const HOSTILE: &str =
    "FROM scratch\n::error::x \u{1b}[31m ##vso[task.setvariable variable=a]b ##[add-mask]c %0A::d\n";

const FORMATS: [&str; 10] =
    ["human", "concise", "json", "json-lines", "sarif", "github", "gitlab", "azure", "junit", "checkstyle"];

fn folder() -> Folder {
    Folder::new(&[
        ("a b/Dockerfile", EMULATED.as_bytes()),
        ("bad/Dockerfile", b"FROM a\xff"),
        ("hostile/Dockerfile", HOSTILE.as_bytes()),
    ])
}

fn check(folder: &Folder, format: &str) -> Run {
    folder.run(&["check", "--output-format", format])
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The schema as the crate serde-sarif carries it.
fn sarif_schema() -> Value {
    let cargo = |arguments: &[&str]| {
        let root = env!("CARGO_MANIFEST_DIR");
        let output = Command::new(env!("CARGO")).args(arguments).current_dir(root).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Of another platform's packages, none need be here.
    let metadata =
        cargo(&["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host]);
    let metadata = json(&metadata);
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "serde-sarif")
        .unwrap();
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let mut schema =
        json(&std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap());
    // A pattern of the schema is none: a bracket closes that was never opened. dflint writes no language.
    for object in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][object]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    schema
}

#[test]
fn sarif_is_what_the_standard_says() {
    let schema = jsonschema::validator_for(&sarif_schema()).unwrap();
    let assert_valid = |text: &str| {
        let report = json(text);
        let errors: Vec<_> =
            schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        report
    };
    let report = assert_valid(&check(&folder(), "sarif").stdout);
    assert!(!report["runs"][0]["results"].as_array().unwrap().is_empty());
    assert_valid(
        &Folder::new(&[("Dockerfile", "FROM scratch\n")]).run(&["check", "--output-format", "sarif"]).stdout,
    );
    // Every rule of the corpus, with its card and its fixes.
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = Command::new(env!("CARGO_BIN_EXE_dflint"))
        .args(["check", "--output-format", "sarif", "corpus"])
        .current_dir(root)
        .output()
        .unwrap();
    let report = assert_valid(&String::from_utf8(corpus.stdout).unwrap());
    let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["help"]["markdown"].as_str().is_some_and(|text| text.len() > 100)));
    // A report without its version is none, so the schema does say something.
    assert!(!schema.is_valid(&serde_json::json!({ "runs": [] })));
}

/// The text in a region of a file, whose columns count code points behind the byte-order mark.
fn region<'a>(text: &'a str, region: &Value) -> &'a str {
    let number = |key: &str| usize::try_from(region[key].as_u64().unwrap()).unwrap() - 1;
    let text = text.trim_start_matches('\u{feff}');
    let offset = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        text[start..].char_indices().nth(column).map_or(text.len(), |(at, _)| start + at)
    };
    &text[offset(number("startLine"), number("startColumn"))..offset(number("endLine"), number("endColumn"))]
}

#[test]
fn a_reader_of_sarif_finds_the_place_and_can_apply_the_fix() {
    let folder = folder();
    let report = json(&check(&folder, "sarif").stdout);
    let run = &report["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let finding =
        run["results"].as_array().unwrap().iter().find(|result| result["ruleId"] == "XC101").unwrap();
    let place = &finding["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/Dockerfile");
    assert_eq!(region(EMULATED, &place["region"]), "FROM golang:1.25 AS build");
    assert_eq!(region(EMULATED, &finding["relatedLocations"][0]["physicalLocation"]["region"]), "go build");

    let mut replacements =
        finding["fixes"][0]["artifactChanges"][0]["replacements"].as_array().unwrap().clone();
    let start = |one: &Value| ["startLine", "startColumn"].map(|key| one["deletedRegion"][key].as_u64());
    replacements.sort_by_key(|one| std::cmp::Reverse(start(one)));
    let mut text = EMULATED.trim_start_matches('\u{feff}').to_owned();
    for replacement in &replacements {
        let deleted = region(&text, &replacement["deletedRegion"]);
        let start = deleted.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + deleted.len();
        text.replace_range(start..end, replacement["insertedContent"]["text"].as_str().unwrap());
    }
    folder.run(&["check", "--fix", "--select", "XC101", "a b"]);
    assert_eq!(folder.read("a b/Dockerfile"), format!("\u{feff}{text}"));
}

#[test]
fn each_format_tells_the_same_places() {
    let folder = folder();
    let entry = json(&check(&folder, "json").stdout)[0].clone();
    assert_eq!((&entry["rule"], &entry["range"]["start"]["column"]), (&"XC101".into(), &1.into()));
    let at = |column: u32, offset: u32| serde_json::json!({ "line": 2, "column": column, "offset": offset });
    assert_eq!(entry["related"][0]["range"], serde_json::json!({ "start": at(49, 82), "end": at(57, 90) }));
    let starts = |format: &str, start: &str| {
        let run = check(&folder, format);
        assert!(run.stdout.lines().any(|line| line.trim_start().starts_with(start)), "{run:?}");
        assert_eq!(run.status, Some(2), "{run:?}");
    };
    starts("human", "┌─ a b/Dockerfile:1:1");
    starts("concise", "a b/Dockerfile:1:1: warning: ");
    starts(
        "github",
        "::warning file=a b/Dockerfile,line=1,endLine=1,col=1,endColumn=25,title=XC101 emulated",
    );
    starts(
        "azure",
        "##vso[task.logissue type=warning;sourcepath=a b/Dockerfile;linenumber=1;columnnumber=1;code=XC101;]",
    );
    starts("junit", "<testcase name=\"XC101 emulated-build-stage (1:1)\" classname=\"a b/Dockerfile\"");
    starts("checkstyle", "<error line=\"1\" column=\"1\" severity=\"warning\" message=\"");
    let issue = &json(&check(&folder, "gitlab").stdout)[0];
    let at = |column: u32| serde_json::json!({ "line": 1, "column": column });
    assert_eq!(
        issue["location"],
        serde_json::json!({
            "path": "a b/Dockerfile", "positions": { "begin": at(1), "end": at(26) },
        })
    );
}

#[test]
fn each_report_says_what_could_not_be_checked() {
    for format in ["sarif", "github", "gitlab", "azure", "junit", "checkstyle"] {
        let run = check(&folder(), format);
        assert!(run.stdout.contains("bad/Dockerfile") && run.stdout.contains("save it as UTF-8"), "{run:?}");
        assert!(run.stderr.starts_with("dflint: bad/Dockerfile: not UTF-8 "), "{run:?}");
    }
}

/// Whether GitHub's runner or Azure's agent would obey a line of the text (ActionCommand.cs, Command.cs).
fn commands_a_ci_system(text: &str) -> bool {
    let commands = |line: &str| ["##vso[", "##["].iter().any(|start| line.contains(start));
    text.lines().any(|line| line.trim_start().starts_with("::") || commands(line))
}

#[test]
fn nothing_in_a_file_becomes_a_command_by_being_fixed() {
    let lines = ["::error::x", "echo ##vso[task.complete]a", "#[a] ##[error]b"];
    for line in lines {
        let text = format!(
            "FROM golang:1.25 AS build\nCOPY <<a /b\n{line}\na\nRUN CGO_ENABLED=0 go build -o /app .\n\
             FROM scratch\nCOPY --from=build /app /app\n"
        );
        let folder = Folder::new(&[("##[x]/Dockerfile", text.as_str())]);
        assert!(commands_a_ci_system(&text));
        let run = folder.run(&["check", "--diff"]);
        assert!(!commands_a_ci_system(&run.stdout) && !commands_a_ci_system(&run.stderr), "{run:?}");
        assert!(run.stdout.contains("+FROM --platform=$BUILDPLATFORM") && run.stderr.contains("use --fix"));
        let run = folder.run(&["check", "--fix"]);
        assert!(!commands_a_ci_system(&run.stdout) && !commands_a_ci_system(&run.stderr), "{run:?}");
        assert!(folder.read("##[x]/Dockerfile").contains(line), "{run:?}");
    }
}

#[test]
fn nothing_in_a_file_becomes_a_command() {
    let hostile = "::set-env::x\n##vso[task.complete]y,line=7;a]%0A";
    let folder = folder();
    folder.write(&format!("{hostile}/Dockerfile"), HOSTILE);
    folder.write(" ::error::x ##[y]/Dockerfile", HOSTILE);
    folder.write("::debug::x/Dockerfile", b"FROM a\xff");
    for format in FORMATS {
        let run = check(&folder, format);
        let harmful = |c: char| c.is_control() && c != '\n';
        assert!(!run.stdout.contains(harmful) && !run.stderr.contains(harmful), "{run:?}");
        let commands: Vec<_> =
            run.stdout.lines().filter(|line| line.trim_start().starts_with("::")).collect();
        match format {
            // As the runner reads them: name, properties, value.
            "github" => {
                assert_eq!(commands.len(), run.stdout.lines().count());
                for command in commands {
                    let (head, _) = command[2..].split_once("::").unwrap();
                    let (name, properties) = head.split_once(' ').unwrap();
                    assert!(["error", "warning", "notice"].contains(&name), "{command}");
                    let keys: Vec<_> =
                        properties.split(',').map(|pair| pair.split_once('=').unwrap().0).collect();
                    assert!(
                        keys == ["file", "line", "endLine", "col", "endColumn", "title"] || keys == ["file"],
                        "{command}"
                    );
                }
            }
            _ => assert!(commands.is_empty(), "{format}: {commands:?}"),
        }
        assert!(!commands_a_ci_system(&run.stderr), "{format}: {run:?}");
        if !["github", "azure"].contains(&format) {
            assert!(!commands_a_ci_system(&run.stdout), "{format}: {run:?}");
        }
        if format == "azure" {
            for line in run.stdout.lines() {
                let (head, rest) = line.split_once(']').unwrap();
                assert!(!commands_a_ci_system(rest), "{line}");
                let properties = head.strip_prefix("##vso[task.logissue ").unwrap();
                let keys: Vec<_> =
                    properties.split_terminator(';').map(|pair| pair.split_once('=').unwrap().0).collect();
                assert!(
                    keys == ["type", "sourcepath", "linenumber", "columnnumber", "code"]
                        || keys == ["type", "sourcepath"],
                    "{line}"
                );
            }
        }
    }
}

#[test]
fn a_path_below_the_working_directory_is_shown_from_there() {
    let folder = folder();
    let here = std::fs::canonicalize(folder.path(".")).unwrap();
    let absolute = here.join("hostile").to_str().unwrap().to_owned();
    for path in ["hostile", "./hostile/", "hostile/Dockerfile", &absolute] {
        let run = folder.run(&["check", "--output-format", "concise", path]);
        assert!(run.stdout.starts_with("hostile/Dockerfile:2:1: error: "), "{path}: {run:?}");
    }
    let stdin = format!("{absolute}/Dockerfile");
    let run =
        folder.run_with(&["check", "--output-format", "concise", "--stdin-filename", &stdin, "-"], b"X");
    assert!(run.stdout.starts_with("hostile/Dockerfile:1:1: "), "{run:?}");
}

#[test]
fn statistics_count_by_rule() {
    let folder = folder();
    let run = folder.run(&["check", "--statistics"]);
    assert!(run.stdout.contains("1  XC101   emulated-build-stage (1 with a safe fix)\n"), "{run:?}");
    assert!(run.stdout.contains("\nFound ") && !run.stdout.contains("┌─"), "{run:?}");
    let run = folder.run(&["check", "--statistics", "--output-format", "json"]);
    let counts = json(&run.stdout);
    let count = counts.as_array().unwrap().iter().find(|count| count["rule"] == "XC101").unwrap();
    assert_eq!((&count["count"], &count["safe_fixes"]), (&1.into(), &1.into()));
    let run = folder.run(&["check", "--statistics", "--output-format", "sarif"]);
    assert_eq!(run.stderr, "dflint: --statistics prints text (--output-format human) or json\n");
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
}

#[test]
fn a_report_goes_to_a_file_beside_the_terminal() {
    let folder = folder();
    folder.write("report.sarif", "an older one");
    for option in ["--output-file", "--output", "-o"] {
        let run = folder.run(&["check", "--output-format", "sarif", option, "report.sarif"]);
        assert!(run.stdout.contains("┌─ a b/Dockerfile:1:1"), "{run:?}");
        assert_eq!(run.status, Some(2));
        assert_eq!(folder.read("report.sarif"), check(&folder, "sarif").stdout);
    }
    assert_eq!(folder.names(), ["a b", "bad", "hostile", "report.sarif"]);
    let run = folder.run(&["check", "--output-format", "json", "--output-file", "new.json", "--statistics"]);
    assert!(run.stdout.contains("1  XC101   emulated-build-stage"), "{run:?}");
    assert_eq!(folder.read("new.json"), check(&folder, "json").stdout);
}

#[cfg(unix)]
#[test]
fn a_report_has_the_mode_of_new_files_and_a_link_to_it_stays() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    folder.write("new", "");
    symlink("real.json", folder.path("report.json")).unwrap();
    folder.write("real.json", "");
    let run = folder.run(&["check", "--output-format", "json", "--output-file", "report.json"]);
    assert_eq!(run.status, Some(2));
    assert!(folder.path("report.json").is_symlink());
    assert_eq!(folder.read("real.json"), check(&folder, "json").stdout);
    let mode = |name: &str| std::fs::metadata(folder.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("real.json"), mode("new"));
}

#[test]
fn a_report_that_cannot_be_written_hides_nothing() {
    let folder = Folder::new(&[("Dockerfile", HOSTILE)]);
    let report = |path: &str| folder.run(&["check", "--output-format", "json", "--output-file", path]);
    let run = report("missing/report.json");
    assert_eq!(run.stderr, "dflint: missing/report.json: there is no such folder; make it first\n");
    assert_eq!(run.status, Some(2));
    let run = report("Dockerfile");
    assert!(run.stderr.contains("Dockerfile: one of the files to check; write to another one"), "{run:?}");
    assert_eq!((run.status, folder.read("Dockerfile")), (Some(2), HOSTILE.to_owned()));
    let run = report(".");
    assert!(run.stderr.ends_with(": a folder; name a file to write to\n"), "{run:?}");
    if cfg!(target_os = "linux") {
        let run = report("/dev/full");
        assert!(run.stdout.contains("┌─ Dockerfile:2:1"), "{run:?}");
        assert_eq!(
            run.stderr,
            "dflint: /dev/full: cannot be written: no space is left on the device; make room and run dflint again\n"
        );
        assert_eq!(run.status, Some(2));
    }
}

#[test]
fn a_diff_is_alone_on_its_stream_in_every_format() {
    let folder = folder();
    let diff = folder.run(&["check", "--diff"]).stdout;
    assert!(diff.starts_with("--- a/a b/Dockerfile"), "{diff}");
    for format in FORMATS {
        assert_eq!(folder.run(&["check", "--diff", "--output-format", format]).stdout, diff);
    }
    assert_eq!(folder.run(&["check", "--diff", "--output-file", "x"]).status, Some(2));
    assert!(!folder.path("x").exists());
}

#[test]
fn what_fails_a_run_can_be_chosen() {
    // One error, no more than warnings, and nothing.
    let folder = Folder::new(&[("e", HOSTILE), ("w", EMULATED), ("n", "FROM scratch\nCOPY a /\n")]);
    for (arguments, status) in [
        (&["e"][..], 1),
        (&["w"], 1),
        (&["n"], 0),
        (&["w", "--fail-on", "error"], 0),
        (&["w", "--fail-on", "warning"], 1),
        (&["e", "--fail-on", "error"], 1),
        (&["e", "w", "--fail-on", "never"], 0),
        (&["w", "--max-warnings", "9"], 0),
        (&["e", "--max-warnings", "9"], 1),
        (&["w", "--max-warnings", "0"], 1),
        (&["missing", "--fail-on", "never"], 2),
        (&["w", "--fail-on", "warnings"], 2),
    ] {
        let run = folder.run(&[&["check"], arguments].concat());
        assert_eq!(run.status, Some(status), "{arguments:?}: {run:?}");
    }
    let run = folder.run(&["check", "w", "--max-warnings", "0"]);
    assert_eq!(run.stderr, "dflint: more warnings (1) than --max-warnings allows (0)\n");
}
