//! The types of the Dockerfile tree. Ranges are byte offsets of the file unless a name says logical.

use smol_str::SmolStr;
use thin_vec::ThinVec;

use super::keys::{self, FlagKey};
use super::lines;
use super::words::is_blank;
use crate::text::{LogicalText, SourceFile, TextRange, TextSize};

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
    /// [`Parse::instructions`], which are fewer than the bytes of a file.
    Instruction(u32),
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

/// One instruction. A file may have many: what is rare, or long, takes a pointer's room, and the joined lines are put
/// together when they are [asked for](Self::joined).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Instruction {
    /// From the keyword to the end of the last line that belongs to it (heredocs included), without that line's ending.
    pub range: TextRange,
    /// Which instruction it is.
    pub keyword: Keyword,
    /// Where the keyword stands.
    pub keyword_range: TextRange,
    /// The flags in front of the arguments, in order.
    pub flags: ThinVec<Flag>,
    /// The arguments, typed.
    pub body: Body,
    /// The heredocs in order. Those of an instruction behind `ONBUILD` are here and in that instruction.
    pub heredocs: ThinVec<Heredoc>,
    /// Where the arguments stand: what is left behind keyword and flags, white space at both ends trimmed.
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
    pub name: SmolStr,
    /// Where the dashes and the name stand.
    pub name_range: TextRange,
    /// What stands behind the equals sign, quotes removed: what `BuildKit` goes on to expand.
    pub value: Option<Word>,
}

/// A piece of an instruction's text: as written, quotes and escapes included (except in flags and JSON strings, where
/// `BuildKit` removes them before it looks for variables).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Word {
    /// The text as written, continuation lines joined.
    pub text: SmolStr,
    /// Where it stands in the file.
    pub range: TextRange,
    /// Where the text comes from, if the file's bytes at `range` are another.
    elsewhere: Option<Box<Origin>>,
}

/// Where the text of a [`Word`] comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Origin {
    /// From several places of the file.
    Joined(LogicalText),
    /// From none: it was decoded.
    Decoded,
}

/// The arguments of an instruction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Body {
    /// `ADD` and `COPY`.
    Copy(Box<CopyBody>),
    /// `ARG`: each name with its default.
    Arg(ThinVec<Pair>),
    /// `CMD`, `ENTRYPOINT`, `RUN`.
    Command(CommandBody),
    /// `ENV`.
    Env(ThinVec<Pair>),
    /// `FROM`.
    From(Box<FromBody>),
    /// `HEALTHCHECK`: `None` for `HEALTHCHECK NONE`.
    Healthcheck(Option<Box<CommandBody>>),
    /// `LABEL`.
    Label(ThinVec<Pair>),
    /// `ONBUILD` with the instruction that it holds.
    Onbuild(Box<Instruction>),
    /// `SHELL`: the words of the JSON array.
    Shell(ThinVec<JsonString>),
    /// `EXPOSE`, `MAINTAINER`, `STOPSIGNAL`, `USER`, `VOLUME`, `WORKDIR`: their words.
    Words(ThinVec<Word>),
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
    pub sources: ThinVec<Word>,
    /// Where to.
    pub destination: Word,
    /// Whether it was written as a JSON array.
    pub json: bool,
}

/// What `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD` execute.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CommandBody {
    /// A JSON array: no shell and no expansion.
    Exec(ThinVec<JsonString>),
    /// Where the [command line](CommandBody::shell_line) for the shell stands; heredocs are beside it in the instruction.
    Shell(TextRange),
}

