//! Compares dflint with the answers of `BuildKit` in tests/conformance, one test a case.

use std::fs;
use std::path::Path;
use std::process::Command;

use dflint::syntax;
use dflint::text::SourceFile;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};

#[allow(dead_code, unused_imports, reason = "only what the tree is printed with is used")]
#[path = "../src/output/neutral.rs"]
mod neutral;
#[path = "../src/output/parse_json.rs"]
mod parse_json;

/// A case: its text and the answer.
struct Case {
    file: SourceFile,
    answer: Value,
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut trials = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of the cases") {
        let path = entry.expect("an entry of the folder").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let parse_path = path.clone();
        trials.push(Trial::test(format!("parse::{name}"), move || parse(&load(&parse_path)?)));
        trials.push(Trial::test(format!("plan::{name}"), move || plan(&load(&path)?)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn load(answer: &Path) -> Result<Case, Failed> {
    let dockerfile = answer.with_extension("Dockerfile");
    let text = fs::read_to_string(&dockerfile)?;
    let file = SourceFile::new(dockerfile, text).map_err(|_| "the file is too large")?;
    Ok(Case { file, answer: serde_json::from_str(&fs::read_to_string(answer)?)? })
}

/// The instructions and the errors are those of `BuildKit`.
fn parse(case: &Case) -> Result<(), Failed> {
    let parse = syntax::parse(&case.file);
    let mut printed = vec![];
    parse_json::syntax_tree(&mut printed, &case.file, &parse)?;
    let got: Value = serde_json::from_slice(&printed)?;
    let want = &case.answer["parse"];
    if let Some(error) = want["error"].as_str() {
        if list(&got["errors"]).is_empty() {
            return Err(format!("BuildKit refuses the file: {error}").into());
        }
        return Ok(());
    }
    equal(&got["errors"], &json!([]))?;
    equal(&got["escape"], &want["escape"])?;
    let (want_list, got_list) = (list(&want["instructions"]), list(&got["instructions"]));
    for (want, got) in want_list.iter().zip(got_list) {
        equal(&comparable(got), &comparable(want))?;
    }
    equal(&json!(got_list.len()), &json!(want_list.len()))?;
    dispatch(case, list(&got["instruction_errors"]))
}

/// What `BuildKit` refuses while it goes through the instructions is an error here, and nothing else is.
fn dispatch(case: &Case, errors: &[Value]) -> Result<(), Failed> {
    let refusals: Vec<&str> =
        list(&case.answer["builds"]).iter().filter_map(|build| build["error"].as_str()).collect();
    if refusals.is_empty() {
        return equal(&json!(errors), &json!([]));
    }
    for refusal in refusals {
        let Some(line) = refusal
            .strip_prefix("dockerfile parse error on line ")
            .and_then(|rest| rest.split(':').next()?.parse::<u64>().ok())
        else {
            continue;
        };
        if !errors.iter().any(|error| error["line"] == line) {
            return Err(format!("BuildKit refuses line {line}: {refusal}").into());
        }
    }
    Ok(())
}

/// Each build executes the RUNs that `BuildKit` executes, where it executes them, or is refused as there.
fn plan(case: &Case) -> Result<(), Failed> {
    for build in list(&case.answer["builds"]) {
        let option = |name: &str| build[name].as_str().unwrap_or_default().to_owned();
        let output = Command::new(env!("CARGO_BIN_EXE_dflint"))
            .args(["plan", "--format", "json", "--platform", &option("target")])
            .args(["--build-platform", &option("build")])
            .arg(case.file.path())
            .output()?;
        let got: Value = serde_json::from_slice(&output.stdout)?;
        let refused = got["error"].is_string();
        if let Some(error) = build["error"].as_str() {
            if !refused || output.status.code() != Some(1) {
                return Err(format!("BuildKit refuses the build: {error}").into());
            }
            continue;
        }
        equal(&got["error"], &Value::Null)?;
        let runs = |value: &Value| {
            let mut runs: Vec<_> =
                list(value).iter().map(|run| (run["line"].as_u64(), run["platform"].to_string())).collect();
            runs.sort();
            runs
        };
        let (want, got) = (runs(&build["runs"]), runs(&got["runs"]));
        if want != got {
            return Err(format!("want {want:?}\ngot  {got:?}").into());
        }
    }
    Ok(())
}

/// The fields that both sides have; what is absent counts as empty.
fn comparable(instruction: &Value) -> Value {
    let or_empty = |value: &Value| if value.is_null() { json!([]) } else { value.clone() };
    let mut value = json!({
        "keyword": instruction["keyword"],
        "flags": or_empty(&instruction["flags"]),
        "args": or_empty(&instruction["args"]),
        "json": instruction["json"] == true,
        "heredocs": or_empty(&instruction["heredocs"]),
        "start_line": instruction["start_line"],
        "end_line": instruction["end_line"],
    });
    if instruction["onbuild"].is_object() {
        value["onbuild"] = comparable(&instruction["onbuild"]);
    }
    value
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn equal(got: &Value, want: &Value) -> Result<(), Failed> {
    if got == want { Ok(()) } else { Err(format!("want {want}\ngot  {got}").into()) }
}
