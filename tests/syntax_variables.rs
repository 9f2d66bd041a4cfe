//! Variables in words: the values that `BuildKit` gives, and where the references stand.

use dflint::syntax::variables::{
    Expansion, Lookup, Operator, expand, expand_heredoc, expand_words, for_each_expanded_word,
    heredoc_references, references,
};
use dflint::syntax::{Instruction, parse};
use dflint::text::SourceFile;

fn lookup(name: &str) -> Lookup {
    match name {
        "X" => Lookup::Set("a/b/c.tar.gz".into()),
        "E" => Lookup::Set("".into()),
        "S" => Lookup::Set("one two".into()),
        "N" => Lookup::Set("1.2.3".into()),
        "Q" => Lookup::Set("a\"b".into()),
        "U" => Lookup::Unknown,
        _ => Lookup::Unset,
    }
}

type Answer = Option<(&'static str, &'static [&'static str])>;

/// What `BuildKit` (shell/lex.go, August 2026) answers: the word as one value and as several words, or a refusal.
const ANSWERS: &[(&str, Answer)] = &[
    ("plain", Some(("plain", &["plain"]))),
    ("$X", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("${X}", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("a${X}b", Some(("aa/b/c.tar.gzb", &["aa/b/c.tar.gzb"]))),
    ("$UNSET", Some(("", &[]))),
    ("${UNSET}x", Some(("x", &["x"]))),
    ("$", Some(("$", &["$"]))),
    ("a$", Some(("a$", &["a$"]))),
    ("$$", Some(("", &[]))),
    ("$?", Some(("", &[]))),
    ("$1x", Some(("x", &["x"]))),
    ("${UNSET-d}", Some(("d", &["d"]))),
    ("${UNSET:-d}", Some(("d", &["d"]))),
    ("${E-d}", Some(("", &[]))),
    ("${E:-d}", Some(("d", &["d"]))),
    ("${X:-d}", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("${X+y}", Some(("y", &["y"]))),
    ("${X:+y}", Some(("y", &["y"]))),
    ("${E+y}", Some(("y", &["y"]))),
    ("${E:+y}", Some(("", &[]))),
    ("${UNSET+y}", Some(("", &[]))),
    ("${X:?gone}", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("${UNSET:?gone}", None),
    ("${UNSET?}", None),
    ("${E?gone}", Some(("", &[]))),
    ("${E:?gone}", None),
    ("${X#*/}", Some(("b/c.tar.gz", &["b/c.tar.gz"]))),
    ("${X##*/}", Some(("c.tar.gz", &["c.tar.gz"]))),
    ("${X%/*}", Some(("a/b", &["a/b"]))),
    ("${X%%/*}", Some(("a", &["a"]))),
    ("${X%.gz}", Some(("a/b/c.tar", &["a/b/c.tar"]))),
    ("${X#b}", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("${X%%.*}", Some(("a/b/c", &["a/b/c"]))),
    ("${N#?.}", Some(("2.3", &["2.3"]))),
    ("${N%.?}", Some(("1.2", &["1.2"]))),
    ("${X#a\\/}", Some(("b/c.tar.gz", &["b/c.tar.gz"]))),
    ("${X/b/Z}", Some(("a/Z/c.tar.gz", &["a/Z/c.tar.gz"]))),
    ("${X//./-}", Some(("a/b/c-tar-gz", &["a/b/c-tar-gz"]))),
    ("${X/*/Z}", Some(("Z", &["Z"]))),
    ("${X//\\//_}", Some(("a_b_c.tar.gz", &["a_b_c.tar.gz"]))),
    ("${X//?/x}", Some(("xxxxxxxxxxxx", &["xxxxxxxxxxxx"]))),
    ("${E//*/r}", Some(("r", &["r"]))),
    ("${X//zz/r}", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("${N/./[$0]}", Some(("1[]2.3", &["1[]2.3"]))),
    ("${N//./\\$0}", Some(("1\\.2\\.3", &["1\\.2\\.3"]))),
    ("${UNSET:-${X##*/}}", Some(("c.tar.gz", &["c.tar.gz"]))),
    ("${UNSET:-${E:-deep}}", Some(("deep", &["deep"]))),
    ("${UNSET:-\"q d\"}", Some(("q d", &["q", "d"]))),
    ("'$X'", Some(("$X", &["$X"]))),
    ("\"$X\"", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("\\$X", Some(("$X", &["$X"]))),
    ("\"\\$X\"", Some(("$X", &["$X"]))),
    ("a\\ b", Some(("a b", &["a b"]))),
    ("a'b c'd", Some(("ab cd", &["ab cd"]))),
    ("\"a'b\"", Some(("a'b", &["a'b"]))),
    ("a\"b\"c", Some(("abc", &["abc"]))),
    ("\"", None),
    ("'a", None),
    ("${", None),
    ("${X", None),
    ("${}", None),
    ("${:x}", None),
    ("${X^^}", None),
    ("${X:#a}", None),
    ("${X:1:2}", None),
    ("${X#\\a}", None),
    ("${{X}}", None),
    ("a$Sb", Some(("a", &["a"]))),
    ("$S", Some(("one two", &["one", "two"]))),
    ("\"$S\"", Some(("one two", &["one two"]))),
    ("<<EOF", Some(("<<EOF", &["<<EOF"]))),
    ("a<<  b", Some(("a<<  b", &["a<<  b"]))),
    ("${X/a}", None),
    ("$Xé", Some(("", &[]))),
    ("${X:-a\\}b}", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("\u{feff}$X", Some(("a/b/c.tar.gz", &["a/b/c.tar.gz"]))),
    ("a\\", Some(("a", &["a"]))),
];

#[test]
fn values_are_those_of_buildkit() {
    for &(word, answer) in ANSWERS {
        let value = expand(word, '\\', &mut lookup);
        let words = expand_words(word, '\\', &mut lookup);
        match answer {
            Some((one, several)) => {
                assert_eq!(value, Expansion::Known(one.to_owned()), "{word}");
                let several = several.iter().map(|&word| word.to_owned()).collect();
                assert_eq!(words, Expansion::Known(several), "{word}");
            }
            None => assert!(matches!(value, Expansion::Refused(_)), "{word}: {value:?}"),
        }
    }
}

#[test]
fn what_is_not_known_stays_unknown_where_it_matters() {
    for (word, known) in [
        ("$U", None),
        ("a${U:-b}", None),
        ("${U+a}", None),
        ("${U:+}", Some("")),
        ("${X:-$U}", Some("a/b/c.tar.gz")),
        ("${E:-$U}", None),
        ("${E+$U}", None),
        ("${UNSET+$U}", Some("")),
        ("${X#$U}", None),
        ("${U#a}", None),
        ("${X/b/$U}", None),
        ("'$U'", Some("$U")),
    ] {
        let expected = known.map_or(Expansion::Unknown, |text| Expansion::Known(text.to_owned()));
        assert_eq!(expand(word, '\\', &mut lookup), expected, "{word}");
    }
}

#[test]
fn another_escape_character() {
    assert_eq!(expand("`$X\\$E", '`', &mut lookup), Expansion::Known("$X\\".into()));
}

#[test]
fn heredocs_keep_their_quotes() {
    assert_eq!(expand_heredoc("'$N' \"\\$N\"\n", &mut lookup), Expansion::Known("'1.2.3' \"$N\"\n".into()));
}

#[test]
fn too_deep_is_unknown() {
    let deep = format!("{}{}", "${A:-".repeat(100_000), "}".repeat(100_000));
    assert_eq!(expand(&deep, '\\', &mut lookup), Expansion::Unknown);
    let patterns = format!("${{L#{}}}", "*a".repeat(2_000));
    let mut long = |_: &str| Lookup::Set(("a".repeat(100_000) + "b").into());
    assert!(!matches!(expand(&patterns, '\\', &mut long), Expansion::Refused(_)));
}

#[test]
fn references_say_what_they_do() {
    let text = r#"a$X-"${Y:-${Z##*/}}"'$N'\$N${W//a/b}"#;
    let found: Vec<_> = references(text, '\\')
        .into_iter()
        .map(|reference| {
            let operand = reference.operand.map(|range| &text[range]);
            (&text[reference.range], reference.name, reference.operator, operand)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("$X", "X".to_owned(), None, None),
            ("${Y:-${Z##*/}}", "Y".into(), Some(Operator::Default { if_empty: true }), Some("${Z##*/}")),
            ("${Z##*/}", "Z".into(), Some(Operator::TrimPrefix { longest: true }), Some("*/")),
            ("${W//a/b}", "W".into(), Some(Operator::Replace { all: true }), Some("a/b")),
        ]
    );
}

/// The references of an instruction, as the text of the file that they stand at.
fn in_file(text: &str) -> Vec<String> {
    let file = SourceFile::new("Dockerfile", text).expect("a small file");
    let parse = parse(&file);
    let of = |instruction: &Instruction| -> Vec<String> {
        let mut found = Vec::new();
        for_each_expanded_word(instruction, |word| {
            let references = references(&word.text, parse.escape).into_iter();
            found.extend(references.map(|reference| file.slice(word.to_source(reference.range)).to_owned()));
        });
        found
    };
    parse.instructions.iter().flat_map(of).collect()
}

#[test]
fn every_expanded_word_is_listed() {
    assert_eq!(in_file("FROM --platform=$A img:${B} AS $C"), ["$A", "${B}"]);
    assert_eq!(in_file("COPY --chown=$A --from=$B --exclude=$C $D ['$E'] \"$F\""), ["$A", "$D", "$F"]);
    assert_eq!(in_file("ADD --checksum=$A <<$B [$C]"), ["$A", "$C"]);
    assert_eq!(in_file("COPY [\"$A\", \"b\\t$B\"]").len(), 2);
    assert_eq!(in_file("ARG A=$B C"), ["$B"]);
    assert_eq!(in_file("ENV $A=$B C=$D"), ["$A", "$B", "$D"]);
    assert_eq!(in_file("LABEL a $B c"), ["$B"]);
    assert_eq!(in_file("RUN --mount=type=cache,id=$A,target=$B echo $C"), ["$A", "$B"]);
    assert_eq!(in_file("USER $A:${B}\nWORKDIR /$C\nVOLUME $D\nEXPOSE $E\nSTOPSIGNAL $F").len(), 6);
    assert!(
        in_file("CMD $A\nENTRYPOINT $A\nSHELL [\"$A\"]\nHEALTHCHECK CMD $A\nONBUILD USER $A\nMAINTAINER $A")
            .is_empty()
    );
    // Through a continuation and a comment.
    assert_eq!(in_file("ENV A=\"${B\\\n# c\n:-x}$C\""), ["${B\\\n# c\n:-x}", "$C"]);
}

#[test]
fn variables_in_heredocs() {
    let file = SourceFile::new("Dockerfile", "COPY <<-E /x\n\t'$A'\n\t\\$B ${C}\nE\n").expect("a small file");
    let parse = parse(&file);
    let content = &parse.instructions[0].heredocs[0].content;
    let found: Vec<_> = heredoc_references(content)
        .into_iter()
        .map(|reference| file.slice(content.to_source(reference.range)).to_owned())
        .collect();
    assert_eq!(found, ["$A", "${C}"]);
}
