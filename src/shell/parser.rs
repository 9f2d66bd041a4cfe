//! Lists, simple commands and redirections.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::cursor::Parser;
use super::heredoc::Pending;
use super::words::{is_break, name_len};
use super::{
    Assignment, Command, CommandKind, Connector, Item, List, PartKind, Redirection, SimpleCommand, Word,
    WordPart,
};

/// The redirection operators, the longer before the shorter.
const REDIRECTIONS: [&str; 12] = ["<<<", "<<-", "&>>", "<<", "<&", "<>", ">>", ">&", ">|", "&>", "<", ">"];

impl Parser<'_> {
    /// Reads commands to the end of the text, whatever stands there.
    pub(super) fn script(&mut self) -> List {
        let mut items = self.list();
        while self.byte().is_some() {
            let start = self.pos;
            self.expected("a command");
            self.skip_line();
            push_list(&mut items, vec![self.unknown(Connector::Start, start)]);
            self.blank_lines();
            self.eat(";");
            let more = self.list();
            push_list(&mut items, more);
        }
        items
    }

    /// Reads commands up to what closes the list, which it leaves.
    pub(super) fn list(&mut self) -> List {
        let mut items = List::new();
        let mut connector = Connector::Start;
        loop {
            self.blank_lines();
            if self.at_closing() {
                if matches!(connector, Connector::And | Connector::Or | Connector::Pipe) {
                    self.error(self.pos, self.pos, "expected a command");
                    items.push(self.unknown(connector, self.pos));
                }
                return items;
            }
            let start = self.pos;
            if matches!(self.byte(), Some(b';' | b'|'))
                || (self.byte() == Some(b'&') && !self.looking_at("&>"))
            {
                self.error(start, start + 1, "expected a command");
                items.push(self.unknown(connector, start));
            } else {
                items.push(self.item(connector));
            }
            self.blanks();
            connector = match self.connector() {
                Some(connector) => connector,
                None if self.at_closing() => return items,
                None => {
                    // A word or a bracket behind a compound command: nobody knows what was meant.
                    self.expected("an operator");
                    self.skip_line();
                    if let Some(last) = items.pop() {
                        items.push(Item { connector: last.connector, ..self.unknown(last.connector, start) });
                    }
                    Connector::Sequence
                }
            };
        }
    }

    /// An item for the text from `start` to here.
    fn unknown(&mut self, connector: Connector, start: usize) -> Item {
        self.end = self.pos;
        let range = self.range(start, self.end);
        let command = Command { range, kind: CommandKind::Unknown, redirections: Vec::new() };
        Item { connector, negated: false, command }
    }

    /// Takes the connector that comes next; a line break counts, the end of the text does not.
    fn connector(&mut self) -> Option<Connector> {
        let (connector, len) = match (self.byte()?, self.byte_at(self.pos + 1)) {
            (b'&', Some(b'&')) => (Connector::And, 2),
            (b'|', Some(b'|')) => (Connector::Or, 2),
            (b'|', Some(b'&')) => (Connector::Pipe, 2),
            (b'|', _) => (Connector::Pipe, 1),
            (b'&', _) => (Connector::Background, 1),
            (b';', Some(b';' | b'&')) => return None,
            (b';', _) => (Connector::Sequence, 1),
            // The line break itself is left: heredocs begin behind it.
            (b'\n' | b'\r', _) if self.line_break_at(self.pos) > 0 => (Connector::Sequence, 0),
            _ => return None,
        };
        self.pos += len;
        Some(connector)
    }

    /// Whether what comes next closes a list.
    pub(super) fn at_closing(&self) -> bool {
        match self.byte() {
            None | Some(b')') => true,
            Some(b';') => matches!(self.byte_at(self.pos + 1), Some(b';' | b'&')),
            Some(b't' | b'e' | b'f' | b'd' | b'}') => {
                matches!(
                    self.bare_word(),
                    b"then" | b"elif" | b"else" | b"fi" | b"do" | b"done" | b"esac" | b"}"
                )
            }
            _ => false,
        }
    }

    /// What comes next up to what ends a word, as far as a reserved word may reach.
    pub(super) fn bare_word(&self) -> &[u8] {
        let rest = &self.text.as_bytes()[self.pos..];
        let rest = &rest[..rest.len().min("function ".len())];
        &rest[..rest.iter().position(|byte| is_break(*byte)).unwrap_or(rest.len())]
    }

    /// Whether the reserved word comes next, all of a word.
    pub(super) fn at_keyword(&self, keyword: &str) -> bool {
        self.looking_at(keyword) && self.byte_at(self.pos + keyword.len()).is_none_or(is_break)
    }

    /// Takes the reserved word if it comes next.
    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.bump(keyword.len());
        }
        found
    }

    /// Says what should stand here. The rest of the line is given up unless a construct around may go on here.
    pub(super) fn expected(&mut self, what: &str) {
        let len = self.text[self.pos..].chars().next().map_or(0, char::len_utf8);
        self.error(self.pos, self.pos + len, format!("expected {what}"));
        if !self.at_closing() {
            self.skip_line();
        }
    }

    fn item(&mut self, connector: Connector) -> Item {
        let mut negated = false;
        while self.eat_keyword("!") {
            negated = !negated;
            self.blanks();
        }
        self.time();
        Item { connector, negated, command: self.command() }
    }

    /// Skips `time` in front of a compound command, where it cannot be the name of a program.
    fn time(&mut self) {
        let start = self.pos;
        if self.eat_keyword("time") {
            self.blanks();
            if self.eat_keyword("-p") {
                self.blanks();
            }
            if !self.at_compound() {
                self.pos = start;
            }
        }
    }

    /// Reads a command. One that is broken is unknown up to where it could be read.
    pub(super) fn command(&mut self) -> Command {
        let start = self.pos;
        let mut redirections = Vec::new();
        let kind = if self.at_compound() {
            self.nested(Self::compound).and_then(|kind| {
                self.redirections(&mut redirections)?;
                Some(kind)
            })
        } else {
            self.simple(&mut redirections)
        };
        match kind {
            Some(kind) => Command { range: self.range(start, self.end.max(start)), kind, redirections },
            None => self.unknown(Connector::Start, start).command,
        }
    }

    fn redirections(&mut self, redirections: &mut Vec<Redirection>) -> Option<()> {
        loop {
            self.blanks();
            let Some(len) = self.redirection_prefix() else { return Some(()) };
            self.redirection(len, redirections)?;
        }
    }

    fn simple(&mut self, redirections: &mut Vec<Redirection>) -> Option<CommandKind> {
        let mut simple = SimpleCommand::default();
        loop {
            self.blanks();
            if let Some(len) = self.redirection_prefix() {
                self.redirection(len, redirections)?;
            } else if self.at_word() {
                self.assignment_or_word(&mut simple)?;
            } else {
                break;
            }
        }
        let nothing = simple.assignments.is_empty() && redirections.is_empty();
        if self.byte() == Some(b'(') {
            let name = match simple.words.as_slice() {
                [name] if nothing => name.literal(),
                _ => None,
            };
            let Some(name) = name.map(Cow::into_owned) else {
                self.expected("an operator");
                return None;
            };
            return self.nested(|parser| parser.function_brackets(name));
        }
        if nothing && simple.words.is_empty() {
            self.expected("a command");
            return None;
        }
        Some(CommandKind::Simple(simple))
    }

    fn assignment_or_word(&mut self, simple: &mut SimpleCommand) -> Option<()> {
        if simple.words.is_empty()
            && let Some((name, value)) = self.assignment_prefix()
        {
            simple.assignments.push(self.assignment(name, value)?);
        } else {
            let word = self.word()?;
            if simple.words.is_empty() {
                simple.words.reserve_exact(8);
            }
            simple.words.push(word);
        }
        Some(())
    }

    /// `() command` behind the name of a function.
    fn function_brackets(&mut self, name: String) -> Option<CommandKind> {
        self.pos += 1;
        self.blanks();
        if !self.eat(")") {
            self.expected("`)`");
            return None;
        }
        self.function_body(name)
    }

    pub(super) fn function_body(&mut self, name: String) -> Option<CommandKind> {
        self.blank_lines();
        if self.at_closing() {
            self.expected("the body of the function");
            return None;
        }
        Some(CommandKind::Function { name, body: Box::new(self.command()) })
    }

    /// Where the name and the value of an assignment that begins here would be: the end of the one, the start of the other.
    fn assignment_prefix(&self) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let name = self.pos + name_len(&bytes[self.pos..]);
        if name == self.pos {
            return None;
        }
        let mut sign = name;
        if bytes.get(sign) == Some(&b'[') {
            let len = bytes[sign..].iter().position(|byte| *byte == b']' || is_break(*byte))?;
            sign += len + 1;
        }
        match &bytes[sign.min(bytes.len())..] {
            [b'=', ..] => Some((name, sign + 1)),
            [b'+', b'=', ..] => Some((name, sign + 2)),
            _ => None,
        }
    }

    fn assignment(&mut self, name: usize, value: usize) -> Option<Assignment> {
        let start = self.pos;
        let element = self.byte_at(name) == Some(b'[');
        let append = self.byte_at(value - 2) == Some(b'+');
        let mut word = self.word()?;
        let range = word.range;
        let name = self.text[start..name].to_owned();
        // The subscript of an element belongs to the value: the variable is no longer just what stands behind the sign.
        let from = if element { start + name.len() } else { value };
        // The word's first part begins with the name and the sign.
        if let Some(WordPart { range, kind: PartKind::Literal(text), .. }) = word.parts.first_mut() {
            *text = SmolStr::new(&text[from - start..]);
            *range = self.range(from, from + text.len());
            if text.is_empty() {
                word.parts.remove(0);
            }
        }
        if element {
            let range = self.range(from, from);
            word.parts.insert(0, WordPart { range, kind: PartKind::Unknown, quoted: false });
        }
        let value = Word { range: self.range(from, self.pos), parts: word.parts };
        Some(Assignment { range, name, append, value })
    }

    /// The length of what stands in front of the operator of a redirection (`2`, `{fd}`), if one begins here.
    fn redirection_prefix(&self) -> Option<usize> {
        let rest = &self.text.as_bytes()[self.pos..];
        let len = match rest.first()? {
            b'0'..=b'9' => rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
            b'{' => match name_len(&rest[1..]) {
                0 => return None,
                len if rest.get(len + 1) == Some(&b'}') => len + 2,
                _ => return None,
            },
            b'<' | b'>' | b'&' => 0,
            _ => return None,
        };
        match &rest[len..] {
            [b'<' | b'>', b'(', ..] => None,
            [b'<' | b'>', ..] => Some(len),
            [b'&', b'>', ..] if len == 0 => Some(0),
            _ => None,
        }
    }

    fn redirection(&mut self, prefix: usize, redirections: &mut Vec<Redirection>) -> Option<()> {
        let start = self.pos;
        self.pos += prefix;
        let operator = REDIRECTIONS.into_iter().find(|operator| self.looking_at(operator)).unwrap_or(">");
        self.bump(operator.len());
        self.blanks();
        if !self.at_word() {
            self.expected("the target of the redirection");
            return None;
        }
        let target = self.word()?;
        let range = self.range(start, self.pos);
        if matches!(operator, "<<" | "<<-") {
            self.pending.push(Pending {
                redirection: range.start(),
                delimiter: self.delimiter(&target),
                strip_tabs: operator == "<<-",
                expand: !target.parts.iter().any(|part| part.quoted),
            });
        }
        let descriptor = (prefix > 0).then(|| self.text[start..start + prefix].to_owned());
        let operator = operator.to_owned();
        let heredoc_parts = Vec::new();
        redirections.push(Redirection { range, descriptor, operator, target, heredoc: None, heredoc_parts });
        Some(())
    }

    /// The line that ends a heredoc: the word without its quotes. Nothing is expanded in it.
    fn delimiter(&self, target: &Word) -> String {
        let written = || self.text[self.pos - usize::from(target.range.len())..self.pos].to_owned();
        target.literal().map_or_else(written, Cow::into_owned)
    }
}

/// Appends commands that come behind others.
fn push_list(items: &mut List, mut more: List) {
    if let Some(first) = more.first_mut()
        && first.connector == Connector::Start
        && !items.is_empty()
    {
        first.connector = Connector::Sequence;
    }
    items.append(&mut more);
}
