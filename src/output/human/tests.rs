use dflint::diagnostics::{Applicability, Confidence, Edit, Fix, Related};
use dflint::text::TextRange;

use super::*;

const SOURCE: &str = "\
# syntax=docker/dockerfile:1
FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN go mod download
RUN --mount=type=cache,target=/root/.cache \\
\tgo build \\
\t-o /out/server ./cmd/server

FROM scratch
COPY --from=build /out/server /server
";

fn file(text: &str) -> SourceFile {
    SourceFile::new("api/Dockerfile", text).unwrap()
}

/// Where `part` stands in `text`.
fn at(text: &str, part: &str) -> TextRange {
    let start = text.find(part).unwrap();
    TextRange::at(u32::try_from(start).unwrap().into(), u32::try_from(part.len()).unwrap().into())
}

fn finding(primary: TextRange) -> Diagnostic {
    Diagnostic {
        code: "XC101",
        name: "emulated-build-stage",
        severity: Severity::Warning,
        confidence: Confidence::High,
        message: "a build for another architecture emulates `build`".to_owned(),
        primary,
        related: vec![],
        help: None,
        fixes: vec![],
    }
}

fn fix(title: &str, applicability: Applicability) -> Fix {
    let edits = vec![Edit { range: TextRange::empty(0.into()), text: String::new() }];
    Fix { title: title.to_owned(), applicability, edits }
}

