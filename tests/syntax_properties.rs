//! What holds of the syntax tree for every text.

use std::path::PathBuf;

use dflint::syntax::variables::{self, Expansion, Lookup};
use dflint::syntax::{
    Body, CommandBody, CopyBody, Flag, ImageReference, Instruction, JsonString, Pair, Parse, PieceKind, Word,
    parse,
};
use dflint::text::{LogicalText, SourceFile, TextRange, TextSize};
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

fn everything() -> TextRange {
    TextRange::up_to(TextSize::from(u32::MAX))
}

/// Checks every range, word and joined text of a tree.
struct Checker<'a> {
    text: &'a str,
    escape: char,
}

impl Checker<'_> {
    fn range(&self, range: TextRange) {
        assert!(self.text.get(usize::from(range.start())..usize::from(range.end())).is_some(), "{range:?}");
    }

    fn logical(&self, logical: &LogicalText) {
        let text = logical.as_str();
        let end = TextSize::of(text);
        self.range(logical.to_source(TextRange::up_to(end)));
        for (at, c) in text.char_indices() {
            let range = TextRange::at(TextSize::try_from(at).unwrap(), TextSize::of(c));
            assert_eq!(&self.text[logical.to_source(range)], c.to_string(), "at {at} of {text:?}");
            let rest = TextRange::new(range.start(), end);
            assert_eq!(logical.extract(rest).as_str(), &text[rest]);
            self.range(logical.to_source(TextRange::empty(range.start())));
        }
    }

    fn word(&self, word: &Word) {
        self.range(word.range);
        if word.contiguous {
            assert_eq!(&self.text[word.range], word.text);
        }
        for reference in variables::references(&word.text, self.escape) {
            assert!(!reference.name.is_empty() || reference.operator.is_some() || word.text.contains("${"));
            assert_eq!(&word.text[reference.name_range], reference.name);
            for range in [Some(reference.range), Some(reference.name_range), reference.operand] {
                let Some(range) = range else { continue };
                assert!(word.text.get(usize::from(range.start())..usize::from(range.end())).is_some());
                self.range(word.to_source(range));
                self.range(word.part(range).range);
            }
        }
        if let Some(image) = ImageReference::parse(word, self.escape) {
            for part in [image.registry, Some(image.name), image.tag, image.digest].into_iter().flatten() {
                self.range(part.range);
            }
        }
        let mut known = |_: &str| Lookup::Set("value".into());
        let _ = variables::expand(&word.text, self.escape, &mut known);
    }

    fn pairs(&self, pairs: &[Pair]) {
        for pair in pairs {
            self.range(pair.range);
            self.word(&pair.name);
            pair.value.iter().for_each(|value| self.word(value));
        }
    }

    fn strings(&self, strings: &[JsonString]) {
        for string in strings {
            self.range(string.range);
            assert!(self.text[string.range].starts_with('"') && self.text[string.range].ends_with('"'));
        }
    }

    fn command(&self, command: &CommandBody) {
        match command {
            CommandBody::Exec(strings) => self.strings(strings),
            CommandBody::Shell(text) => self.logical(text),
        }
    }

    fn flag(&self, flag: &Flag) {
        self.range(flag.range);
        self.range(flag.name_range);
        flag.value.iter().for_each(|value| self.word(value));
        for key in &flag.keys {
            self.range(key.range);
            self.range(key.name_range);
            key.value.iter().for_each(|value| self.word(value));
        }
    }

    fn instruction(&self, instruction: &Instruction) {
        self.range(instruction.range);
        self.range(instruction.keyword_range);
        assert!(instruction.range.contains_range(instruction.keyword_range));
        self.logical(&instruction.logical);
        let _ = instruction.logical.slice(instruction.arguments);
        instruction.flags.iter().for_each(|flag| self.flag(flag));
        for heredoc in &instruction.heredocs {
            self.range(heredoc.marker);
            self.range(heredoc.body);
            self.logical(&heredoc.content);
            if !heredoc.chomp {
                assert_eq!(&self.text[heredoc.body], heredoc.content.as_str());
            }
        }
        match &instruction.body {
            Body::Copy(CopyBody { sources, destination, .. }) => {
                sources.iter().chain([destination]).for_each(|word| self.word(word));
            }
            Body::Arg(pairs) | Body::Env(pairs) | Body::Label(pairs) => self.pairs(pairs),
            Body::Command(command) | Body::Healthcheck(Some(command)) => self.command(command),
            Body::From(from) => {
                self.word(&from.image);
                from.alias.iter().for_each(|alias| self.word(alias));
            }
            Body::Onbuild(inner) => self.instruction(inner),
            Body::Shell(strings) => self.strings(strings),
            Body::Words(words) => words.iter().for_each(|word| self.word(word)),
            Body::Healthcheck(None) | Body::Invalid => {}
        }
    }

    fn parse(&self, parse: &Parse) {
        let mut at = TextSize::from(0);
        let mut instructions = 0;
        for piece in &parse.pieces {
            assert_eq!(piece.range.start(), at);
            assert!(!piece.range.is_empty());
            at = piece.range.end();
            if let PieceKind::Instruction(index) = piece.kind {
                assert_eq!(index, instructions);
                assert!(piece.range.contains_range(parse.instructions[index].range));
                instructions += 1;
            }
        }
        assert_eq!(at, TextSize::of(self.text));
        assert_eq!(instructions, parse.instructions.len());
        parse.errors.iter().for_each(|error| self.range(error.range));
        for directive in &parse.directives {
            self.range(directive.range);
            assert_eq!(&self.text[directive.value_range], directive.value);
        }
        parse.instructions.iter().for_each(|instruction| self.instruction(instruction));
    }
}

/// The instructions as they would be at the head of the file: what they say, not where they stand.
fn said(file: &SourceFile, parse: &Parse) -> Vec<serde_json::Value> {
    let json = dflint::output::parse_json::parse_json(file, parse);
    let mut list = json["instructions"].as_array().cloned().unwrap_or_default();
    for instruction in &mut list {
        instruction["start_line"].take();
        instruction["end_line"].take();
    }
    list
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_is_lossless_and_every_range_lies_in_the_file(text in dockerfile()) {
        let parse = parse(&source(&text));
        let joined: String = parse.pieces.iter().map(|piece| &text[piece.range]).collect();
        prop_assert_eq!(&joined, &text);
        Checker { text: &text, escape: parse.escape }.parse(&parse);
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
        let known = variables::expand(&word, '\\', &mut |_| Lookup::Set(value.clone()));
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
    assert!(everything().contains_range(parse.errors[0].range));
}
