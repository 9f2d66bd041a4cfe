//! Compound commands: subshells, conditions, loops, functions, tests.

use std::borrow::Cow;

use super::cursor::Parser;
use super::words::{Context, name_len};
use super::{Branch, CaseArm, CommandKind, PartKind, Word, WordPart};

/// The words that begin a compound command.
const OPENING_WORDS: [&str; 9] = ["if", "while", "until", "for", "select", "case", "function", "[[", "{"];

impl Parser<'_> {
    /// Whether a compound command begins here.
    pub(super) fn at_compound(&self) -> bool {
        match self.byte() {
            Some(b'(') => true,
            Some(b'i' | b'w' | b'u' | b'f' | b's' | b'c' | b'[' | b'{') => {
                matches!(
                    self.bare_word(),
                    b"if" | b"while" | b"until" | b"for" | b"select" | b"case" | b"function" | b"[[" | b"{"
                )
            }
            _ => false,
        }
    }

    pub(super) fn compound(&mut self) -> Option<CommandKind> {
        let start = self.pos;
        if self.at_arithmetic() {
            return self.arithmetic_command().map(CommandKind::Arithmetic);
        }
        if self.eat("(") {
            let list = self.list();
            self.close_bracket(start, 1)?;
            return Some(CommandKind::Subshell(list));
        }
        let keyword = OPENING_WORDS.into_iter().find(|word| self.eat_keyword(word))?;
        match keyword {
            "if" => self.conditional(start),
            "while" | "until" => {
                let condition = self.list();
                self.keyword(start, "do", "done")?;
                let body = self.list();
                self.keyword(start, "done", "done")?;
                Some(CommandKind::While { until: keyword == "until", condition, body })
            }
            "for" | "select" => self.for_loop(start),
            "case" => self.case(start),
            "function" => self.function(),
            "[[" => self.test(start),
            _ => {
                let list = self.list();
                self.keyword(start, "}", "}")?;
                Some(CommandKind::Group(list))
            }
        }
    }

    /// Takes `keyword`, which the construct at `start` needs here. Where it stands not, the construct is broken, up to
    /// its closing word if that is what comes next.
    fn keyword(&mut self, start: usize, keyword: &str, closing: &str) -> Option<()> {
        if self.eat_keyword(keyword) {
            return Some(());
        }
        if self.byte().is_none() {
            let opening = &self.text[start..];
            self.unclosed(
                start,
                opening.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(opening.len()).max(1),
            );
        } else {
            self.expected(&format!("`{keyword}`"));
            self.eat_keyword(closing);
        }
        None
    }

    fn conditional(&mut self, start: usize) -> Option<CommandKind> {
        let mut branches = Vec::new();
        loop {
            let condition = self.list();
            self.keyword(start, "then", "fi")?;
            let body = self.list();
            branches.push(Branch { condition, body });
            if self.eat_keyword("elif") {
                continue;
            }
            let otherwise = self.eat_keyword("else").then(|| self.list());
            self.keyword(start, "fi", "fi")?;
            return Some(CommandKind::If { branches, otherwise });
        }
    }

    fn for_loop(&mut self, start: usize) -> Option<CommandKind> {
        self.blanks();
        let mut words = None;
        let mut variable = String::new();
        if self.at_arithmetic() {
            let at = self.pos;
            let word = self.arithmetic_command()?;
            let range = self.range(at, self.pos);
            let part = WordPart { range, kind: PartKind::Arithmetic(Box::new(word)), quoted: false };
            words = Some(vec![Word { range, parts: vec![part] }]);
        } else {
            let len = name_len(&self.text.as_bytes()[self.pos..]);
            if len == 0 {
                self.expected("the name of a variable");
                return None;
            }
            self.text[self.pos..self.pos + len].clone_into(&mut variable);
            self.bump(len);
            self.blank_lines();
            if self.eat_keyword("in") {
                let words = words.insert(Vec::new());
                self.blanks();
                while self.at_word() {
                    words.push(self.word()?);
                    self.blanks();
                }
            }
        }
        self.blanks();
        self.eat(";");
        self.blank_lines();
        let (opening, closing) = if self.at_keyword("{") { ("{", "}") } else { ("do", "done") };
        self.keyword(start, opening, closing)?;
        let body = self.list();
        self.keyword(start, closing, closing)?;
        Some(CommandKind::For { variable, words, body })
    }

    fn case(&mut self, start: usize) -> Option<CommandKind> {
        self.blanks();
        let subject = self.required_word()?;
        self.blank_lines();
        self.keyword(start, "in", "esac")?;
        let mut arms = Vec::new();
        loop {
            self.blank_lines();
            if self.eat_keyword("esac") {
                return Some(CommandKind::Case { subject, arms });
            }
            if self.byte().is_none() {
                self.unclosed(start, 4);
                return None;
            }
            let at = self.pos;
            self.eat("(");
            let patterns = self.patterns()?;
            let body = self.list();
            let falls_through = self.looking_at(";&") || self.looking_at(";;&");
            if !self.eat(";;&") && !self.eat(";;") && !self.eat(";&") && !self.at_keyword("esac") {
                self.keyword(start, "esac", "esac")?;
            }
            arms.push(CaseArm { range: self.range(at, self.end), patterns, body, falls_through });
        }
    }

    /// The patterns of an arm with the bracket behind them.
    fn patterns(&mut self) -> Option<Vec<Word>> {
        let mut patterns = Vec::new();
        loop {
            self.blanks();
            patterns.push(self.required_word()?);
            self.blanks();
            if self.eat(")") {
                return Some(patterns);
            }
            if !self.eat("|") {
                self.expected("`)`");
                return None;
            }
        }
    }

    fn required_word(&mut self) -> Option<Word> {
        if self.at_word() {
            return self.word();
        }
        self.expected("a word");
        None
    }

    /// `function name [()] command`, the keyword taken.
    fn function(&mut self) -> Option<CommandKind> {
        self.blanks();
        let Some(name) = self.required_word()?.literal().map(Cow::into_owned) else {
            self.expected("the name of a function");
            return None;
        };
        self.blanks();
        if self.eat("(") {
            self.blanks();
            if !self.eat(")") {
                self.expected("`)`");
                return None;
            }
        }
        self.function_body(name)
    }

    /// `[[ … ]]`, the opening taken.
    fn test(&mut self, start: usize) -> Option<CommandKind> {
        let mut words = Vec::new();
        let mut context = Context::Word;
        loop {
            self.blank_lines();
            if self.eat_keyword("]]") {
                return Some(CommandKind::Test(words));
            }
            if self.at_word() || (context == Context::Regex && self.byte() == Some(b'(')) {
                let at = self.pos;
                words.push(self.word_in(context)?);
                context = if &self.text[at..self.pos] == "=~" { Context::Regex } else { Context::Word };
                continue;
            }
            let Some(operator) =
                ["&&", "||", "(", ")", "<", ">"].into_iter().find(|token| self.looking_at(token))
            else {
                if self.byte().is_none() {
                    self.unclosed(start, 2);
                } else {
                    self.expected("`]]`");
                }
                return None;
            };
            let mut parts = Vec::new();
            self.literal(self.pos, self.pos + operator.len(), false, &mut parts);
            words.push(Word { range: self.range(self.pos, self.pos + operator.len()), parts });
            self.bump(operator.len());
        }
    }
}
