//! Every sample in `rules/knowledge` is recognised as what its entry says, by way of a Dockerfile.

use std::fs;
use std::path::Path;

use dflint::model::{Facts, Project};
use dflint::syntax;
use dflint::text::SourceFile;
use serde::Deserialize;

#[derive(Deserialize)]
struct Knowledge {
    #[serde(default)]
    command: Vec<Command>,
    #[serde(default)]
    image: Vec<Image>,
}

#[derive(Deserialize)]
struct Command {
    names: Vec<String>,
    samples: Vec<String>,
}

#[derive(Deserialize)]
struct Image {
    name: String,
    samples: Vec<String>,
}

fn knowledge() -> Knowledge {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/knowledge");
    let mut all = Knowledge { command: vec![], image: vec![] };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let file: Knowledge =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        all.command.extend(file.command);
        all.image.extend(file.image);
    }
    all
}

/// Asks the facts of a Dockerfile.
fn ask<T>(text: String, question: impl FnOnce(&Facts<'_>) -> T) -> T {
    let file = SourceFile::new("Dockerfile", text).unwrap();
    let parse = syntax::parse(&file);
    assert!(parse.errors.is_empty(), "{}: {:?}", file.text(), parse.errors);
    question(&Facts::new(&file, &parse, &Project::default()))
}

#[test]
fn commands_are_recognised() {
    let mut wrong = vec![];
    for command in knowledge().command {
        assert!(!command.samples.is_empty(), "{:?} has no sample", command.names);
        for sample in &command.samples {
            let found = ask(format!("FROM x\nRUN {sample}\n"), |facts| {
                let found = facts.invocations(0).find_map(|(_, invocation)| invocation.command);
                found.map(|command| command.name)
            });
            let is_it = found.is_some_and(|found| command.names.iter().any(|name| name == found));
            if !is_it {
                wrong.push(format!("`{sample}` is taken for {found:?}, not for one of {:?}", command.names));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn images_are_recognised() {
    for image in knowledge().image {
        assert!(!image.samples.is_empty(), "{} has no sample", image.name);
        for sample in &image.samples {
            let found = ask(format!("FROM {sample}\n"), |facts| {
                facts.root_image(0).and_then(|image| image.known).map(|known| known.name)
            });
            assert_eq!(found, Some(image.name.as_str()), "{sample}");
        }
    }
}
