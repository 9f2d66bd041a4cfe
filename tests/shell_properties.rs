//! What holds for the tree of every text, sense or nonsense.

use dflint::shell::{self, Command, CommandKind, Item, PartKind, Redirection, Script, Word, WordPart};
use dflint::text::{TextRange, TextSize};
use proptest::prelude::*;

/// Goes through a tree and checks its ranges.
struct Check<'t> {
    text: &'t str,
    nodes: usize,
}

impl Check<'_> {
    fn range(&mut self, range: TextRange, within: TextRange) {
        self.nodes += 1;
        assert!(within.contains_range(range), "{range:?} is not in {within:?} of {:?}", self.text);
        assert!(
            self.text.get(std::ops::Range::<usize>::from(range)).is_some(),
            "{range:?} splits a character"
        );
    }

    /// Ranges that follow one another.
    fn row(&mut self, ranges: impl Iterator<Item = TextRange>, within: TextRange) {
        let mut end = within.start();
        for range in ranges {
            self.range(range, within);
            assert!(end <= range.start(), "{range:?} begins in front of {end:?} of {:?}", self.text);
            end = range.end();
        }
    }

    fn list(&mut self, list: &[Item], within: TextRange) {
        self.row(list.iter().map(|item| item.command.range), within);
        for item in list {
            self.command(&item.command);
        }
    }

    fn command(&mut self, command: &Command) {
        let within = command.range;
        self.row(command.redirections.iter().map(|redirection| redirection.range), within);
        command.redirections.iter().for_each(|redirection| self.redirection(redirection));
        match &command.kind {
            CommandKind::Simple(simple) => {
                assert!(
                    !simple.assignments.is_empty()
                        || !simple.words.is_empty()
                        || !command.redirections.is_empty()
                );
                let assignments = simple.assignments.iter().map(|assignment| assignment.range);
                self.row(assignments.chain(simple.words.iter().map(|word| word.range)), within);
                for assignment in &simple.assignments {
                    assert!(
                        self.text[assignment.range].starts_with(&assignment.name) || self.text.contains('`')
                    );
                    self.range(assignment.value.range, assignment.range);
                    self.word(&assignment.value);
                }
                simple.words.iter().for_each(|word| self.word(word));
            }
            CommandKind::Subshell(list) | CommandKind::Group(list) => self.list(list, within),
            CommandKind::If { branches, otherwise } => {
                for branch in branches {
                    self.list(&branch.condition, within);
                    self.list(&branch.body, within);
                }
                self.list(otherwise.as_deref().unwrap_or_default(), within);
            }
            CommandKind::Case { subject, arms } => {
                self.word(subject);
                self.row(arms.iter().map(|arm| arm.range), within);
                for arm in arms {
                    arm.patterns.iter().for_each(|pattern| self.word(pattern));
                    self.list(&arm.body, arm.range);
                }
            }
            CommandKind::While { condition, body, .. } => {
                self.list(condition, within);
                self.list(body, within);
            }
            CommandKind::For { words, body, .. } => {
                self.row(words.iter().flatten().map(|word| word.range), within);
                words.iter().flatten().for_each(|word| self.word(word));
                self.list(body, within);
            }
            CommandKind::Function { body, .. } => {
                self.range(body.range, within);
                self.command(body);
            }
            CommandKind::Test(words) => {
                self.row(words.iter().map(|word| word.range), within);
                for word in words {
                    self.word(word);
                }
            }
            CommandKind::Arithmetic(word) => {
                self.range(word.range, within);
                self.word(word);
            }
            CommandKind::Unknown => {}
        }
    }

    fn redirection(&mut self, redirection: &Redirection) {
        self.range(redirection.target.range, redirection.range);
        self.word(&redirection.target);
        if let Some(body) = redirection.heredoc {
            assert!(redirection.range.end() <= body.start());
            self.parts(&redirection.heredoc_parts, body);
        }
    }

    fn word(&mut self, word: &Word) {
        self.parts(&word.parts, word.range);
    }

    fn parts(&mut self, parts: &[WordPart], within: TextRange) {
        self.row(parts.iter().map(|part| part.range), within);
        for part in parts {
            match &part.kind {
                PartKind::Literal(value) => {
                    let written = &self.text[part.range];
                    let escape = written.starts_with('\\') || self.text.contains('`');
                    assert!(written == value || escape, "{written:?} is not {value:?}");
                }
                PartKind::Variable(variable) => {
                    self.range(variable.name_range, part.range);
                    variable.operation.iter().for_each(|(_, operand)| {
                        self.range(operand.range, part.range);
                        self.word(operand);
                    });
                }
                PartKind::CommandSubstitution(list) | PartKind::ProcessSubstitution(list) => {
                    self.list(list, part.range);
                }
                PartKind::Arithmetic(word) => {
                    self.range(word.range, part.range);
                    self.word(word);
                }
                PartKind::Array(words) => {
                    self.row(words.iter().map(|word| word.range), part.range);
                    for word in words {
                        self.word(word);
                    }
                }
                PartKind::Unknown => {}
            }
        }
    }
}

