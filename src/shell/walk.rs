//! Everything in a script, with what stands around it.

use super::{
    Command, CommandKind, Connector, Item, PartKind, Script, SimpleCommand, Variable, Word, WordPart,
};
use crate::text::TextRange;

/// A command of any kind, where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Site<'s, 'a> {
    /// The command.
    pub command: &'a Command,
    /// The list that it stands in; empty for the body of a function.
    pub list: &'a [Item],
    /// Its index in that list.
    pub index: usize,
    /// The constructs around it, the outermost first.
    pub enclosing: &'s [Enclosing],
}

/// A construct around a command.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Enclosing {
    /// Which one.
    pub construct: Construct,
    /// The command or the part of a word that it is.
    pub range: TextRange,
}

/// See [`Enclosing`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Construct {
    /// `( … )`
    Subshell,
    /// `{ …; }`
    Group,
    /// Between `if` or `elif` and `then`.
    Condition,
    /// Behind `then` or `else`.
    Branch,
    /// An arm of `case`.
    CaseArm,
    /// Between `while` or `until` and `do`.
    LoopCondition,
    /// Between `do` and `done`.
    LoopBody,
    /// The body of a function: it runs where the function is called, if at all.
    Function,
    /// `$( … )` or backticks.
    CommandSubstitution,
    /// `<( … )` or `>( … )`
    ProcessSubstitution,
    /// A command of a pipeline of two or more: it runs in a subshell.
    Pipeline,
}

impl<'a> Site<'_, 'a> {
    /// The command, if it is a simple one.
    pub fn simple(&self) -> Option<&'a SimpleCommand> {
        match &self.command.kind {
            CommandKind::Simple(simple) => Some(simple),
            _ => None,
        }
    }

    /// The item that the command stands in, with connector and negation; none for the body of a function.
    pub fn item(&self) -> Option<&'a Item> {
        self.list.get(self.index)
    }

    /// The command whose output this one reads through a pipe.
    pub fn pipe_from(&self) -> Option<&'a Command> {
        let piped = self.item()?.connector == Connector::Pipe;
        piped.then(|| self.list.get(self.index.checked_sub(1)?)).flatten().map(|item| &item.command)
    }

    /// The command that reads this one's output through a pipe.
    pub fn pipe_to(&self) -> Option<&'a Command> {
        let next = self.list.get(self.index + 1)?;
        (next.connector == Connector::Pipe).then_some(&next.command)
    }

    /// Whether one of the constructs around it is of this kind.
    pub fn is_within(&self, construct: Construct) -> bool {
        self.enclosing.iter().any(|enclosing| enclosing.construct == construct)
    }
}

impl Script {
    /// Calls `visit` for every command of any kind: the outer before the inner, then in the order of the text. The
    /// commands of substitutions, heredocs and functions are among them.
    pub fn for_each_command<'a>(&'a self, mut visit: impl FnMut(Site<'_, 'a>)) {
        Walk { command: &mut visit, part: &mut |_| {}, enclosing: Vec::new() }.list(&self.body);
    }

    /// The simple commands, in the order of [`for_each_command`](Self::for_each_command).
    pub fn simple_commands(&self) -> Vec<&SimpleCommand> {
        let mut commands = Vec::new();
        self.for_each_command(|site| commands.extend(site.simple()));
        commands
    }

    /// Calls `visit` for every part of every word: the outer before the inner. Operands, subscripts, substitutions,
    /// expressions, heredocs that are expanded and words in arrays are gone into.
    pub fn for_each_part<'a>(&'a self, mut visit: impl FnMut(&'a WordPart)) {
        Walk { command: &mut |_| {}, part: &mut visit, enclosing: Vec::new() }.list(&self.body);
    }

    /// Calls `visit` for every use of a variable with the part that it is; see [`for_each_part`](Self::for_each_part).
    pub fn for_each_variable<'a>(&'a self, mut visit: impl FnMut(&'a WordPart, &'a Variable)) {
        self.for_each_part(|part| {
            if let PartKind::Variable(variable) = &part.kind {
                visit(part, variable);
            }
        });
    }
}

