//! The types of the shell tree. All ranges are byte offsets of the text that was given to [`parse`](super::parse).

use std::borrow::Cow;

use smol_str::SmolStr;

use crate::text::TextRange;

/// What [`parse`](super::parse) makes of a script.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Script {
    /// The commands in order.
    pub body: List,
    /// What could not be understood; the commands there are [`CommandKind::Unknown`].
    pub errors: Vec<ShellError>,
}

/// A list of commands, each with the connector in front of it: `a && b | c; d` is `a`, `&& b`, `| c`, `; d`.
pub type List = Vec<Item>;

/// A command and what joins it to the command before.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// What stands in front of it.
    pub connector: Connector,
    /// Whether a `!` stands in front of it.
    pub negated: bool,
    /// The command.
    pub command: Command,
}

/// See [`Item`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Connector {
    /// The first of its list.
    Start,
    /// `;` or a line break.
    Sequence,
    /// `&`: the command before runs in the background.
    Background,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
}

/// A command with its redirections.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Command {
    /// From its first to its last byte, redirections included.
    pub range: TextRange,
    /// What it is.
    pub kind: CommandKind,
    /// Its redirections in order.
    pub redirections: Vec<Redirection>,
}

/// See [`Command`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CommandKind {
    /// Assignments, a name and its arguments.
    Simple(SimpleCommand),
    /// `( … )`
    Subshell(List),
    /// `{ …; }`
    Group(List),
    /// `if …; then …; elif …; else …; fi`
    If {
        /// Each condition with what it guards.
        branches: Vec<Branch>,
        /// What stands behind `else`.
        otherwise: Option<List>,
    },
    /// `case … in … esac`
    Case {
        /// The word that is matched.
        subject: Word,
        /// The arms in order.
        arms: Vec<CaseArm>,
    },
    /// `while …; do …; done` and `until`.
    While {
        /// Whether it is `until`.
        until: bool,
        /// The condition.
        condition: List,
        /// The body.
        body: List,
    },
    /// `for name in words; do …; done` and `select`.
    For {
        /// The variable; empty in `for (( … ))`.
        variable: String,
        /// The words behind `in`; absent where there is no `in`. In `for (( … ))` the expression.
        words: Option<Vec<Word>>,
        /// The body.
        body: List,
    },
    /// `name() …` and `function name …`.
    Function {
        /// The name.
        name: String,
        /// The body.
        body: Box<Command>,
    },
    /// `[[ … ]]`: its words, operators included.
    Test(Vec<Word>),
    /// `(( … ))`: its expression.
    Arithmetic(Word),
    /// Text that could not be understood. Nothing is known of what it does.
    Unknown,
}

/// A condition of `if` or `elif` with what it guards.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Branch {
    /// The condition.
    pub condition: List,
    /// What runs when it holds.
    pub body: List,
}

/// An arm of `case`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CaseArm {
    /// From the first pattern to the end of the terminator.
    pub range: TextRange,
    /// The patterns between the bars.
    pub patterns: Vec<Word>,
    /// The commands.
    pub body: List,
    /// Whether it ends in `;&` or `;;&` and so goes on into the next arm.
    pub falls_through: bool,
}

/// Assignments, a command name and its arguments.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SimpleCommand {
    /// The assignments in front of the name.
    pub assignments: Vec<Assignment>,
    /// The name and its arguments; empty where there are only assignments or redirections.
    pub words: Vec<Word>,
}

/// `NAME=value` or `NAME+=value`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Assignment {
    /// All of it.
    pub range: TextRange,
    /// The name.
    pub name: String,
    /// Whether it is `+=`.
    pub append: bool,
    /// The value; an empty word where nothing stands behind the sign, and no part is known of an array.
    pub value: Word,
}

/// A word: the concatenation of its parts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Word {
    /// Where it stands, quotes included.
    pub range: TextRange,
    /// Its parts in order; none for an empty word (a pair of quotes is a part).
    pub parts: Vec<WordPart>,
}

/// A part of a word.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WordPart {
    /// Where it stands; the quotes around it belong to no part. The text of a literal stands there as it is, unless
    /// the literal is a single escaped character.
    pub range: TextRange,
    /// What it is.
    pub kind: PartKind,
    /// Whether it stands within single or double quotes or behind a backslash.
    pub quoted: bool,
}

/// See [`WordPart`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PartKind {
    /// Text that stands for itself, quotes and escapes resolved. Unquoted it may hold glob characters.
    Literal(SmolStr),
    /// `$NAME`, `${NAME}`, `${NAME:-word}`, `$1`, `$@` …
    Variable(Box<Variable>),
    /// `$( … )` or backticks; ranges inside refer to the same text, except in backticks that hold escapes.
    CommandSubstitution(List),
    /// `$(( … ))`: its expression, where a name is a variable with and without a dollar.
    Arithmetic(Box<Word>),
    /// `<( … )` or `>( … )`
    ProcessSubstitution(List),
    /// `( … )` as the value of an assignment: its words.
    Array(Vec<Word>),
    /// Something with a value that cannot be known: `@(a|b)`, `$'…'` with odd escapes.
    Unknown,
}

/// A use of a variable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Variable {
    /// The name; a digit or `@ * # ? - $ !` for the special ones.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// The operator and its operand: (`:-`, word) in `${X:-word}`; (`length`, none) in `${#X}` and (`indirect`, none)
    /// in `${!X}`; the operator of a form that is not POSIX (`/`, `//`, `^`, `,`, `:`, `[` …) with all that stands
    /// between it and the closing brace as one word.
    pub operation: Option<(String, Word)>,
}

/// `> word`, `2>&1`, `<<EOF` …
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Redirection {
    /// All of it, file descriptor included.
    pub range: TextRange,
    /// What stands in front of the operator: `2`, `{fd}`.
    pub descriptor: Option<String>,
    /// The operator: `>`, `>>`, `<`, `<<`, `<<-`, `<<<`, `>&`, `<&`, `&>`, `&>>`, `>|`, `<>`.
    pub operator: String,
    /// What stands behind it; the delimiter of a heredoc.
    pub target: Word,
    /// The body of a heredoc within this text, where there is one: its lines without the one that ends it.
    pub heredoc: Option<TextRange>,
    /// The parts of that body; a single literal where its delimiter is quoted, so that nothing in it is expanded.
    pub heredoc_parts: Vec<WordPart>,
}

/// Something that could not be understood.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShellError {
    /// The text.
    pub range: TextRange,
    /// What is wrong.
    pub message: String,
}

impl Word {
    /// The value, where every part is a literal; globs and braces in it stand for themselves.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match self.parts.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [part] => part.literal().map(Cow::Borrowed),
            parts => parts.iter().map(WordPart::literal).collect::<Option<String>>().map(Cow::Owned),
        }
    }

    /// Whether nothing was written, not even a pair of quotes.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl WordPart {
    /// The text, if it is a literal.
    pub fn literal(&self) -> Option<&str> {
        match &self.kind {
            PartKind::Literal(text) => Some(text),
            _ => None,
        }
    }
}
