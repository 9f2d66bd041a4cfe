//! Comments that accept findings, and those that dflint writes.

use dflint::diagnostics::{Applicability, Diagnostic};
use dflint::engine::{Engine, Options};
use dflint::rules::CARDS;
use dflint::select::Selector;
use dflint::syntax;
use dflint::text::SourceFile;

fn file(text: &str) -> SourceFile {
    SourceFile::new("Dockerfile", text).unwrap()
}

fn engine() -> Engine {
    Engine::new(Options::default())
}

/// The findings as `line CODE`.
fn found(text: &str) -> Vec<String> {
    let file = file(text);
    let line = |finding: &Diagnostic| format!("{} {}", file.line(finding.primary.start()), finding.code);
    engine().check(&file).diagnostics.iter().map(line).collect()
}

const BUILD: &str = "FROM golang:1.25 AS build\nRUN CGO_ENABLED=0 go build -o /a .\n";
const IMAGE: &str = "FROM --platform=$TARGETPLATFORM scratch\nCOPY --from=build /a /a\n";

#[test]
fn a_comment_is_about_the_next_instruction() {
    assert_eq!(found(&format!("{BUILD}{IMAGE}")), ["1 XC101", "3 XC301"]);
    for comment in [
        "# dflint ignore=XC101\n",
        "#dflint ignore = xc1\n",
        "# dflint: ignore=emulated-build-stage\n",
        "  # dflint ignore=XC101 -- because, XC301\n",
        "# dflint ignore=XC101 because, XC301\n",
        "# dflint ignore=XC101\n\n# the builder\n\n",
        "# dflint ignore=XC101\r\n",
        "# hadolint ignore=DL3006,XC101\n",
    ] {
        assert_eq!(found(&format!("{comment}{BUILD}{IMAGE}")).len(), 1, "{comment}");
        let below = found(&format!("{BUILD}{comment}{IMAGE}"));
        let unused = below.iter().filter(|line| line.ends_with("XC901")).count();
        assert_eq!((below.len(), unused), (3, 1), "{comment} {below:?}");
    }
}

#[test]
fn a_comment_may_be_about_the_file() {
    for comment in ["# dflint ignore-file=XC101,XC3\n", "# hadolint global ignore=XC101,XC301,DL3006\n"] {
        assert_eq!(found(&format!("{comment}{BUILD}{IMAGE}")), Vec::<String>::new(), "{comment}");
        assert_eq!(found(&format!("{BUILD}{IMAGE}{comment}")), Vec::<String>::new(), "{comment}");
    }
    let unused =
        found(&format!("# dflint ignore-file=XC901\n# dflint ignore=XC303\n# dflint ignore=XC2\n{IMAGE}"));
    assert_eq!(unused.iter().filter(|line| line.ends_with("XC901")).count(), 0, "{unused:?}");
}

#[test]
fn syntax_errors_cannot_be_accepted() {
    assert_eq!(found("# dflint ignore-file=ALL\nFROM scratch\nRUNN x\n"), ["3 syntax"]);
}

#[test]
fn what_no_rule_was_asked_for_may_be_accepted_all_the_same() {
    let text = format!("# dflint ignore=XC101\n{BUILD}FROM scratch\nCOPY --from=build /a /a\n");
    let only = |rules: &str| {
        let select = rules.split(',').map(|rule| Selector::parse(rule, CARDS).unwrap()).collect();
        let engine = Engine::new(Options { select, ..Options::default() });
        engine.check(&file(&text)).diagnostics.len()
    };
    assert_eq!((only("XC901"), only("XC301"), only("XC101,XC901")), (0, 0, 0));
}

#[test]
fn buildkit_skips_what_it_reports_itself() {
    let tools = "FROM debian:12 AS tools\n";
    let locked = "FROM --platform=linux/amd64 debian:12\nCOPY --from=tools /a /a\nCMD [\"/a\"]\n";
    assert_eq!(found(&format!("{tools}{locked}")), ["2 XC207"]);
    for (comment, accepts) in [
        ("# check=skip=FromPlatformFlagConstDisallowed\n", true),
        ("# Check = skip=all;error=true\n", true),
        ("# check=skip=JSONArgsRecommended,FromPlatformFlagConstDisallowed // why\n", true),
        ("# check=skip=JSONArgsRecommended, FromPlatformFlagConstDisallowed\n", false),
        ("# check=skip=fromplatformflagconstdisallowed\n", false),
        ("# check=skip=all;unknown=1\n", false),
        ("# check=skip=RedundantTargetPlatform\n", false),
        ("# check=error=true\n", false),
    ] {
        let expected = usize::from(!accepts);
        // As a directive for the file, and as a comment on the FROM.
        assert_eq!(found(&format!("{comment}{tools}{locked}")).len(), expected, "{comment}");
        assert_eq!(found(&format!("{tools}{comment}{locked}")).len(), expected, "{comment}");
        assert_eq!(found(&format!("{tools}{comment}# more\n\n{locked}")).len(), expected, "{comment}");
        // An empty comment ends what BuildKit takes for the comments of an instruction; indented it reads none.
        assert_eq!(found(&format!("{tools}{comment}#\n{locked}")).len(), 1, "{comment}");
        assert_eq!(found(&format!("{tools}  {comment}{locked}")).len(), 1, "{comment}");
        // Of several, the first one counts.
        assert_eq!(found(&format!("{tools}# check=skip=StageNameCasing\n{comment}{locked}")).len(), 1);
    }
    let redundant =
        "FROM debian:12 AS build\nFROM --platform=$TARGETPLATFORM scratch\nCOPY --from=build /a /a\n";
    assert_eq!(found(redundant), ["2 XC301"]);
    assert_eq!(found(&format!("# check=skip=RedundantTargetPlatform\n{redundant}")), Vec::<String>::new());
    // It leaves the variables of a RUN to the shell.
    for (user, left) in [("COPY a-$TARGETARCH /b", 0), ("RUN make $TARGETARCH", 1)] {
        let undeclared = format!("FROM debian:12\n{user}\n");
        assert_eq!(found(&undeclared), ["2 XC204"]);
        assert_eq!(found(&format!("# check=skip=UndefinedVar\n{undeclared}")).len(), left, "{user}");
    }
}

