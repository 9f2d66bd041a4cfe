//! Commands that run another command, and the language that a text is in.

mod support;

use dflint::shell::{self, Runs, ShellLanguage, SimpleCommand};
use support::sexp;

fn first(text: &str) -> SimpleCommand {
    let script = shell::parse(text);
    script.simple_commands().into_iter().next().cloned().unwrap_or_default()
}

/// What the first command of `text` runs: its words, the assignments that wrappers add, the script behind a shell.
fn effective(text: &str) -> String {
    let simple = first(text);
    let effective = simple.effective(text);
    let mut shown = String::new();
    for assignment in &effective.assignments {
        shown.extend([&assignment.name, "=", &sexp::word(&assignment.value), " "]);
    }
    if effective.cleared {
        shown += "cleared ";
    }
    match effective.runs {
        Runs::Words => {
            shown += &simple.words[effective.first..].iter().map(sexp::word).collect::<Vec<_>>().join(" ");
        }
        Runs::Script(inner) => {
            // Every word of the inner script is found in the outer text.
            inner.script.for_each_part(|part| {
                let source = inner.text.to_source(part.range);
                assert!(text.get(std::ops::Range::<usize>::from(source)).is_some());
            });
            shown.extend(["«", &sexp::script(&inner.script), "»"]);
            shown += if inner.expanded_first { " expanded" } else { "" };
        }
        Runs::Unknown => shown += "UNKNOWN",
    }
    shown
}

#[test]
fn wrappers_are_taken_away() {
    for (text, expected) in [
        ("make all", "make all"),
        ("A=b make", "make"),
        ("env make", "make"),
        ("env A=b C=\"$d\" make", "A=b C=\"$d\" make"),
        ("/usr/bin/env -i -u X A='b c' make", "A='b c' cleared make"),
        ("env -uX --chdir=/x --chdir y make", "cleared make"),
        ("env -S 'a b'", "UNKNOWN"),
        ("env", "env"),
        ("time make", "make"),
        ("time -p -o x make", "make"),
        ("nice -n 10 make", "make"),
        ("nice -10 make", "make"),
        ("nohup make", "make"),
        ("exec -a name make", "make"),
        ("exec -c make", "cleared make"),
        ("exec >x", "exec"),
        ("command -p make", "make"),
        ("command -v make", "command -v make"),
        ("sudo make", "cleared make"),
        ("sudo -E make", "make"),
        ("sudo -EH -u root A=b make", "A=b make"),
        ("sudo --preserve-env=PATH -- make -j", "make -j"),
        ("sudo --what make", "UNKNOWN"),
        ("sudo -u$USER make", "UNKNOWN"),
        ("gosu app make", "make"),
        ("su-exec app:app make", "make"),
        ("chroot --userspec=a /rootfs make", "make"),
        ("timeout -k 5 --foreground 10s make", "make"),
        ("timeout -s9 10 make", "make"),
        ("setarch i686 make", "make"),
        ("setarch -R make", "make"),
        ("linux32 -v make", "make"),
        ("stdbuf -oL -e 0 make", "make"),
        ("ionice -c3 nice make", "make"),
        ("ionice -p 1", "ionice -p 1"),
        ("chpst -u app -m 100 make", "make"),
        ("xargs -0 -n1 -P 4 -I{} make {}", "make {}"),
        ("xargs -0rn 1 make", "make"),
        ("xargs", "xargs"),
        ("xargs --no-run-if-empty --max-args=1 -i make", "make"),
        ("tini -g -- env A=b nice make", "A=b make"),
        ("env $OPTS make", "$OPTS make"),
        ("$X make", "$X make"),
    ] {
        assert_eq!(effective(text), expected, "\nof {text}");
    }
}

#[test]
fn scripts_of_shells_are_read() {
    for (text, expected) in [
        ("sh -c 'make && make install'", "«(make) && (make install)»"),
        ("/bin/sh -ec \"make -j \\$(nproc) a\\\\b\"", "«(make -j $((nproc)) a'b')»"),
        ("bash -lc 'a' name arg", "«(a)»"),
        ("bash -euxo pipefail -c 'a | b'", "«(a) | (b)»"),
        ("bash -o pipefail -O extglob --norc --rcfile x -c a", "«(a)»"),
        ("env A=b sudo -E bash -c 'a'", "A=b «(a)»"),
        ("sh -c 'echo '\\''a b'\\'", "«(echo 'a b')»"),
        ("sh -c \"echo $X \\\"${Y:-z}\\\" \\$Z $(a)\"", "«(echo $X \"${Y :- 'z'}\" $Z $((a)))» expanded"),
        ("sh -c \"echo '$X'\"", "UNKNOWN"),
        ("sh -c \"a # $X\"", "UNKNOWN"),
        ("sh -c \"$X\"", "«($X)» expanded"),
        ("sh -c $'a\\tb'", "UNKNOWN"),
        ("sh -c", "UNKNOWN"),
        ("sh $X -c a", "UNKNOWN"),
        ("sh x.sh -c a", "sh x.sh -c a"),
        ("bash", "bash"),
        ("eval a 'b c' \"$D\"", "«(a b c $D)» expanded"),
        ("eval \"$(tool)\"", "«($((tool)))» expanded"),
        ("eval eval eval a", "«(a)»"),
        ("su - app -c 'a b'", "«(a b)»"),
        ("pwsh -c 'a'", "pwsh -c 'a'"),
        ("python3 -c 'import os'", "python3 -c 'import os'"),
        ("sh -c 'a \"b'", "«(UNKNOWN) !2..3 `\"` is never closed»"),
    ] {
        assert_eq!(effective(text), expected, "\nof {text}");
    }
}

