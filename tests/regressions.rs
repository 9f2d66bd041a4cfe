//! What once made dflint crash or hang, as small as it could be made.

use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::syntax;
use dflint::text::SourceFile;

/// Checks and mends a file as the fuzz target does.
fn holds(text: &str) {
    let file = SourceFile::new("Dockerfile", text).unwrap();
    let engine = Engine::new(Options::default());
    let report = engine.check(&file);
    let errors = syntax::parse(&file).errors.len();
    for at_least in [Applicability::Safe, Applicability::Unsafe] {
        let once = engine.fix(&file, at_least);
        assert!(!once.applied.is_empty() || once.remaining == report);
        assert!(syntax::parse(&once.file).errors.len() <= errors, "{}", once.file.text());
        assert_eq!(engine.fix(&once.file, at_least).file.text(), once.file.text());
    }
}

/// Each of these once doubled the work with every line: they would not end.
#[test]
fn what_is_taken_twice_is_looked_at_once() {
    let copies = |stage: usize| format!("COPY --from=s{stage} / /\n").repeat(2);
    let stages: Vec<_> =
        (1..60).map(|stage| format!("FROM scratch AS s{stage}\n{}", copies(stage - 1))).collect();
    let taken = stages.concat();
    let end = "FROM --platform=$BUILDPLATFORM golang\nCOPY --from=s59 / /\nRUN go build\n";
    holds(&format!("FROM --platform=$BUILDPLATFORM golang AS s0\nRUN go build -o /out/a .\n{taken}{end}"));
}

#[test]
fn copies_of_copies_are_looked_at_once() {
    let copies = "RUN cp / /a && cp / /b\n".repeat(30);
    holds(&format!(
        "FROM --platform=$BUILDPLATFORM golang AS a\nRUN go build -o /out/a .\n{copies}FROM alpine\nCOPY --from=a / /\n"
    ));
}

#[test]
fn what_a_stage_takes_from_itself_is_not_followed() {
    holds(
        "FROM scratch\nCOPY --from=build /out/a /\nFROM golang AS build\nRUN go build -o /out/a .\n\
         COPY --from=build /a b c d e/$X/out /\n",
    );
}
