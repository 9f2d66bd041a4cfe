//! What holds of the syntax tree for every text.

#[path = "support/checker.rs"]
mod checker;
#[allow(dead_code, unused_imports, reason = "only what the tree is printed with is used")]
#[path = "../src/output/neutral.rs"]
mod neutral;
#[path = "../src/output/parse_json.rs"]
mod parse_json;

use std::path::PathBuf;

use dflint::syntax::variables::{self, Expansion, Lookup};
use dflint::syntax::{Parse, parse};
use dflint::text::{SourceFile, TextSize};
use proptest::prelude::*;

/// Bits of Dockerfiles that are interesting next to each other.
const BITS: &[&str] = &[
    "FROM ",
    "from ",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "ARG ",
    "LABEL ",
    "CMD ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "SHELL ",
    "USER ",
    "VOLUME ",
    "EXPOSE ",
    "STOPSIGNAL ",
    "FOO ",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\ \r\n",
    "`\n",
    "# c\n",
    "  # c\n",
    "# escape=`\n",
    "# syntax=x\n",
    "# escape=z\n",
    "\t",
    " ",
    " ",
    "\u{feff}",
    "\u{a0}",
    "é",
    "日本",
    "alpine:1",
    "gcr.io/a/b@sha256:0",
    "AS x",
    "x=y",
    "=",
    "\"",
    "'",
    "\"a b\"",
    "[",
    "]",
    "[\"a\", \"b\"]",
    "[\"\\u00e9\\n\", \"b\"]",
    "[1]",
    "NONE",
    "CMD ",
    "--platform=$X ",
    "--from=x ",
    "--x ",
    "--mount=type=cache,target=/x ",
    "--mount=type=secret,\"id=a\"\"b\",from=$x ",
    "--",
    "<<EOF",
    "<<EOF\n",
    "<<-'EOF'\n",
    "EOF\n",
    "\tEOF\n",
    "3<<A <<B\n",
    "A\n",
    "B\n",
    "$X",
    "${X}",
    "${X:-${Y}}",
    "${X##*/}",
    "${X//a/b}",
    "${",
    "$",
    "}",
    "\\",
    "`",
    "80/tcp",
];

fn dockerfile() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::collection::vec(prop::sample::select(BITS), 0..40).prop_map(|bits| bits.concat()),
        1 => any::<String>(),
        1 => prop::collection::vec(any::<u8>(), 0..200)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]
}

fn source(text: &str) -> SourceFile {
    SourceFile::new(PathBuf::from("Dockerfile"), text).expect("a small file")
}

/// The instructions as they would be at the head of the file: what they say, not where they stand.
fn said(file: &SourceFile, parse: &Parse) -> Vec<serde_json::Value> {
    let mut printed = vec![];
    parse_json::syntax_tree(&mut printed, file, parse).expect("memory takes everything");
    let json: serde_json::Value = serde_json::from_slice(&printed).expect("a JSON document");
    let mut list = json["instructions"].as_array().cloned().unwrap_or_default();
    for instruction in &mut list {
        instruction["start_line"].take();
        instruction["end_line"].take();
    }
    list
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_is_lossless_and_every_range_lies_in_the_file(text in dockerfile()) {
        let parse = parse(&source(&text));
        checker::check(&text, &parse);
    }

    #[test]
    fn a_broken_instruction_costs_only_itself(
        before in dockerfile(),
        after in dockerfile(),
        broken in prop::sample::select(&[
            "FOO bar", "RUN --nope x", "ENV A", "FROM a b c d", "COPY x", "SHELL bash", "CMD [1]", "ENV =x",
            "RUN --mount=type=nope x", "HEALTHCHECK x", "ONBUILD FROM x", "ARG A=${", "LABEL x=y z", "EXPOSE http",
        ][..]),
    ) {
        // The first line settles the directives, so that they do not depend on what is inserted.
        let head = format!("FROM scratch\n{before}\n");
        let head_file = source(&head);
        let head_parse = parse(&head_file);
        // Only where an instruction ends can one be inserted.
        let ends = |parse: &Parse, text: &str| {
            !text.ends_with("\\\n") && parse.errors.iter().all(|error| !error.message.contains("not closed"))
                && parse.instructions.last().is_none_or(|last| last.range.end() < TextSize::of(text))
        };
        let probe = format!("{head}USER probe\n");
        let probe_file = source(&probe);
        let probe_parse = parse(&probe_file);
        prop_assume!(ends(&head_parse, &head) && probe_parse.instructions.len() == head_parse.instructions.len() + 1);

        let tail = format!("USER tail\n{after}");
        let with_file = source(&format!("{head}{broken}\n{tail}"));
        let without_file = source(&format!("{head}{tail}"));
        let mut with = said(&with_file, &parse(&with_file));
        let without = said(&without_file, &parse(&without_file));
        with.remove(head_parse.instructions.len());
        prop_assert_eq!(with, without);
    }

    #[test]
    fn what_is_known_is_what_is_expanded(text in dockerfile(), value in "[a-z/.]{0,6}") {
        let word: String = text.chars().take(60).collect();
        let mut asked = false;
        let unknown = variables::expand(&word, '\\', &mut |_| {
            asked = true;
            Lookup::Unknown
        });
        let known = variables::expand(&word, '\\', &mut |_| Lookup::Set(value.as_str().into()));
        // What does not depend on variables does not change with them.
        if let Expansion::Known(text) = unknown {
            if let Expansion::Known(known) = known {
                prop_assert_eq!(known, text);
            }
        } else if matches!(unknown, Expansion::Refused(_)) {
            prop_assert!(matches!(known, Expansion::Refused(_)));
        } else {
            prop_assert!(asked);
        }
    }

    #[test]
    fn a_line_feed_at_the_end_changes_nothing(text in dockerfile()) {
        let text = text.trim_end_matches(['\r', '\n', '\\', '`', ' ', '\t']);
        prop_assume!(!text.is_empty());
        let (with, without) = (source(&format!("{text}\n")), source(text));
        let (with_parse, without_parse) = (parse(&with), parse(&without));
        // A heredoc without an end contains the line feed.
        prop_assume!(with_parse.errors.iter().all(|error| !error.message.contains("not closed")));
        prop_assert_eq!(said(&with, &with_parse), said(&without, &without_parse));
    }
}

#[test]
fn the_empty_file_is_refused_in_one_place() {
    let parse = parse(&source(""));
    assert!(parse.pieces.is_empty());
    assert_eq!(parse.errors.len(), 1);
    assert!(parse.errors[0].range.is_empty());
}
