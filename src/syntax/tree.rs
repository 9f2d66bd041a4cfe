//! The types of the Dockerfile tree. Ranges are byte offsets of the file unless a name says logical.

use super::words::is_blank;
use crate::text::{LogicalText, TextRange, TextSize};

/// What [`parse`](super::parse) makes of a file. Concatenating the `pieces` gives the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parse {
    /// Every byte of the file, each in exactly one piece, in order.
    pub pieces: Vec<Piece>,
    /// The parser directives (`# syntax=…`) in force, in order.
    pub directives: Vec<Directive>,
    /// The instructions in order, broken ones included.
    pub instructions: Vec<Instruction>,
    /// What `BuildKit` would refuse, in the order of the file.
    pub errors: Vec<SyntaxError>,
    /// The escape character: `\` or `` ` ``.
    pub escape: char,
}

/// A run of whole lines (the byte-order mark is the exception) and what they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Its bytes, line ending included.
    pub range: TextRange,
}

/// See [`Piece`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PieceKind {
    /// A byte-order mark.
    ByteOrderMark,
    /// A parser directive in force.
    Directive,
    /// A comment line outside of instructions.
    Comment,
    /// A line of white space outside of instructions.
    Blank,
    /// An instruction with its continuation lines, the comments between them and its heredocs: the index into
    /// [`Parse::instructions`].
    Instruction(usize),
}

/// A parser directive: `# name=value`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Directive {
    /// The line without its ending.
    pub range: TextRange,
    /// The name, lower-cased.
    pub name: String,
    /// The value as written.
    pub value: String,
    /// Where the value stands.
    pub value_range: TextRange,
}

/// Something that `BuildKit` refuses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SyntaxError {
    /// The smallest text that is wrong.
    pub range: TextRange,
    /// What is wrong and what is expected, for a person.
    pub message: String,
    /// When `BuildKit` notices.
    pub phase: Phase,
}

/// When `BuildKit` notices an error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Phase {
    /// While it splits the file into instructions: it refuses the file as a whole.
    Parse,
    /// While it goes through the instructions: it refuses this one.
    Dispatch,
}

/// One instruction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Instruction {
    /// From the keyword to the end of the last line that belongs to it (heredocs included), without that line's ending.
    pub range: TextRange,
    /// Which instruction it is.
    pub keyword: Keyword,
    /// Where the keyword stands.
    pub keyword_range: TextRange,
    /// The flags in front of the arguments, in order.
    pub flags: Vec<Flag>,
    /// The arguments, typed.
    pub body: Body,
    /// The heredocs in order. Those of an instruction behind `ONBUILD` are here and in that instruction.
    pub heredocs: Vec<Heredoc>,
    /// The instruction as `BuildKit` sees it: lines joined, comments between them dropped, keyword and flags included.
    pub logical: LogicalText,
    /// The arguments within `logical`: what is left behind keyword and flags, white space at both ends trimmed.
    pub arguments: TextRange,
    /// Whether the arguments (those behind `CMD` of a `HEALTHCHECK`) are a JSON array.
    pub json: bool,
}

/// The instructions that `BuildKit` knows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[allow(missing_docs, reason = "each is the instruction of that name")]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    StopSignal,
    User,
    Volume,
    Workdir,
    /// None of them.
    Unknown,
}

/// A flag of an instruction: `--name` or `--name=value`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flag {
    /// The whole flag.
    pub range: TextRange,
    /// The name without the dashes, quotes removed. Case matters, as it does to `BuildKit`.
    pub name: String,
    /// Where the dashes and the name stand.
    pub name_range: TextRange,
    /// What stands behind the equals sign, quotes removed: what `BuildKit` goes on to expand.
    pub value: Option<Word>,
    /// The keys of `--mount=type=cache,target=…`, in order; empty for every other flag.
    pub keys: Vec<FlagKey>,
}

/// `key` or `key=value` in the value of a flag.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FlagKey {
    /// The key and its value.
    pub range: TextRange,
    /// The key, lower-cased.
    pub name: String,
    /// Where the key stands.
    pub name_range: TextRange,
    /// What stands behind the equals sign, quotes removed.
    pub value: Option<Word>,
}

/// A piece of an instruction's text: as written, quotes and escapes included (except in flags and JSON strings, where
/// `BuildKit` removes them before it looks for variables).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Word {
    /// The text as written, continuation lines joined.
    pub text: String,
    /// Where it stands in the file.
    pub range: TextRange,
    /// Whether the file's bytes at `range` are `text`: only then may an edit reach into the word.
    pub contiguous: bool,
    /// The way back to the file where the word is not contiguous; absent too if its text is not in the file.
    gaps: Option<Box<LogicalText>>,
}