impl Word {
    /// Calls `visit` for every part of the word and of the words in it; see [`Script::for_each_part`].
    pub fn for_each_part<'a>(&'a self, mut visit: impl FnMut(&'a WordPart)) {
        Walk { command: &mut |_| {}, part: &mut visit, enclosing: Vec::new() }.word(self);
    }
}

/// A walk through a tree. The parser bounds its depth.
struct Walk<'f, 'a> {
    command: &'f mut dyn FnMut(Site<'_, 'a>),
    part: &'f mut dyn FnMut(&'a WordPart),
    enclosing: Vec<Enclosing>,
}

impl<'a> Walk<'_, 'a> {
    fn list(&mut self, list: &'a [Item]) {
        for (index, item) in list.iter().enumerate() {
            let next = list.get(index + 1).map(|next| next.connector);
            if item.connector == Connector::Pipe || next == Some(Connector::Pipe) {
                self.within(Construct::Pipeline, item.command.range, |walk| {
                    walk.command(&item.command, list, index);
                });
            } else {
                self.command(&item.command, list, index);
            }
        }
    }

    fn within(&mut self, construct: Construct, range: TextRange, visit: impl FnOnce(&mut Self)) {
        self.enclosing.push(Enclosing { construct, range });
        visit(self);
        self.enclosing.pop();
    }

    fn list_within(&mut self, construct: Construct, range: TextRange, list: &'a [Item]) {
        self.within(construct, range, |walk| walk.list(list));
    }

    fn command(&mut self, command: &'a Command, list: &'a [Item], index: usize) {
        (self.command)(Site { command, list, index, enclosing: &self.enclosing });
        let range = command.range;
        match &command.kind {
            CommandKind::Simple(simple) => {
                simple.assignments.iter().for_each(|assignment| self.word(&assignment.value));
                self.words(&simple.words);
            }
            CommandKind::Subshell(list) => self.list_within(Construct::Subshell, range, list),
            CommandKind::Group(list) => self.list_within(Construct::Group, range, list),
            CommandKind::If { branches, otherwise } => {
                for branch in branches {
                    self.list_within(Construct::Condition, range, &branch.condition);
                    self.list_within(Construct::Branch, range, &branch.body);
                }
                self.list_within(Construct::Branch, range, otherwise.as_deref().unwrap_or_default());
            }
            CommandKind::Case { subject, arms } => {
                self.word(subject);
                for arm in arms {
                    self.words(&arm.patterns);
                    self.list_within(Construct::CaseArm, arm.range, &arm.body);
                }
            }
            CommandKind::While { condition, body, .. } => {
                self.list_within(Construct::LoopCondition, range, condition);
                self.list_within(Construct::LoopBody, range, body);
            }
            CommandKind::For { words, body, .. } => {
                self.words(words.as_deref().unwrap_or_default());
                self.list_within(Construct::LoopBody, range, body);
            }
            CommandKind::Function { body, .. } => {
                self.within(Construct::Function, range, |walk| walk.command(body, &[], 0));
            }
            CommandKind::Test(words) => self.words(words),
            CommandKind::Arithmetic(word) => self.word(word),
            CommandKind::Unknown => {}
        }
        for redirection in &command.redirections {
            self.word(&redirection.target);
            self.parts(&redirection.heredoc_parts);
        }
    }

    fn words(&mut self, words: &'a [Word]) {
        for word in words {
            self.word(word);
        }
    }

    fn word(&mut self, word: &'a Word) {
        self.parts(&word.parts);
    }

    fn parts(&mut self, parts: &'a [WordPart]) {
        for part in parts {
            (self.part)(part);
            match &part.kind {
                PartKind::CommandSubstitution(list) => {
                    self.list_within(Construct::CommandSubstitution, part.range, list);
                }
                PartKind::ProcessSubstitution(list) => {
                    self.list_within(Construct::ProcessSubstitution, part.range, list);
                }
                PartKind::Arithmetic(word) => self.word(word),
                PartKind::Array(words) => self.words(words),
                PartKind::Variable(variable) => {
                    variable.operation.iter().for_each(|(_, operand)| self.word(operand));
                }
                PartKind::Literal(_) | PartKind::Unknown => {}
            }
        }
    }
}
