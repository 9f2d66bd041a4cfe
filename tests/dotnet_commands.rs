//! The command lines that dflint writes for .NET, against the options that each SDK takes: its compilers are in no package
//! registry that the engine's tests install from, so this is what can be held without one.
//!
//! Source of the table: dotnet/sdk `src/Cli` and learn.microsoft.com/dotnet/core/tools, SDK 6 to 10.

mod cards;

use std::fs;
use std::path::Path;

use cards::{Card, Toolchain, ToolchainCard};
use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::model::{Argument, Facts, Invocation, Project, WORLDS};
use dflint::syntax;
use dflint::text::SourceFile;

/// What may stand behind an option.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    Nothing,
    One,
    /// `true` or `false`, or nothing.
    Switch,
}
use Takes::{Nothing, One, Switch};

/// An option: its spellings, what it takes, the subcommands that have it, and the first SDK in which they all do.
type Row = (&'static [&'static str], Takes, &'static [&'static str], u32);

const ALL: &[&str] = &["restore", "build", "publish"];
const COMPILE: &[&str] = &["build", "publish"];

const OPTIONS: &[Row] = &[
    (&["-a", "--arch"], One, COMPILE, 6),
    (&["-a", "--arch"], One, &["restore"], 8),
    (&["--os"], One, COMPILE, 6),
    (&["-r", "--runtime"], One, ALL, 6),
    (&["-c", "--configuration"], One, COMPILE, 6),
    (&["-f", "--framework"], One, COMPILE, 6),
    (&["-o", "--output"], One, COMPILE, 6),
    (&["-v", "--verbosity"], One, ALL, 6),
    (&["--version-suffix"], One, COMPILE, 6),
    (&["-s", "--source"], One, ALL, 6),
    (&["--packages", "--configfile", "--lock-file-path"], One, &["restore"], 6),
    (&["--manifest"], One, &["publish"], 6),
    (&["--artifacts-path"], One, ALL, 8),
    (&["--self-contained", "--sc"], Switch, COMPILE, 6),
    (&["--no-self-contained", "--no-restore"], Nothing, COMPILE, 6),
    (&["--no-incremental"], Nothing, &["build"], 6),
    (&["--no-dependencies"], Nothing, &["restore", "build"], 6),
    (&["--no-build"], Nothing, &["publish"], 6),
    (&["--nologo"], Nothing, COMPILE, 6),
    (
        &["--no-cache", "--locked-mode", "--use-lock-file", "--force", "--ignore-failed-sources"],
        Nothing,
        &["restore"],
        6,
    ),
    (&["--disable-parallel", "--force-evaluate", "--interactive"], Nothing, &["restore"], 6),
    (&["--use-current-runtime", "--ucr"], Switch, ALL, 7),
];

/// What an architecture may be called behind `-a`. Since SDK 7.0.300 `amd64` is one of them.
const ARCHITECTURES: &[&str] = &["x64", "x86", "arm", "arm64"];

/// What is wrong with a command line of SDK `version`, written for `restore`, `build` or `publish`.
fn faults(subcommand: &str, words: &[String], version: u32) -> Vec<String> {
    let mut faults = vec![];
    let (mut seen, mut operands): (Vec<&str>, Vec<&str>) = (vec![], vec![]);
    let mut words = words.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        if is_msbuild_property(word) {
            if word.contains("RuntimeIdentifier=") && word.ends_with("-amd64") {
                faults.push(format!("{word}: a property's value is not translated"));
            }
            continue;
        }
        if !word.starts_with('-') {
            operands.push(word);
            continue;
        }
        let (name, joined) =
            word.split_once(['=', ':']).map_or((word, None), |(name, value)| (name, Some(value)));
        let row = OPTIONS.iter().find(|(names, _, of, _)| names.contains(&name) && of.contains(&subcommand));
        let Some((names, takes, _, since)) = row else {
            faults.push(format!("dotnet {subcommand} has no option {name}"));
            continue;
        };
        if version < *since {
            faults.push(format!("{name} came with SDK {since}"));
        }
        let value = joined.or_else(|| match takes {
            Nothing => None,
            One => words.next(),
            Switch => words.next_if(|next| ["true", "false"].contains(next)),
        });
        if *takes == One && value.is_none_or(|value| value.is_empty() || value.starts_with('-')) {
            faults.push(format!("{name} has no value"));
        }
        if names.contains(&"-a") && !value.is_some_and(|value| understands(value, version)) {
            faults.push(format!("SDK {version} does not understand -a {}", value.unwrap_or_default()));
        }
        if names.contains(&"-r") && value.is_some_and(|value| value.ends_with("-amd64")) && version < 8 {
            faults.push(format!("SDK {version} may not understand a runtime identifier with amd64"));
        }
        seen.push(names[0]);
    }
    let target = ["-a", "-r", "--os"].map(|name| seen.iter().filter(|&&seen| seen == name).count());
    if target[1] > 0 && (target[0] > 0 || target[2] > 0) || target.iter().any(|count| *count > 1) {
        faults.push("the target is given twice".to_owned());
    }
    if operands.len() > 1 {
        faults.push(format!("more than one project: {}", operands.join(" ")));
    }
    let solution = operands.iter().any(|operand| {
        let extension = std::path::Path::new(operand).extension();
        extension.is_some_and(|extension| extension == "sln" || extension == "slnx")
    });
    if solution && target.iter().any(|count| *count > 0) && subcommand != "restore" {
        faults.push("a solution cannot be built for one runtime (NETSDK1134)".to_owned());
    }
    faults
}