#[test]
fn removing_comments_makes_no_parser_directive() {
    let safe = |text: String| engine().fix(&file(&text), Applicability::Safe);
    let directive = "# dflint ignore-file=XC2\n# dflint ignore-file=XC3\n# escape=`\n";
    let image = "FROM scratch\nCOPY a \\\n  /b\n";
    let fixed = safe(format!("{directive}{image}"));
    assert_eq!((fixed.refused, fixed.file.text()), (vec![], &*format!("{directive}{image}")));
    let fixed = safe(format!("{directive}\n{image}# dflint ignore=XC1"));
    assert_eq!(fixed.file.text(), format!("{directive}\n{}", image.trim_end()));
}

/// What `--add-ignores` makes of a text. Afterwards nothing is left, and the instructions are what they were.
fn with_ignores(text: &str) -> String {
    let before = file(text);
    let after = engine().add_ignores(&before);
    assert_eq!(after.refused, []);
    let left: Vec<_> = after.remaining.diagnostics.iter().map(|finding| finding.code).collect();
    assert!(left.iter().all(|code| ["syntax", "XC901"].contains(code)), "{left:?} in {}", after.file.text());
    let instructions = |file: &SourceFile| {
        let parse = syntax::parse(file);
        let directives: Vec<_> = parse.directives.iter().map(|directive| directive.name.clone()).collect();
        let texts = parse.instructions.iter().map(|instruction| file.slice(instruction.range).to_owned());
        (directives, texts.collect::<Vec<_>>())
    };
    assert_eq!(instructions(&before), instructions(&after.file));
    after.file.text().to_owned()
}

#[test]
fn ignores_are_added_above_the_instruction() {
    assert_eq!(
        with_ignores(&format!("# syntax=docker/dockerfile:1\n# escape=\\\n{BUILD}\n  {IMAGE}")),
        "# syntax=docker/dockerfile:1\n# escape=\\\n# dflint ignore=XC101\nFROM golang:1.25 AS build\n\
         RUN CGO_ENABLED=0 go build -o /a .\n\n  # dflint ignore=XC301\n  FROM --platform=$TARGETPLATFORM scratch\n\
         COPY --from=build /a /a\n"
    );
    let with_image = |text: &str| format!("{text}FROM scratch\nCOPY --from=build /a /a\n");
    // The byte-order mark and the line endings stay.
    let windows = |text: &str| format!("\u{feff}{}", with_image(text).replace('\n', "\r\n"));
    assert_eq!(with_ignores(&windows(BUILD)), windows(&format!("# dflint ignore=XC101\n{BUILD}")));
    // A comment of hadolint's counts for the next line only.
    assert_eq!(
        with_ignores(&with_image(&format!("# the builder\n# hadolint ignore=DL3006\n{BUILD}"))),
        with_image(&format!("# the builder\n# dflint ignore=XC101\n# hadolint ignore=DL3006\n{BUILD}"))
    );
    // A list that is there gets longer.
    assert_eq!(
        with_ignores(&with_image(&format!("# dflint ignore=XC303 -- why\n{BUILD}"))),
        with_image(&format!("# dflint ignore=XC303,XC101 -- why\n{BUILD}"))
    );
}

#[test]
fn ignores_never_get_into_an_instruction() {
    let text = "\
# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.25 AS build
RUN a && \\
# a comment between

    uname -m > /arch && \\
    CGO_ENABLED=0 go build -o /a .
RUN <<EOF
# not a comment
CGO_ENABLED=0 go build -o /b .
EOF
FROM scratch
COPY --from=build /a /b /
";
    let ignored = with_ignores(text);
    let lines: Vec<&str> = ignored.lines().filter(|line| !text.contains(line)).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("# dflint ignore=")), "{ignored}");
    assert_eq!(with_ignores(&ignored), ignored, "a second time, nothing is left to do");
}
