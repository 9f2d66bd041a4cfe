//! Completions and manual: they come from the definitions that `--help` comes from, and say what it says.

mod common;

use common::Folder;

const NONE: &[(&str, &str)] = &[];

fn printed(arguments: &[&str]) -> String {
    let run = Folder::new(NONE).run(arguments);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    run.stdout
}

/// The names of the commands, as `dflint help` lists them.
fn commands() -> Vec<String> {
    let help = printed(&["help"]);
    let list = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    list.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_has_examples_and_its_exit_status_in_help_and_manual() {
    for command in commands().iter().filter(|command| *command != "help") {
        for help in ["-h", "--help"] {
            let help = printed(&[command, help]);
            assert!(help.contains(&format!("Examples:\n  dflint {command}")), "{help}");
            assert!(help.contains("Exit status:"), "{help}");
        }
        let page = printed(&["man", command]);
        assert!(page.starts_with(".ie") && page.contains(&format!(".TH dflint-{command} 1")), "{page}");
        assert!(
            page.contains(".SH EXAMPLES") && page.contains("Exit status:") | page.contains("EXIT STATUS"),
            "{page}"
        );
    }
}

#[test]
fn shells_complete_commands_options_and_rules() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for word in commands().iter().map(String::as_str).chain(["output-format"]) {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    for shell in ["bash", "fish", "zsh"] {
        let script = printed(&["completions", shell]);
        assert!(script.contains("XC101") && script.contains("sarif"), "{shell}");
    }
}
