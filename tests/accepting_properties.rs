//! Whatever a file looks like: comments that dflint adds or removes change nothing of the build, and no text of a
//! configuration or a comment makes it panic.

use dflint::config::{read, read_knowledge};
use dflint::diagnostics::Applicability;
use dflint::engine::{Engine, Options};
use dflint::rules::CARDS;
use dflint::select::Selector;
use dflint::syntax::{self, Phase};
use dflint::text::SourceFile;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const LINES: &[&str] = &[
    "# syntax=docker/dockerfile:1",
    "# escape=`",
    "# check=skip=all",
    "#",
    "",
    "  # dflint ignore=XC101,XC3 -- why",
    "# dflint ignore=XC202",
    "# dflint ignore-file=XC204 , XC205",
    "# dflint ignore-file=XC901",
    "# hadolint ignore=DL3006,XC301",
    "# hadolint global ignore=XC1",
    "#!shebang",
    "FROM golang:1.25 AS build",
    "  from --platform=$BUILDPLATFORM golang:1.25 AS other",
    "FROM --platform=$TARGETPLATFORM scratch",
    "ARG TARGETARCH=amd64",
    "RUN CGO_ENABLED=0 go build -o /a . \\",
    "RUN curl -O https://example.com/$TARGETARCH/$(uname -m) `",
    "  && go install ./... \\",
    "RUN <<EOF",
    "EOF",
    "RUN <<EOF\n# dflint ignore=XC101\ngo build .\nEOF",
    "COPY --from=build /a /a",
    "ONBUILD RUN go build .",
    "RUNN x",
];

/// The lines with one kind of line ending, with or without a byte-order mark and a last line ending.
fn texts() -> impl Strategy<Value = String> {
    let ending = select(vec!["\n", "\r\n"]);
    (vec(select(LINES), 1..14), ending, any::<bool>(), any::<bool>()).prop_map(
        |(lines, ending, mark, last)| {
            let mark = if mark { "\u{feff}" } else { "" };
            format!("{mark}{}{}", lines.join(ending), if last { ending } else { "" })
        },
    )
}

fn file(text: &str) -> SourceFile {
    SourceFile::new("Dockerfile", text).unwrap()
}

/// What a build sees of a file.
fn build(file: &SourceFile) -> (Vec<(String, String)>, Vec<String>) {
    let parse = syntax::parse(file);
    let directives = parse.directives.iter().map(|found| (found.name.clone(), found.value.clone()));
    let instructions = parse.instructions.iter().map(|found| file.slice(found.range).to_owned());
    (directives.collect(), instructions.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn added_comments_accept_everything_and_change_nothing(text in texts()) {
        let before = file(&text);
        let after = Engine::new(Options::default()).add_ignores(&before);
        prop_assert_eq!(build(&before), build(&after.file));
        if syntax::parse(&before).errors.iter().any(|error| error.phase == Phase::Parse) {
            prop_assert_eq!(after.file.text(), before.text());
            return Ok(());
        }
        prop_assert_eq!(&after.refused, &[]);
        let left = after.remaining.diagnostics.iter().find(|finding| !["syntax", "XC901"].contains(&finding.code));
        prop_assert!(left.is_none(), "{:?} in {}", left, after.file.text());
        let again = Engine::new(Options::default()).add_ignores(&after.file);
        prop_assert_eq!(again.file.text(), after.file.text());
    }

    #[test]
    fn removed_comments_change_nothing_either(text in texts()) {
        let before = file(&text);
        let select = vec![Selector::parse("XC901", CARDS).unwrap()];
        let engine = Engine::new(Options { select, ..Options::default() });
        let after = engine.fix(&before, Applicability::Safe);
        prop_assert_eq!(build(&before), build(&after.file));
        let only_comments = syntax::parse(&before).instructions.is_empty();
        prop_assert!(only_comments || text.ends_with('\n') == after.file.text().ends_with('\n'));
        let all = Engine::new(Options::default());
        let others = |file: &SourceFile| {
            let found = all.check(file).diagnostics.into_iter();
            found.filter(|finding| finding.code != "XC901").map(|finding| finding.message).collect::<Vec<_>>()
        };
        prop_assert_eq!(others(&before), others(&after.file), "what was accepted still is");
    }

    #[test]
    fn any_text_can_be_read_as_configuration(text in r#"([a-z\[\]={}'",\n# é-]|select|per-file|command|names|severity|XC101){0,30}"#) {
        for problem in read(&file(&text)).err().into_iter().chain(read_knowledge(&file(&text)).err()).flatten() {
            prop_assert!(!problem.message.is_empty());
        }
    }
}
