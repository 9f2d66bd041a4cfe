//! What holds of every syntax tree, for the property tests and the fuzz targets.

use dflint::syntax::variables::{self, Lookup};
use dflint::syntax::{
    Body, CommandBody, Flag, ImageReference, Instruction, JsonString, Pair, Parse, PieceKind, Word,
};
use dflint::text::{LogicalText, SourceFile, TextRange, TextSize};

/// Checks that a tree is lossless and that every range in it can be sliced.
///
/// # Panics
/// If it is not so.
pub(crate) fn check(text: &str, parse: &Parse) {
    let file = SourceFile::new("Dockerfile", text).expect("a small file");
    Checker { file: &file, text, escape: parse.escape }.parse(parse);
}

/// Checks every range, word and joined text of a tree.
struct Checker<'a> {
    file: &'a SourceFile,
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
            assert_eq!(&self.text[logical.to_source(range)], &text[range], "at {at} of {text:?}");
            // Not for long texts: it takes quadratic time.
            if text.len() < 60 {
                let rest = TextRange::new(range.start(), end);
                assert_eq!(logical.extract(rest).as_str(), &text[rest]);
            }
            self.range(logical.to_source(TextRange::empty(range.start())));
        }
    }

    /// What is put together anew is all of the instruction, and the arguments are its end.
    fn joined(&self, instruction: &Instruction) {
        let joined = instruction.joined(self.file, self.escape);
        self.logical(&joined);
        let arguments = instruction.joined_arguments(self.file, self.escape);
        self.is_end(&joined, &arguments, instruction.arguments);
        if let Some(CommandBody::Shell(range)) = instruction.body.command() {
            let line = instruction.body.command().and_then(|of| of.shell_line(self.file, self.escape));
            self.is_end(&joined, &line.expect("the shell form"), *range);
        }
    }

    /// What ends an instruction stands at `range`.
    fn is_end(&self, joined: &LogicalText, end: &LogicalText, range: TextRange) {
        self.logical(end);
        assert!(joined.as_str().trim_end().ends_with(end.as_str()), "{joined:?} {end:?}");
        assert_eq!(end.to_source(TextRange::up_to(TextSize::of(end.as_str()))), range);
    }

    fn word(&self, word: &Word) {
        self.range(word.range);
        if word.is_contiguous() {
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
            CommandBody::Shell(range) => self.range(*range),
        }
    }

    fn flag(&self, flag: &Flag) {
        self.range(flag.range);
        self.range(flag.name_range);
        flag.value.iter().for_each(|value| self.word(value));
        for key in flag.keys() {
            self.range(key.range());
            key.value().iter().for_each(|value| self.word(value));
        }
    }

    fn instruction(&self, instruction: &Instruction) {
        self.range(instruction.range);
        self.range(instruction.keyword_range);
        assert!(instruction.range.contains_range(instruction.keyword_range));
        self.range(instruction.arguments);
        self.joined(instruction);
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
            Body::Copy(copy) => {
                copy.sources.iter().chain([&copy.destination]).for_each(|word| self.word(word));
            }
            Body::Arg(pairs) | Body::Env(pairs) | Body::Label(pairs) => self.pairs(pairs),
            Body::Command(command) => self.command(command),
            Body::Healthcheck(Some(command)) => self.command(command),
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
                let index = index as usize;
                assert_eq!(index, instructions);
                assert!(piece.range.contains_range(parse.instructions[index].range));
                instructions += 1;
            }
        }
        assert_eq!(at, TextSize::of(self.text));
        let joined: String = parse.pieces.iter().map(|piece| &self.text[piece.range]).collect();
        assert_eq!(joined, self.text);
        assert_eq!(instructions, parse.instructions.len());
        parse.errors.iter().for_each(|error| self.range(error.range));
        for directive in &parse.directives {
            self.range(directive.range);
            assert_eq!(&self.text[directive.value_range], directive.value);
        }
        parse.instructions.iter().for_each(|instruction| self.instruction(instruction));
    }
}