fn holds(text: &str) {
    let script = shell::parse(text);
    let all = TextRange::up_to(TextSize::of(text));
    let mut check = Check { text, nodes: 0 };
    check.list(&script.body, all);
    for error in &script.errors {
        check.range(error.range, all);
        assert!(!error.message.is_empty());
    }
    // Work in proportion to the text leaves a tree in proportion to it.
    assert!(check.nodes <= 8 * text.len(), "{} nodes of {} bytes", check.nodes, text.len());
    assert_eq!(has_unknown(&script), !script.errors.is_empty(), "{text:?}");
    script.for_each_command(|site| {
        if let Some(simple) = site.simple() {
            let effective = simple.effective(text);
            assert!(effective.first <= simple.words.len());
            simple.input_language(text);
            simple.find_commands();
        }
    });
}

/// Whether something in the tree is unknown because of an error: a command or, in what is expanded, a part.
fn has_unknown(script: &Script) -> bool {
    let mut unknown = false;
    script.for_each_command(|site| unknown |= site.command.kind == CommandKind::Unknown);
    script.for_each_part(|part| unknown |= part.kind == PartKind::Unknown && !script.errors.is_empty());
    unknown
}

/// Pieces that mean something to a shell.
const PIECES: &[&str] = &[
    "a",
    "b=",
    "c",
    " ",
    " ",
    " ",
    "\n",
    "\n",
    "\r\n",
    "\t",
    ";",
    ";;",
    ";&",
    "&",
    "&&",
    "||",
    "|",
    "|&",
    "!",
    "(",
    ")",
    "((",
    "))",
    "{ ",
    " }",
    "[[ ",
    " ]]",
    "if ",
    "then ",
    "elif ",
    "else ",
    " fi",
    "case ",
    " in ",
    " esac",
    "for ",
    "do ",
    " done",
    "while ",
    "until ",
    "function ",
    "f() ",
    "'",
    "'",
    "\"",
    "\"",
    "\\",
    "`",
    "`",
    "$",
    "$x",
    "${",
    "${x",
    ":-",
    "%%",
    "[@]",
    "}",
    "$(",
    "$((",
    "$'",
    "$\"",
    "<(",
    ">",
    "<",
    ">>",
    "2>&1",
    "<<E",
    "<<-E",
    "<<'E'",
    "E\n",
    "\nE\n",
    "<<<",
    "{fd}>",
    "#",
    "é",
    "日",
    "@(",
    "=(",
    "[0]=",
    "=~",
    "sh -c ",
    "env ",
    "eval ",
    "xargs ",
    "1",
    "\\\n",
    "\\\r\n",
    "time ",
    "find -exec ",
    "\r",
    "\0",
    "\u{85}",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        holds(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn shell_like_text(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        holds(&pieces.concat());
    }

    /// Whatever stands in single quotes is one literal.
    #[test]
    fn quoted_text_is_literal(text in "[^']*") {
        let written = format!("echo '{text}' b");
        let script = shell::parse(&written);
        let commands = script.simple_commands();
        prop_assert_eq!(commands.len(), 1);
        prop_assert_eq!(commands[0].words[1].literal(), Some(text.into()));
    }

    /// What is put in double quotes for `sh -c` comes out as it was, each command at its place.
    #[test]
    fn scripts_survive_quoting(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..20)) {
        let text = pieces.concat();
        let mut quoted = String::new();
        for char in text.chars() {
            quoted.extend(matches!(char, '$' | '`' | '"' | '\\').then_some('\\'));
            quoted.push(char);
        }
        let written = format!("sh -c \"{quoted}\"");
        let script = shell::parse(&written);
        let shell::Runs::Script(inner) = script.simple_commands()[0].effective(&written).runs else {
            panic!("no script in {written:?}");
        };
        prop_assert_eq!(inner.text.as_str(), text.as_str());
        prop_assert_eq!(inner.script, shell::parse(&text));
    }
}
