//! Do no harm: what the fixes make of Dockerfiles that no one here wrote.
//!
//! `HARM=FOLDER cargo test --test harm -- --nocapture` checks and mends, in memory, every file of a folder and prints what
//! was found; `HARM_OUT=FOLDER` as well writes the mended files and diffs there, to be read. Without HARM it has nothing to
//! do: other people's Dockerfiles are no part of this project, except for those of the corpus.

mod builds;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use builds::{emulated_runs, emulated_runs_of_all_stages, exported_platform};
use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::syntax;
use dflint::text::SourceFile;

/// What the findings of a rule come with.
#[derive(Default)]
struct Row {
    files: usize,
    findings: usize,
    safe: usize,
    with_doubt: usize,
    advice: usize,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

fn corpus() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folders =
        fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let is_dockerfile = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "Dockerfile");
    folders.flat_map(|folder| files(&folder)).filter(is_dockerfile).collect()
}

/// What a fix of `text` must not do; the mended text.
fn mend(engine: &Engine, file: &SourceFile, at_least: Applicability) -> Result<String, String> {
    let errors = |file: &SourceFile| syntax::parse(file).errors.len();
    let fixed = engine.fix(file, at_least);
    let new = fixed.file.text();
    if errors(&fixed.file) > errors(file) {
        return Err("it parses worse".to_owned());
    }
    if let Some(refused) = fixed.refused.first() {
        return Err(format!("a fix of {} was refused: {}", refused.fix.code, refused.reason));
    }
    if engine.fix(&fixed.file, at_least).file.text() != new {
        return Err("a second run changes it again".to_owned());
    }
    for target in ["linux/amd64", "linux/arm64"] {
        if exported_platform(new, target) != exported_platform(file.text(), target) {
            return Err(format!("the exported stage moves, for {target}"));
        }
    }
    // Not those that are needed: an argument that no longer chooses the wrong stage may choose one with more of them.
    if emulated_runs_of_all_stages(new) > emulated_runs_of_all_stages(file.text()) {
        return Err("more RUNs are emulated".to_owned());
    }
    Ok(new.to_owned())
}

#[test]
fn fixes_do_no_harm() {
    let given = std::env::var_os("HARM").map(PathBuf::from);
    let paths = given.as_deref().map_or_else(corpus, files);
    let out = std::env::var_os("HARM_OUT").map(PathBuf::from);
    let engine = Engine::new(Options::default());
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut harm = Vec::new();
    let (mut read, mut safely, mut unsafely, mut before, mut after, mut after_all) = (0, 0, 0, 0, 0, 0);
    for path in &paths {
        let Ok(text) = fs::read_to_string(path) else { continue };
        let Ok(file) = SourceFile::new(path, text) else { continue };
        read += 1;
        let mut codes: Vec<&str> = Vec::new();
        for finding in engine.check(&file).diagnostics {
            let row = rows.entry(finding.code).or_default();
            row.findings += 1;
            match finding.fixes.iter().map(|fix| fix.applicability).max() {
                Some(Applicability::Safe) => row.safe += 1,
                Some(Applicability::Unsafe) => row.with_doubt += 1,
                Some(Applicability::DisplayOnly) | None => row.advice += 1,
            }
            if !codes.contains(&finding.code) {
                codes.push(finding.code);
                row.files += 1;
            }
        }
        let mut last = file.text().to_owned();
        before += emulated_runs(&last);
        for (at_least, count, runs, name) in [
            (Applicability::Safe, &mut safely, &mut after, "safe"),
            (Applicability::Unsafe, &mut unsafely, &mut after_all, "unsafe"),
        ] {
            let start = SourceFile::new(path, last.clone()).expect("as large as before");
            match mend(&engine, &start, at_least) {
                Ok(new) => {
                    *runs += emulated_runs(&new);
                    if new != last {
                        *count += 1;
                        if let Some(out) = &out {
                            let diff = similar::TextDiff::from_lines(&last, &new);
                            let diff =
                                diff.unified_diff().context_radius(100).header("before", "after").to_string();
                            let name = format!("{}.{name}.diff", path.file_name().unwrap().to_string_lossy());
                            fs::write(out.join(name), diff).unwrap();
                        }
                    }
                    last = new;
                }
                Err(reason) => harm.push(format!("{} ({name}): {reason}", path.display())),
            }
        }
    }
    println!("| rule | files | findings | safe fix | unsafe fix | advice |\n|---|---|---|---|---|---|");
    for (code, row) in &rows {
        let Row { files, findings, safe, with_doubt: unsafe_, advice } = row;
        println!("| {code} | {files} | {findings} | {safe} | {unsafe_} | {advice} |");
    }
    println!("{read} files; {safely} changed by safe fixes, {unsafely} by unsafe ones on top");
    println!("emulated RUNs: {before}, {after} after safe fixes, {after_all} after all");
    assert!(harm.is_empty(), "{harm:#?}");
}