/// The arguments of an instruction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Body {
    /// `ADD` and `COPY`.
    Copy(CopyBody),
    /// `ARG`: each name with its default.
    Arg(Vec<Pair>),
    /// `CMD`, `ENTRYPOINT`, `RUN`.
    Command(CommandBody),
    /// `ENV`.
    Env(Vec<Pair>),
    /// `FROM`.
    From(FromBody),
    /// `HEALTHCHECK`: `None` for `HEALTHCHECK NONE`.
    Healthcheck(Option<CommandBody>),
    /// `LABEL`.
    Label(Vec<Pair>),
    /// `ONBUILD` with the instruction that it holds.
    Onbuild(Box<Instruction>),
    /// `SHELL`: the words of the JSON array.
    Shell(Vec<JsonString>),
    /// `EXPOSE`, `MAINTAINER`, `STOPSIGNAL`, `USER`, `VOLUME`, `WORKDIR`: their words.
    Words(Vec<Word>),
    /// Arguments that `BuildKit` refuses; an error says why.
    Invalid,
}

/// `FROM [--platform=P] image [AS name]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FromBody {
    /// The image or stage as written.
    pub image: Word,
    /// The name behind `AS`, as written.
    pub alias: Option<Word>,
}

/// `name` or `name=value` of `ARG`, `ENV` and `LABEL`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pair {
    /// From the name to the end of the value.
    pub range: TextRange,
    /// The name as written.
    pub name: Word,
    /// The value as written, quotes included; absent for `ARG NAME`.
    pub value: Option<Word>,
}

/// `ADD` and `COPY`: the last word is the destination.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CopyBody {
    /// What is copied; a heredoc stands here as `<<NAME`.
    pub sources: Vec<Word>,
    /// Where to.
    pub destination: Word,
    /// Whether it was written as a JSON array.
    pub json: bool,
}

/// What `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD` execute.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CommandBody {
    /// A JSON array: no shell and no expansion.
    Exec(Vec<JsonString>),
    /// A command line for the shell; heredocs are beside it in the instruction.
    Shell(LogicalText),
}

/// A string of a JSON array.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JsonString {
    /// The decoded value.
    pub value: String,
    /// Where it stands, quotes included.
    pub range: TextRange,
}

/// A heredoc of `RUN`, `COPY` or `ADD`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Heredoc {
    /// The delimiter, unquoted.
    pub name: String,
    /// The file descriptor in front of `<<`; 0 where none is given.
    pub file_descriptor: u32,
    /// Whether variables in the body are expanded: no part of the delimiter is quoted.
    pub expand: bool,
    /// Whether leading tabs are dropped (`<<-`).
    pub chomp: bool,
    /// Where `<<NAME` stands.
    pub marker: TextRange,
    /// The body's lines with their endings, without the terminator's line. Not chomped.
    pub body: TextRange,
    /// The body as its reader gets it: chomped where `chomp` is set.
    pub content: LogicalText,
}

impl Word {
    /// A word that stands at `range` of the file as it is.
    pub fn contiguous(text: impl Into<String>, range: TextRange) -> Self {
        Self { text: text.into(), range, contiguous: true, gaps: None }
    }

    /// A word whose text is nowhere in the file: `range` holds what it was decoded from.
    pub fn decoded(text: impl Into<String>, range: TextRange) -> Self {
        Self { text: text.into(), range, contiguous: false, gaps: None }
    }

    /// The word at `range` of a joined text.
    pub fn from_logical(logical: &LogicalText, range: TextRange) -> Self {
        let source = logical.to_source(range);
        let contiguous = source.len() == range.len();
        let gaps = (!contiguous).then(|| Box::new(logical.extract(range)));
        Self { text: logical.slice(range).to_owned(), range: source, contiguous, gaps }
    }

    /// Where `range` of [`text`](Self::text) stands in the file; the whole word if it was decoded.
    pub fn to_source(&self, range: TextRange) -> TextRange {
        match &self.gaps {
            Some(logical) => logical.to_source(range),
            None if self.contiguous => range + self.range.start(),
            None => self.range,
        }
    }

    /// The part of the word at `range` of [`text`](Self::text).
    #[must_use]
    pub fn part(&self, range: TextRange) -> Self {
        match &self.gaps {
            Some(logical) => Self::from_logical(logical, range),
            None if self.contiguous => Self::contiguous(&self.text[range], self.to_source(range)),
            None => Self::decoded(&self.text[range], self.range),
        }
    }

    /// The part of the word from `start` of [`text`](Self::text) on.
    #[must_use]
    pub fn part_from(&self, start: TextSize) -> Self {
        self.part(TextRange::new(start, TextSize::of(self.text.as_str())))
    }
}

impl Instruction {
    /// The keyword as written, continuation lines joined.
    pub fn keyword_text(&self) -> &str {
        self.logical.as_str().trim().split(is_blank).next().unwrap_or_default()
    }

    /// The first flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name == name)
    }

    /// All flags of that name.
    pub fn flags_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Flag> {
        self.flags.iter().filter(move |flag| flag.name == name)
    }
}

impl Flag {
    /// The value of a key (lower case) of `--mount`.
    pub fn key(&self, name: &str) -> Option<&FlagKey> {
        self.keys.iter().find(|key| key.name == name)
    }
}