/// A string of a JSON array.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JsonString {
    /// The decoded value.
    pub value: SmolStr,
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
    pub fn contiguous(text: impl Into<SmolStr>, range: TextRange) -> Self {
        Self { text: text.into(), range, elsewhere: None }
    }

    /// A word whose text is nowhere in the file: `range` holds what it was decoded from.
    pub fn decoded(text: impl Into<SmolStr>, range: TextRange) -> Self {
        Self { text: text.into(), range, elsewhere: Some(Box::new(Origin::Decoded)) }
    }

    /// The word at `range` of a joined text.
    pub fn from_logical(logical: &LogicalText, range: TextRange) -> Self {
        let source = logical.to_source(range);
        let contiguous = source.len() == range.len();
        let elsewhere = (!contiguous).then(|| Box::new(Origin::Joined(logical.extract(range))));
        Self { text: logical.slice(range).into(), range: source, elsewhere }
    }

    /// Whether the file's bytes at `range` are `text`: only then may an edit reach into the word.
    pub fn is_contiguous(&self) -> bool {
        self.elsewhere.is_none()
    }

    /// Where `range` of [`text`](Self::text) stands in the file; the whole word if it was decoded.
    pub fn to_source(&self, range: TextRange) -> TextRange {
        match self.elsewhere.as_deref() {
            None => range + self.range.start(),
            Some(Origin::Joined(logical)) => logical.to_source(range),
            Some(Origin::Decoded) => self.range,
        }
    }

    /// The part of the word at `range` of [`text`](Self::text).
    #[must_use]
    pub fn part(&self, range: TextRange) -> Self {
        match self.elsewhere.as_deref() {
            None => Self::contiguous(&self.text[range], self.to_source(range)),
            Some(Origin::Joined(logical)) => Self::from_logical(logical, range),
            Some(Origin::Decoded) => Self::decoded(&self.text[range], self.range),
        }
    }

    /// The part of the word from `start` of [`text`](Self::text) on.
    #[must_use]
    pub fn part_from(&self, start: TextSize) -> Self {
        self.part(TextRange::new(start, TextSize::of(self.text.as_str())))
    }
}

impl Instruction {
    /// The instruction as `BuildKit` sees it: lines joined, comments between them dropped, keyword and flags included.
    /// `file` is the one that it is of, and `escape` the [escape character](Parse::escape) there.
    pub fn joined(&self, file: &SourceFile, escape: char) -> LogicalText {
        lines::joined(file, self.range.start(), escape)
    }

    /// The arguments as `BuildKit` sees them.
    pub fn joined_arguments(&self, file: &SourceFile, escape: char) -> LogicalText {
        lines::joined_arguments(file, self.arguments.start(), escape)
    }

    /// The keyword as written, continuation lines joined.
    pub fn keyword_text(&self, file: &SourceFile, escape: char) -> String {
        let joined = self.joined(file, escape);
        joined.as_str().split(is_blank).next().unwrap_or_default().to_owned()
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

impl Body {
    /// What `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK CMD` executes.
    pub fn command(&self) -> Option<&CommandBody> {
        match self {
            Self::Command(command) => Some(command),
            Self::Healthcheck(command) => command.as_deref(),
            _ => None,
        }
    }
}

impl CommandBody {
    /// The command line for the shell as `BuildKit` sees it: lines joined, comments between them dropped. None of a JSON
    /// array. `file` is the one that it is of, and `escape` the [escape character](Parse::escape) there.
    pub fn shell_line(&self, file: &SourceFile, escape: char) -> Option<LogicalText> {
        match self {
            Self::Shell(range) => Some(lines::joined_arguments(file, range.start(), escape)),
            Self::Exec(_) => None,
        }
    }
}

impl Flag {
    /// The keys of `--mount=type=cache,target=…`, in order; none for every other flag. They are read when asked for.
    pub fn keys(&self) -> impl Iterator<Item = FlagKey<'_>> {
        self.value.iter().filter(|_| self.name == "mount").flat_map(keys::keys)
    }

    /// The value of the first key of that name of `--mount`.
    pub fn key(&self, name: &str) -> Option<Word> {
        self.keys().find(|key| key.name().eq_ignore_ascii_case(name))?.value()
    }
}
