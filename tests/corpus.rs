//! Whole Dockerfiles, with what dflint says of them and makes of them.
//!
//! Beside `NAME.Dockerfile` stand `NAME.expected.toml` and, if a safe fix changes it, `NAME.fixed.Dockerfile`.
//! `UPDATE=1 cargo test --test corpus` writes both: read what changed before you commit it.

mod builds;

use std::fs;
use std::path::{Path, PathBuf};

use builds::{emulated_runs, exported_platform, file};
use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options, Report};
use dflint::syntax;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials = dockerfiles().into_iter().map(|path| {
        let name = path.strip_prefix(corpus()).unwrap().with_extension("");
        Trial::test(name.to_string_lossy().replace('\\', "/"), move || check(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The Dockerfiles of the corpus without their fixed forms.
fn dockerfiles() -> Vec<PathBuf> {
    let folders = fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".Dockerfile") && !name.ends_with(".fixed.Dockerfile")
        })
        .collect();
    paths.sort();
    paths
}

fn check(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path).unwrap();
    let engine = Engine::new(Options::default());
    let found = engine.check(&file(&text));
    let fixed = engine.fix(&file(&text), Applicability::Safe);
    let new = fixed.file.text();
    if !syntax::parse(&file(&text)).errors.is_empty() || !fixed.refused.is_empty() {
        return Err(format!("syntax errors, or refused fixes: {:?}", fixed.refused).into());
    }
    if engine.fix(&fixed.file, Applicability::Safe).file.text() != new {
        return Err("a second fix changes it again".into());
    }
    for at_least in [Applicability::Safe, Applicability::Unsafe] {
        let new = engine.fix(&file(&text), at_least).file;
        for target in ["linux/amd64", "linux/arm64"] {
            if exported_platform(new.text(), target) != exported_platform(&text, target) {
                return Err(format!("a fix moves the exported stage:\n{}", new.text()).into());
            }
        }
        if emulated_runs(new.text()) > emulated_runs(&text) {
            return Err(format!("a fix makes more RUNs emulated:\n{}", new.text()).into());
        }
    }
    let expected = format!(
        "# What dflint finds, by line, and what is left after the safe fixes.\n\
         findings = {}\n\
         left = {}\n\n\
         # RUNs that a build for linux/arm64 on linux/amd64 emulates.\n\
         emulated-before = {}\n\
         emulated-after = {}\n",
        list(&text, &found),
        list(new, &fixed.remaining),
        emulated_runs(&text),
        emulated_runs(new),
    );
    hold(&path.with_extension("expected.toml"), Some(&expected))?;
    hold(&path.with_extension("fixed.Dockerfile"), (new != text).then_some(new))
}

/// `["4: XC101 (safe)", "9: XC301"]`: line, code and how far the best fix may be trusted.
fn list(text: &str, report: &Report) -> String {
    let one = |finding: &dflint::diagnostics::Diagnostic| {
        let fix = match finding.fixes.iter().map(|fix| fix.applicability).max() {
            Some(Applicability::Safe) => " (safe fix)",
            Some(Applicability::Unsafe) => " (unsafe fix)",
            Some(Applicability::DisplayOnly) | None => "",
        };
        format!("{:?}", format!("{}: {}{fix}", file(text).line(finding.primary.start()), finding.code))
    };
    let all: Vec<_> = report.diagnostics.iter().map(one).collect();
    format!("[{}]", all.join(", "))
}

/// Holds a file against what it should be, or writes it. `None` is a file that should not be there.
fn hold(path: &Path, expected: Option<&str>) -> Result<(), Failed> {
    let found = fs::read_to_string(path).ok();
    if found.as_deref() == expected {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        match expected {
            Some(text) => fs::write(path, text).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
        return Ok(());
    }
    let (found, expected) = (found.unwrap_or_default(), expected.unwrap_or_default());
    let diff = similar::TextDiff::from_lines(found.as_str(), expected);
    let diff = diff.unified_diff().header("as it stands", "as dflint has it now").to_string();
    Err(format!("{}\n{diff}\n`UPDATE=1 cargo test --test corpus` writes it", path.display()).into())
}