fn printed(text: &str, findings: &[Diagnostic]) -> String {
    let file = file(text);
    let mut out = vec![];
    Human::new(false)
        .file(&mut out, Checked { file: &file, diagnostics: findings, applied: &[], comments: &[] })
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_finding_shows_its_places_and_the_ways_out() {
    let finding = Diagnostic {
        related: vec![
            Related { range: at(SOURCE, "go build"), message: "Go compiles here".to_owned() },
            Related { range: at(SOURCE, "--from=build"), message: "this is what is shipped".to_owned() },
        ],
        help: Some("go cross-compiles when it is told the target".to_owned()),
        fixes: vec![
            fix("Pin `build` to the build platform", Applicability::Safe),
            fix("Pin it and switch cgo off", Applicability::Unsafe),
            fix("Use a cross compiler", Applicability::DisplayOnly),
        ],
        confidence: Confidence::Medium,
        ..finding(at(SOURCE, "golang:1.22"))
    };
    assert_eq!(
        printed(SOURCE, &[finding]),
        "\
warning[XC101 emulated-build-stage]: a build for another architecture emulates `build`
   ┌─ api/Dockerfile:2:6
   │
 2 │ FROM golang:1.22 AS build
   │      ^^^^^^^^^^^
   ·
 7 │     go build \\
   │     -------- Go compiles here
   ·
11 │ COPY --from=build /out/server /server
   │      ------------ this is what is shipped
   │
   = note: true unless something outside of this file says otherwise
   = help: go cross-compiles when it is told the target
   = fix: Pin `build` to the build platform (safe: --fix)
   = fix: Pin it and switch cgo off (unsafe: --fix --unsafe-fixes)
   = fix: Use a cross compiler (by hand)

"
    );
}

#[test]
fn a_finding_may_span_lines() {
    let label = TextRange::new(at(SOURCE, "RUN --mount").start(), at(SOURCE, "FROM scratch").start());
    assert_eq!(
        printed(SOURCE, &[finding(label)]),
        "\
warning[XC101 emulated-build-stage]: a build for another architecture emulates `build`
  ┌─ api/Dockerfile:6:1
  │  
6 │ ╭ RUN --mount=type=cache,target=/root/.cache \\
7 │ │     go build \\
8 │ │     -o /out/server ./cmd/server
  │ ╰───────────────────────────────^

"
    );
}

#[test]
fn a_long_span_shows_its_ends() {
    let text = format!("RUN a \\\n{}  z\n", "  b \\\n".repeat(100_000));
    let shown = printed(&text, &[finding(at(&text, text.trim_end()))]);
    assert_eq!(
        shown,
        "\
warning[XC101 emulated-build-stage]: a build for another architecture emulates `build`
       ┌─ api/Dockerfile:1:1
       │  \n     1 │ ╭ RUN a \\
     2 │ │   b \\
     3 │ │   b \\
     4 │ │   b \\
       · │
100001 │ │   b \\
100002 │ │   z
       │ ╰───^

"
    );
}

#[test]
fn neighbours_and_the_ends_of_the_file_are_shown() {
    let text = "FROM a\nRUN b\nRUN c";
    let related = Related { range: at(text, "c"), message: "here".to_owned() };
    let finding = Diagnostic { related: vec![related], ..finding(at(text, "a")) };
    let shown = printed(text, std::slice::from_ref(&finding));
    assert!(shown.contains("1 │ FROM a\n  │      ^\n2 │ RUN b\n3 │ RUN c\n  │     - here\n"), "{shown}");

    let end = TextRange::empty(u32::try_from(text.len()).unwrap().into());
    let shown = printed(text, &[Diagnostic { primary: end, related: vec![], ..finding.clone() }]);
    assert!(shown.contains("┌─ api/Dockerfile:3:6") && shown.contains("3 │ RUN c\n  │      ^\n"), "{shown}");

    let shown =
        printed("", &[Diagnostic { primary: TextRange::empty(0.into()), related: vec![], ..finding }]);
    assert!(shown.contains("┌─ api/Dockerfile:1:1") && shown.contains("1 │ \n  │ ^\n"), "{shown}");
}

#[test]
fn columns_count_characters_and_carets_count_cells() {
    let text = "\u{feff}RUN echo 漢字 é x\r\nRUN y\r\n";
    let shown = printed(text, &[finding(at(text, "x"))]);
    assert!(shown.contains("┌─ api/Dockerfile:1:15"), "{shown}");
    assert!(shown.contains("1 │ RUN echo 漢字 é x\n  │                 ^\n"), "{shown}");
}

#[test]
fn a_long_line_is_clipped_around_its_labels() {
    let text = format!("RUN {}needle {} other {}\n", "é".repeat(5000), "x".repeat(5000), "y".repeat(500_000));
    let related = Related { range: at(&text, "other"), message: "and this".to_owned() };
    let shown = printed(&text, &[Diagnostic { related: vec![related], ..finding(at(&text, "needle")) }]);
    assert!(shown.len() < 1200, "{} bytes", shown.len());
    let (e, x, y) = ("é".repeat(20), "x".repeat(40), "y".repeat(39));
    let line = format!("1 │ …{e}needle {}…{} other {y}…\n", &x[1..], &x[1..]);
    assert!(shown.contains(&line), "{shown}");
    let carets = format!("  │ {:21}^^^^^^ {:80}----- and this\n", "", "");
    assert!(shown.contains(&carets), "{shown}");
    assert!(shown.contains("api/Dockerfile:1:5005\n"), "{shown}");
}

#[test]
fn a_long_label_is_clipped_in_its_middle() {
    let text = format!("RUN {}\n", "x".repeat(100_000));
    let shown = printed(&text, &[finding(at(&text, text.trim_end()))]);
    assert!(shown.len() < 1000, "{} bytes", shown.len());
    let line = format!("1 │ RUN {}…{}\n  │ {}\n", "x".repeat(56), "x".repeat(60), "^".repeat(121));
    assert!(shown.contains(&line), "{shown}");
}

#[test]
fn nothing_from_outside_speaks_to_the_terminal() {
    let text = "RUN echo \u{1b}]0;owned\u{7} x \u{202e}\u{9b}31m\n";
    let file = SourceFile::new("a\u{1b}[2J\nb", text).unwrap();
    let evil = "\u{1b}[31m\u{9b}\u{7}".to_owned();
    let finding = Diagnostic {
        message: evil.clone(),
        related: vec![Related { range: at(text, "RUN"), message: evil.clone() + "\nforged" }],
        help: Some(evil.clone()),
        fixes: vec![fix(&evil, Applicability::Safe)],
        ..finding(at(text, "x"))
    };
    let applied = [dflint::engine::AppliedFix { code: "XC101", name: "", title: evil }];
    let mut out = vec![];
    Human::new(false)
        .file(
            &mut out,
            Checked { file: &file, diagnostics: &[finding], applied: &applied, comments: &applied },
        )
        .unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert_eq!(neutral::text(&shown), shown);
    assert!(shown.contains("1 │ RUN echo ?]0;owned? x \u{fffd}¿31m\n"), "{shown}");
    assert!(shown.contains("│ │\n") || shown.contains("?[31m¿??forged"), "{shown}");
}

#[test]
fn colours_are_written_only_when_asked_for() {
    let file = file(SOURCE);
    let findings = [finding(at(SOURCE, "golang:1.22"))];
    let mut out = vec![];
    Human::new(true)
        .file(&mut out, Checked { file: &file, diagnostics: &findings, applied: &[], comments: &[] })
        .unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert!(shown.contains("\u{1b}[33mgolang:1.22\u{1b}[0m"), "{shown:?}");
    assert!(!printed(SOURCE, &findings).contains('\u{1b}'));
}

#[test]
fn a_syntax_error_has_no_second_name() {
    let finding = Diagnostic {
        code: SYNTAX.0,
        name: SYNTAX.1,
        severity: Severity::Error,
        ..finding(at(SOURCE, "COPY"))
    };
    assert!(printed(SOURCE, &[finding]).starts_with("error[syntax]: "));
}