#[test]
fn inner_scripts_lead_back_to_the_outer_text() {
    let text = "A=b sh -ec \"make \\\"X=$V\\\" \\\n  all\" ; c";
    let simple = first(text);
    let Runs::Script(inner) = simple.effective(text).runs else { panic!("a script") };
    assert_eq!(inner.text.as_str(), "make \"X=$V\"   all");
    let words: Vec<_> = inner.script.simple_commands()[0]
        .words
        .iter()
        .map(|word| &text[inner.text.to_source(word.range)])
        .collect();
    assert_eq!(words, ["make", "\"X=$V\\\"", "all"]);
    let mut variables = Vec::new();
    inner.script.for_each_variable(|part, _| variables.push(&text[inner.text.to_source(part.range)]));
    assert_eq!(variables, ["$V"]);
}

#[test]
fn a_long_chain_takes_no_longer_than_its_text() {
    for text in ["env A=b ", "nice ", "exec ", "eval ", "sudo -E -u x ", "env sudo "] {
        let text = text.repeat(100_000) + "make";
        assert!(effective(&text).ends_with("make") || effective(&text).ends_with("«(make)»"));
    }
}

#[test]
fn find_runs_commands() {
    let simple = first("find . -name '*.so' -exec strip -s {} \\; -o -execdir a b {} + -print");
    let shown: Vec<_> = simple
        .find_commands()
        .into_iter()
        .map(|range| simple.words[range].iter().map(sexp::word).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(shown, ["strip -s {}", "a b {}"]);
}

#[test]
fn input_is_code_or_data() {
    use ShellLanguage::{Bash, Other, Posix};
    for (text, expected) in [
        ("bash <<E", Some(Bash)),
        ("sh -ex <<E", Some(Posix)),
        ("bash -s -- a <<E", Some(Bash)),
        ("sudo -E bash - <<E", Some(Bash)),
        ("/bin/bash x.sh <<E", None),
        ("bash -c a <<E", None),
        ("python3 <<E", Some(Other)),
        ("python3.11 - <<E", Some(Other)),
        ("python3 x.py <<E", None),
        ("cat <<E", None),
        ("tee /x <<E", None),
    ] {
        assert_eq!(first(text).input_language(text), expected, "\nof {text}");
    }
}

#[test]
fn languages() {
    use ShellLanguage::{Bash, Cmd, Other, Posix, PowerShell};
    for (words, expected) in [
        (&["/bin/sh", "-c"][..], Posix),
        (&["/bin/ash", "-eo", "pipefail", "-c"], Posix),
        (&["/bin/bash", "-o", "pipefail", "-c"], Bash),
        (&["/usr/bin/zsh", "-c"], Bash),
        (&["powershell", "-Command"], PowerShell),
        (&["C:\\Program Files\\PowerShell\\7\\pwsh.EXE", "-Command"], PowerShell),
        (&["cmd", "/S", "/C"], Cmd),
        (&["conda", "run", "-n", "x", "/bin/bash", "-c"], Bash),
        (&["/usr/bin/python3", "-c"], Other),
        (&[], Other),
    ] {
        assert_eq!(ShellLanguage::of_shell_instruction(words.iter().copied()), expected, "\nof {words:?}");
    }
    for (body, expected) in [
        ("a\nb\n", None),
        ("#!/bin/sh\na", Some(Posix)),
        ("#! /bin/bash -e\r\na", Some(Bash)),
        ("#!/usr/bin/env bash\na", Some(Bash)),
        ("#!/usr/bin/env -S A=b bash -e\n", Some(Bash)),
        ("#!/usr/bin/env python3\n", Some(Other)),
        ("#!/usr/bin/python3", Some(Other)),
        ("#!", None),
        ("# !/bin/sh\n", None),
    ] {
        assert_eq!(ShellLanguage::of_shebang(body), expected, "\nof {body:?}");
        assert_eq!(ShellLanguage::of_run_heredoc(body, Cmd), expected.unwrap_or(Cmd));
    }
}
