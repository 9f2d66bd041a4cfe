//! The shell splitter: text and what is made of it, as s-expressions (see `support/sexp.rs` for how to read them).

mod support;

use dflint::shell::{self, Construct, Script};
use support::sexp;

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(sexp::script(&shell::parse(text)), *expected, "\nof {text:?}");
    }
}

#[test]
fn words() {
    check(&[
        ("", ""),
        ("curl a-$TARGETOS-$TARGETARCH.tgz", "(curl a-$TARGETOS-$TARGETARCH.tgz)"),
        (r#"a "b $C d" 'e $f'"" g"h"'i'"#, r#"(a 'b '"$C"' d' 'e $f''' g'h''i')"#),
        (r"a\ b \$c \\ d\", r"(a' 'b '$'c '\\' d\\)"),
        ("a\\\nb \\\n c\\\r\nd", "(ab cd)"),
        (r#""a\"b\$c\d`e`""#, r#"('a''\"''b''$''c\\d'"$((e))")"#),
        (r"$'a\tb\'c' $'\x41'", r#"('a''\t''b''\'''c' "?"'41')"#),
        ("$\"a $b\" $", "('a '\"$b\" $)"),
        ("a{b,c} *.[ch] ~/x", "(a{b,c} *.[ch] ~/x)"),
        ("é=ü ü日", "(é=ü ü日)"),
        ("a#b #c", "(a#b)"),
        ("rm @(a|$b) c", "(rm @?a?$b? c)"),
    ]);
}

#[test]
fn expansions() {
    check(&[
        ("$a ${b} $1 ${10} $@ $# ${#} $$", "($a $b $1 $10 $@ $# $# $$)"),
        ("${a:-b} ${a-} ${a:+\"$c\"}", "(${a :- b} ${a - ∅} ${a :+ \"$c\"})"),
        ("${a%%.*} ${a##*/} ${a/x/y} ${a:1:2}", "(${a %% .*} ${a ## */} ${a / x/y} ${a : 1:2})"),
        ("${#a} ${!a} \"${a[@]}\"", "(${a length ∅} ${a indirect ∅} \"${a [ '@]'}\")"),
        ("\"${a:-'b'}\" ${a:-'b'}", "(\"${a :- '\\'b\\''}\" ${a :- 'b'})"),
        ("${} ${a b} ${{ x }}", "(? ? ?})"),
        ("$(a | b) `c` \"$(d \"e\")\"", "($((a) | (b)) $((c)) \"$((d 'e'))\")"),
        (r"`a \`b c\` $d \\e`", "($((a $((b c)) $d 'e')))"),
        (r#""`a \"b\"`""#, "(\"$((a 'b'))\")"),
        ("$((1 + X * $Y))$((16#ff))", "(=(1 + $X * $Y)=(16#ff))"),
        ("$((a); b)", "($((subshell (a)); (b)))"),
        ("diff <(a) >(b)", "(diff <((a)) <((b)))"),
        ("$(a $(b; c) # d)\n)", "($((a $((b); (c)))))"),
        ("$(case x in a) b;; esac)", "($((case x (a: (b)))))"),
    ]);
}

#[test]
fn simple_commands() {
    check(&[
        ("A=b C+=$d e F=g", "(A=b C+=$d e F=g)"),
        ("A= B=\"c d\"", "(A=∅ B='c d')"),
        ("A=(a \"$b\"\n# c\n d) export E=(f)", "(A=[a \"$b\" d] export E=[f])"),
        ("A[0]=b", "(A=?[0]=b)"),
        ("a && b || c; d & e | f |& g\nh", "(a) && (b) || (c); (d) & (e) | (f) | (g); (h)"),
        ("! a | b; ! ! c", "! (a) | (b); (c)"),
        ("time -p a; time { b; }", "(time -p a); (group (b))"),
        ("a &&\n# c\n b |\n\n c", "(a) && (b) | (c)"),
        (
            "a >b 2>&1 <c >>d &>e >|f {g}>h 3<&- <<<\"$i\"",
            "(a > b 2>& 1 < c >> d &> e >| f {g}> h 3<& - <<< \"$i\")",
        ),
        (">a", "(> a)"),
        ("a 2 >b", "(a 2 > b)"),
        ("if_x; fi2; dont", "(if_x); (fi2); (dont)"),
        ("echo if then fi }", "(echo if then fi })"),
        ("\\if a", "('i'f a)"),
    ]);
}

#[test]
fn compound_commands() {
    check(&[
        ("(a; b) >c", "(subshell (a); (b) > c)"),
        ("{ a; } && ((b++))", "(group (a)) && (=($b++))"),
        ("if a; then b; elif c; then d; else e; fi", "(if (a) then (b) elif (c) then (d) else (e))"),
        (
            "case $a in b|'c') d;; (e) ;& f) g;;& *) h; esac",
            "(case $a (b|'c': (d)) (e:  ;&) (f: (g) ;&) (*: (h)))",
        ),
        ("while a; do b; done; until c\ndo d; done", "(while (a) do (b)); (until (c) do (d))"),
        ("for a in b $c; do d; done", "(for a in b $c do (d))"),
        ("for a do b; done; for a; do b; done", "(for a do (b)); (for a do (b))"),
        ("for ((i=0;i<$n;i++)); do a; done", "(for in =($i=0;$i<$n;$i++) do (a))"),
        ("select a in b; do c; done", "(for a in b do (c))"),
        (
            "a() { b; }; function c { d; }; function e() (f)",
            "(function a (group (b))); (function c (group (d))); (function e (subshell (f)))",
        ),
        ("[[ $a == b* && ( -n c || $d =~ ^(e|f )+$ ) ]]", "([[ $a == b* && ( -n c || $d =~ ^(e|f )+$ ))"),
    ]);
}

#[test]
fn heredocs() {
    check(&[
        ("cat <<E >f\na $b\nE\nc", "(cat << E {'a '\"$b\"'\\n'} > f); (c)"),
        ("cat <<'E'\na $b\nE\n", "(cat << 'E' {'a $b\\n'})"),
        ("cat <<-E\n\ta\n\tE\nb", "(cat <<- E {'\\ta\\n'}); (b)"),
        ("a <<A; b <<B\n1\nA\n2\nB\n", "(a << A {'1\\n'}); (b << B {'2\\n'})"),
        ("a <<A\r\n$b\r\nA\r\nc\r\n", "(a << A {\"$b\"'\\r\\n'}); (c)"),
        ("$(a <<A\n`b`\nA\n)", "($((a << A {\"$((b))\"'\\n'})))"),
        ("{ a <<A; }\nb\nA\nc", "(group (a << A {'b\\n'})); (c)"),
        // The body may stand beside the text, as it does in a Dockerfile.
        ("cat <<E", "(cat << E)"),
        ("cat <<E\nno end", "(cat << E {'no end'})"),
    ]);
}

#[test]
fn broken_text_is_unknown() {
    check(&[
        ("a; b \"c", "(a); (UNKNOWN) !5..6 `\"` is never closed"),
        ("a; (b; c", "(a); (UNKNOWN) !3..4 `(` is never closed"),
        (
            "a | | b &&",
            "(a) | (UNKNOWN) | (b) && (UNKNOWN) !4..5 expected a command !10..10 expected a command",
        ),
        ("a ) b\nc", "(a); (UNKNOWN); (c) !2..3 expected a command"),
        ("if a\nb\nfi\nc", "(UNKNOWN); (c) !7..8 expected `then`"),
        ("(a; fi)\nb", "(UNKNOWN); (UNKNOWN); (b) !4..5 expected `)` !4..5 expected a command"),
        ("(a) b\nc", "(UNKNOWN); (c) !4..5 expected an operator"),
        ("a (b) c\nd", "(UNKNOWN); (d) !3..4 expected `)`"),
        ("a >; b\nc", "(UNKNOWN); (c) !3..4 expected the target of the redirection"),
        ("a $(b; fi) c\nd", "(UNKNOWN); (UNKNOWN); (d) !7..8 expected `)` !7..8 expected a command"),
        ("a `b )` c", "(a $((b); (UNKNOWN)) c) !5..6 expected a command"),
        (";; a\nb", "(UNKNOWN); (b) !0..1 expected a command"),
    ]);
}

#[test]
fn ranges_are_those_of_the_text() {
    let text = "A=b \"c d\" x$(e \"é\" `f \\`g h\\``) >$i\n";
    let script = shell::parse(text);
    let slices = |script: &Script| {
        let mut found = Vec::new();
        script.for_each_command(|site| found.push(text[site.command.range].to_owned()));
        script.for_each_part(|part| found.push(text[part.range].to_owned()));
        found.join(" ⎵ ")
    };
    assert_eq!(
        slices(&script),
        "A=b \"c d\" x$(e \"é\" `f \\`g h\\``) >$i ⎵ e \"é\" `f \\`g h\\`` ⎵ f \\`g h\\` ⎵ g h ⎵ \
         b ⎵ c d ⎵ x ⎵ $(e \"é\" `f \\`g h\\``) ⎵ e ⎵ é ⎵ `f \\`g h\\`` ⎵ f ⎵ `g h\\` ⎵ g ⎵ h ⎵ $i"
    );
}

#[test]
fn every_variable_is_found() {
    let text = "a=$A b \"${B:-$C}\" $(c `d $D` $((E + $F))) >$G <<X && [[ $I ]] && j=($J) && case $K in $L) ;; esac\n$H\nX\n";
    let mut names = String::new();
    shell::parse(text).for_each_variable(|part, variable| {
        assert_eq!(&text[variable.name_range], variable.name);
        assert!(part.range.contains_range(variable.name_range));
        names += &variable.name;
    });
    assert_eq!(names, "ABCDEFGHIJKL");
}

#[test]
fn commands_know_what_is_around_them() {
    let text = "a | b $(c); if d; then e; fi; f() { while g; do h; done; }; case x in y) (i) ;; esac";
    let mut found = Vec::new();
    let script = shell::parse(text);
    script.for_each_command(|site| {
        if site.simple().is_some() {
            let constructs: Vec<_> = site.enclosing.iter().map(|enclosing| enclosing.construct).collect();
            found.push(format!("{} {constructs:?}", &text[site.command.range]));
            match &text[site.command.range] {
                "a" => assert_eq!(site.pipe_to().map(|command| &text[command.range]), Some("b $(c)")),
                "b $(c)" => assert_eq!(site.pipe_from().map(|command| &text[command.range]), Some("a")),
                _ => assert!(site.pipe_from().is_none() && site.pipe_to().is_none()),
            }
            assert_eq!(site.is_within(Construct::Pipeline), "ab $(c)".contains(&text[site.command.range]));
        }
    });
    assert_eq!(
        found,
        [
            "a [Pipeline]",
            "b $(c) [Pipeline]",
            "c [Pipeline, CommandSubstitution]",
            "d [Condition]",
            "e [Branch]",
            "g [Function, Group, LoopCondition]",
            "h [Function, Group, LoopBody]",
            "i [CaseArm, Subshell]",
        ]
    );
}