fn understands(architecture: &str, version: u32) -> bool {
    ARCHITECTURES.contains(&architecture) || architecture == "amd64" && version >= 8
}

/// `-p:Name=value`, and what else goes on to `MSBuild`.
fn is_msbuild_property(word: &str) -> bool {
    let option = word.trim_start_matches(['-', '/']);
    let forwarded = ["p:", "property:", "t:", "target:", "m:", "maxcpucount", "warnaserror", "bl", "clp:"];
    option.len() < word.len() && (forwarded.iter().any(|name| option.starts_with(name)) || option == "m")
}

/// The subcommand and its arguments in the build of one world, unknown words as they are written; none for other programs.
fn command_line(facts: &Facts<'_>, invocation: &Invocation, world: usize) -> Option<(String, Vec<String>)> {
    let shown = |word: &Argument| {
        word.value.world(world).text().unwrap_or_else(|| facts.file().slice(word.range)).to_owned()
    };
    let mut words = invocation.words.iter().map(shown);
    let program = words.next()?;
    let subcommand = words.next().filter(|word| program == "dotnet" && ALL.contains(&word.as_str()))?;
    Some((subcommand, words.collect()))
}

/// The fixed texts of the corpus and of the cards that are about .NET, with a name for each.
fn fixed_texts() -> Vec<(String, String)> {
    let mut texts = vec![];
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/dotnet");
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "Dockerfile") {
            texts.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    let examples = cards::cards().into_iter().flat_map(|Card { code, examples, .. }| {
        examples.into_iter().map(move |example| (code.clone(), example))
    });
    let of_toolchains =
        cards::toolchain_cards().into_iter().flat_map(|ToolchainCard { id, examples, .. }| {
            examples.into_iter().map(move |example| (id.clone(), example))
        });
    for (of, example) in
        examples.chain(of_toolchains).filter(|(_, example)| example.is_about(Toolchain::Dotnet))
    {
        texts.push((format!("{of}: {}", example.subject()), example.text().to_owned()));
    }
    texts
}

#[test]
fn what_fixes_write_is_what_the_sdk_takes() {
    let engine = Engine::new(Options::default());
    let (mut wrong, mut commands) = (vec![], 0);
    for (name, text) in fixed_texts() {
        let file = SourceFile::new("Dockerfile", text.as_str()).unwrap();
        let fixed = engine.fix(&file, Applicability::Unsafe).file;
        if fixed.text() == text {
            continue;
        }
        let parse = syntax::parse(&fixed);
        let project = Project::default();
        let facts = Facts::new(&fixed, &parse, &project);
        for at in 0..facts.stages().len() {
            let Some(version) = facts.root_image(at).and_then(|image| major(image.tag()?)) else { continue };
            for (_, invocation) in facts.invocations(at) {
                for world in 0..WORLDS {
                    let Some((subcommand, words)) = command_line(&facts, invocation, world) else { continue };
                    commands += 1;
                    for fault in faults(&subcommand, &words, version) {
                        wrong.push(format!("{name}: {}: {fault}", fixed.slice(invocation.range)));
                    }
                }
            }
        }
    }
    wrong.dedup();
    assert!(commands > 200, "only {commands} command lines");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn major(tag: &str) -> Option<u32> {
    tag.split(['.', '-']).next()?.parse().ok()
}

#[test]
fn the_table_knows_wrong_command_lines() {
    let faults_of = |line: &str, version| {
        let mut words = line.split(' ').map(str::to_owned);
        let subcommand = words.next().unwrap();
        faults(&subcommand, &words.collect::<Vec<_>>(), version)
    };
    for (line, version) in [
        ("restore App.csproj -a amd64", 7),
        ("publish App.csproj -a 386", 8),
        ("publish App.csproj -a x64 -r linux-x64", 8),
        ("publish App.sln -a amd64", 8),
        ("restore App.csproj --self-contained", 8),
        ("publish App.csproj -p:RuntimeIdentifier=linux-amd64", 8),
        ("publish App.csproj -a", 8),
        ("publish One.csproj Two.csproj", 8),
        ("build App.csproj --no-build", 8),
    ] {
        assert!(!faults_of(line, version).is_empty(), "{line} with SDK {version}");
    }
    for (line, version) in [
        ("restore App.sln -a amd64", 8),
        (
            "publish App.csproj -c Release -o /app --no-restore -a arm64 --self-contained false /p:UseAppHost=false",
            8,
        ),
        ("build --arch=x64 App.csproj --self-contained", 6),
    ] {
        assert!(faults_of(line, version).is_empty(), "{line} with SDK {version}");
    }
}
