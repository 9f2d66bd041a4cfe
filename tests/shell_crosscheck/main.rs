//! The shell splitter against mvdan-sh: the same simple commands, assignments, words and variables, at the same bytes.
//!
//! `answers.jsonl` holds texts that are hard to split with the answers of mvdan-sh, one JSON object a line; `ask.js`
//! wrote it from `texts.jsonl`. To compare other texts (a line is `{"text": "…"}`):
//!
//! ```sh
//! npm install mvdan-sh@0.10.1 && node tests/shell_crosscheck/ask.js texts.jsonl answers.jsonl
//! SHELL_ANSWERS=$PWD/answers.jsonl cargo test --test shell_crosscheck -- --nocapture
//! ```

use std::collections::BTreeSet;

use dflint::shell::{self, Script};
use dflint::text::TextRange;
use serde_json::Value;

/// A simple command as the ranges of its assignments and of its words.
type Command = (Vec<(u64, u64)>, Vec<(u64, u64)>);
/// A variable with a dollar: where the dollar stands, and the name.
type Variable = (u64, String);

fn bytes(range: TextRange) -> (u64, u64) {
    (u32::from(range.start()).into(), u32::from(range.end()).into())
}

fn our_commands(script: &Script, text: &str) -> BTreeSet<Command> {
    let mut commands = BTreeSet::new();
    for simple in script.simple_commands() {
        let assignments: Vec<_> =
            simple.assignments.iter().map(|assignment| bytes(assignment.range)).collect();
        let mut words: Vec<_> = simple.words.iter().map(|word| bytes(word.range)).collect();
        // There, `time` belongs to the pipeline.
        if simple.words.first().is_some_and(|word| &text[word.range] == "time") {
            words.remove(0);
            if simple.words.get(1).is_some_and(|word| &text[word.range] == "-p") {
                words.remove(0);
            }
        }
        if !assignments.is_empty() || !words.is_empty() {
            commands.insert((assignments, words));
        }
    }
    commands
}

fn our_variables(script: &Script, text: &str) -> BTreeSet<Variable> {
    let mut variables = BTreeSet::new();
    script.for_each_variable(|part, variable| {
        if text[part.range].starts_with('$') {
            variables.insert((bytes(part.range).0, variable.name.clone()));
        }
    });
    variables
}

fn ranges(value: &Value) -> Vec<(u64, u64)> {
    let number = |value: &Value| value.as_u64().expect("an offset");
    value.as_array().expect("ranges").iter().map(|range| (number(&range[0]), number(&range[1]))).collect()
}

fn their_commands(answer: &Value) -> BTreeSet<Command> {
    let commands = answer["commands"].as_array().expect("commands").iter();
    commands.map(|command| (ranges(&command["assignments"]), ranges(&command["words"]))).collect()
}

fn their_variables(answer: &Value) -> BTreeSet<Variable> {
    let variables = answer["variables"].as_array().expect("variables").iter();
    variables
        .map(|variable| {
            (variable[0].as_u64().expect("an offset"), variable[1].as_str().expect("a name").to_owned())
        })
        .collect()
}

fn show(text: &str, (assignments, words): &Command) -> String {
    let slice = |range: &(u64, u64)| {
        let [start, end] = [range.0, range.1].map(|offset| usize::try_from(offset).expect("small"));
        text.get(start..end).unwrap_or("not on a character").to_owned()
    };
    let mut parts: Vec<_> = assignments.iter().map(slice).collect();
    parts.push("|".to_owned());
    parts.extend(words.iter().map(slice));
    parts.join(" ⎵ ")
}

#[test]
fn splits_as_mvdan_sh_does() {
    let given = std::env::var("SHELL_ANSWERS").ok();
    let written = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shell_crosscheck/answers.jsonl");
    let answers = std::fs::read_to_string(given.as_deref().unwrap_or(written)).expect("the answers");
    let (mut texts, mut refused, mut commands, mut variables, mut different) = (0, 0, 0, 0, 0);
    for line in answers.lines() {
        let answer: Value = serde_json::from_str(line).expect("JSON");
        let text = answer["text"].as_str().expect("a text");
        let script = shell::parse(text);
        texts += 1;
        if answer["error"].is_string() {
            refused += 1;
            continue;
        }
        let (ours, theirs) = (our_commands(&script, text), their_commands(&answer));
        let (our_names, their_names) = (our_variables(&script, text), their_variables(&answer));
        commands += theirs.len();
        variables += their_names.len();
        if ours != theirs || our_names != their_names || !script.errors.is_empty() {
            different += 1;
            println!("--- {} {text:?}", answer["file"].as_str().unwrap_or_default());
            script.errors.iter().for_each(|error| println!("  error {error:?}"));
            ours.difference(&theirs).for_each(|command| println!("  only ours   {}", show(text, command)));
            theirs.difference(&ours).for_each(|command| println!("  only theirs {}", show(text, command)));
            our_names.difference(&their_names).for_each(|name| println!("  only ours   {name:?}"));
            their_names.difference(&our_names).for_each(|name| println!("  only theirs {name:?}"));
        }
    }
    println!(
        "{texts} texts ({refused} refused there), {commands} commands, {variables} variables, {different} texts differ"
    );
    assert_eq!(different, 0, "texts are split differently; see above");
}
