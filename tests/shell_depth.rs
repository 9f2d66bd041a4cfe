//! Text that is made to break a parser: very deep, very long, never closed.

use dflint::shell;

const MANY: usize = 100_000;

#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "(", "( ", "{ ", "$(", "\"$(", "`", "\"`", "${x:-", "\"${x:-", "${x:-\"",
    "$((", "$(( ", "((", "(( ", "<(", "<( ", "$((a)", "if ", "if a; then ", "if a; then b; elif ",
    "while ", "while a; do ", "until ", "for x in a; do ", "for ((", "for x in $(", "select x in a; do ", "case x in a) ", "case $(", "case x in ",
    "f() ", "f() {", "f() { ", "function f ", "[[ ", "[[ ( ", "[[ $(", "@(", "a@(", "a=(",
    "a=($(", "a | ", "a && ", "a; ", "a & ", "! ", "a |", "||", ";;", ")",
    "} ", "fi ", "fi; ", "then\n", "a ) ", "time ", "x=y ", "> a ", ">", "<<",
    "<<a ", "<<a\n", "<<a <<a\n", "'", "\"", "$'", "$\"", "\\", "\\\\", "\\`",
    "\\\n", "\\\r\n", "\r\n", "$", "#", "# \n", "{", "[", "é", "${",
    "${x", "${#", "$[", "$((x+", "a[", "a[1]=", "cat <<a; $(cat <<b\n", "`\\`", "$(`", "$(( `",
    "\"$((", "$(($(", "$((a) $((", "a=(a=(", "@(a|@(", "=~ ", "[[ a =~ (", "[[ a =~ ",
];

/// Parses, copies, compares, prints and drops on half the stack that a thread gets, in a debug build too.
fn survives(text: String, print: bool) {
    let run = move || {
        let script = shell::parse(&text);
        let copy = script.clone();
        assert_eq!(script, copy);
        assert!(!print || !format!("{copy:?}").is_empty());
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread").join().expect("no panic");
}

#[test]
fn openers_that_are_never_closed() {
    for opener in OPENERS {
        survives(opener.repeat(MANY), false);
    }
}

#[test]
fn nests_that_are_closed() {
    for (opener, closer) in [
        ("(", ")"),
        ("( ", " )"),
        ("{ ", "; }"),
        ("$(", ")"),
        ("\"$(", ")\""),
        ("${x:-", "}"),
        ("\"${x:-", "}\""),
        ("$((", "))"),
        ("$(( ", ") )"),
        ("((", "))"),
        ("((", ") )"),
        ("<(", ")"),
        ("if a; then ", "; fi"),
        ("if ", "; then a; fi"),
        ("while a; do ", "; done"),
        ("case x in a) ", ";; esac"),
        ("for x in a; do ", "; done"),
        ("f() { ", "; }"),
        ("@(", ")"),
        ("[[ ( ", " ) ]]"),
        ("a=(", ")"),
        ("cat <<x\n$(", "\nx\n)"),
    ] {
        for depth in [100, 150, 250, 10_000, MANY] {
            survives(opener.repeat(depth) + "a" + &closer.repeat(depth), depth < MANY);
        }
    }
}
