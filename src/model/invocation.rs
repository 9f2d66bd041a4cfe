//! A command that a RUN executes, with what is known of its words in each build.

use std::cell::OnceCell;
use std::rc::Rc;

use smol_str::SmolStr;
use thin_vec::ThinVec;

use super::environment::Environment;
use super::value::{Value, Worlds};
use crate::knowledge::{Command, Does, Knowledge};
use crate::text::{TextRange, TextSize};

/// A command that a RUN executes. A file may have many: what most of them lack takes a pointer's room.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Invocation {
    /// From its first word (assignments included) to the end of its last word; redirections behind it are not in it.
    pub range: TextRange,
    /// The assignments in front of the name.
    pub assignments: ThinVec<InlineAssignment>,
    /// The name and the arguments. An unquoted variable may have become several.
    pub words: ThinVec<Argument>,
    /// The variables that it sees, its own assignments included.
    pub environment: Environment,
    /// The directory that it runs in, where known.
    pub directory: Option<Rc<str>>,
    /// The word in front of which `NAME=value` may be put so that the command sees it; none where there is no such place.
    pub assignment_site: Option<TextRange>,
    /// The files that its output is redirected to.
    pub redirected_to: ThinVec<Value>,
    /// The builds in which it runs.
    pub worlds: Worlds,
    /// Whether it only perhaps runs there: in a loop, a function, or under a condition that the file does not decide.
    pub conditional: bool,
    /// Whether its output goes into a pipe or a variable.
    pub captured: bool,
    /// Whether it reads a pipe or a file by a redirection.
    pub reads_input: bool,
    /// Whether the architecture of the machine decides that it runs.
    pub under_probe: bool,
    /// Whether it is a JSON array: no shell expands anything in it.
    pub exec_form: bool,
    /// What the knowledge says of it.
    pub command: Option<&'static Command>,
    /// See [`super::Facts::outputs`], once it was asked.
    pub(super) outputs: OnceCell<ThinVec<Option<Rc<str>>>>,
}

/// `NAME=value` in front of a command.
#[derive(Clone, Debug)]
pub struct InlineAssignment {
    /// The name.
    pub name: SmolStr,
    /// `NAME=value`.
    pub range: TextRange,
}

/// A word of a command.
#[derive(Clone, Debug)]
pub struct Argument {
    /// What it is in each build.
    pub value: Value,
    /// Where it is written, quotes included.
    pub range: TextRange,
    /// Whether it is written without variables, substitutions and escapes, so that `range` without quotes is its text.
    pub plain: bool,
    /// Whether it begins with an unquoted variable of unknown value, which may hold options.
    pub may_be_options: bool,
}

impl Invocation {
    /// The name of the program without its folder, where it is the same in every build.
    pub fn program(&self) -> Option<&str> {
        let name = self.words.first()?.value.constant()?;
        Some(name.rsplit('/').next().unwrap_or(name))
    }

    /// Whether it is one of xx's scripts, which work for `TARGETPLATFORM`.
    pub fn is_by_xx(&self) -> bool {
        self.program().is_some_and(|program| program.starts_with("xx-"))
    }

    /// Whether it gets packages that it names with the target's architecture: `apt-get download libssl3:$TARGETARCH`.
    pub fn gets_for_target(&self) -> bool {
        self.command.is_some_and(|command| command.does == Does::Install)
            && self.operands().iter().any(|word| word.value.is_for_target())
    }

    /// Whether the architecture of the machine decides that it runs, or what its words or its outcome are.
    pub fn asks_machine(&self) -> bool {
        let has_outcome = self.captured || !self.redirected_to.is_empty();
        self.under_probe
            || self.words.iter().any(|word| word.value.probed)
            || (has_outcome && super::words::probe(self).is_some())
    }

    /// Whether `NAME=value` can be put in front of it.
    pub fn has_assignment_site(&self) -> bool {
        self.assignment_site.is_some()
    }

    /// Where its name is written, the subcommand included if it stands right behind: what a finding points at.
    pub fn name_range(&self) -> TextRange {
        let Some(first) = self.words.first() else { return self.range };
        let parts = self.command.map_or(1, |command| 1 + command.subcommand().count());
        let mut range = first.range;
        for word in self.words.iter().take(parts).skip(1) {
            if word.range.start().checked_sub(range.end()) != Some(TextSize::from(1)) {
                break;
            }
            range = range.cover(word.range);
        }
        range
    }

    /// The words behind the program's name.
    pub fn arguments(&self) -> &[Argument] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Looks the command up. Done once, when the words are known.
    pub(crate) fn identify(&mut self, knowledge: Knowledge) {
        let Some(program) = self.program() else { return };
        let words: Vec<_> = self.words[1..].iter().map(|word| word.value.constant()).collect();
        self.command = knowledge.command(program, &words);
    }

    /// Whether a word is not known in every build, so that it may hold any option.
    pub fn has_unknown_words(&self) -> bool {
        self.words.iter().any(|word| !word.value.is_text())
    }

    /// The first option of one of these names, with its value if it takes one.
    ///
    /// `-o x`, `-o=x`, `-o:x` and, for names of one letter, `-ox` where `joined` allows it.
    pub fn option(&self, names: &[&str]) -> Option<CommandOption<'_>> {
        self.options().find(|option| names.contains(&option.name))
    }

    /// The options in order.
    pub fn options(&self) -> impl Iterator<Item = CommandOption<'_>> {
        let takes_value = self.command.map_or(&[][..], |command| command.value_options);
        let words = self.arguments();
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < words.len() {
                let word = &words[at];
                at += 1;
                let Some(text) = word.value.world(0).text() else { continue };
                if text == "--" {
                    // What a package manager hands to a project's script are options of the script.
                    if self.command.is_some_and(|command| command.does == Does::Bundle) {
                        continue;
                    }
                    at = words.len();
                    return None;
                }
                if !is_option(text) {
                    continue;
                }
                // Java's `-XX:Name=value` has both signs.
                let signs: &[char] = if text.starts_with("-XX:") { &['='] } else { &['=', ':'] };
                let end = text.find(signs).unwrap_or(text.len());
                let name = &text[..end];
                if end < text.len() {
                    return Some(CommandOption { name, word, value: Some(OptionValue::Attached(end + 1)) });
                }
                let value = if takes_value.contains(&name) { words.get(at) } else { None };
                at += usize::from(value.is_some());
                return Some(CommandOption { name, word, value: value.map(OptionValue::Separate) });
            }
            None
        })
    }

    /// The words that are neither options nor their values nor the words of the command's own name, in order.
    pub fn operands(&self) -> Vec<&Argument> {
        let takes_value = self.command.map_or(&[][..], |command| command.value_options);
        let own_words = self.command.map_or(0, |command| command.subcommand().count());
        let mut operands = Vec::new();
        let mut only_operands = false;
        let mut words = self.arguments().iter();
        while let Some(word) = words.next() {
            let text = word.value.world(0).text().unwrap_or_default();
            if text == "--" && !only_operands {
                only_operands = true;
            } else if only_operands || !is_option(text) {
                operands.push(word);
            } else if takes_value.contains(&text) {
                words.next();
            }
        }
        operands.drain(..own_words.min(operands.len()));
        operands
    }
}

/// `-x`, `--xx`, and `/x:y` of Microsoft's tools (`/src/app` is a path).
fn is_option(text: &str) -> bool {
    text.len() > 1 && text.starts_with('-')
        || text.strip_prefix('/').is_some_and(|rest| {
            rest.split_once(':').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_alphabetic()))
        })
}

/// An option of a command.
#[derive(Clone, Copy, Debug)]
pub struct CommandOption<'a> {
    /// Its name with the dashes: `-o`, `--output`, `/p`.
    pub name: &'a str,
    /// The word that holds the name.
    pub word: &'a Argument,
    value: Option<OptionValue<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum OptionValue<'a> {
    /// Behind the name and a sign in the same word: the offset of the value.
    Attached(usize),
    /// The next word.
    Separate(&'a Argument),
}

impl CommandOption<'_> {
    /// Its value in each build; unset where it has none.
    pub fn value(&self) -> Value {
        match self.value {
            None => Value::unset(),
            Some(OptionValue::Separate(word)) => word.value.clone(),
            Some(OptionValue::Attached(start)) => {
                self.word.value.map(|text| text.get(start..).unwrap_or_default())
            }
        }
    }

    /// From its name to its value.
    pub fn range(&self) -> TextRange {
        match self.value {
            Some(OptionValue::Separate(word)) => self.word.range.cover(word.range),
            _ => self.word.range,
        }
    }

    /// Where the value is written (with its quotes), if it is plain text that an edit may replace.
    pub fn plain_value_range(&self) -> Option<TextRange> {
        match self.value? {
            OptionValue::Separate(word) => word.plain.then_some(word.range),
            OptionValue::Attached(start) => {
                let text = self.word.value.constant()?;
                // Only where nothing is quoted do offsets of the value and of the file agree.
                let unquoted = usize::from(self.word.range.len()) == text.len();
                let start = TextSize::try_from(start).ok()?;
                (self.word.plain && unquoted)
                    .then(|| TextRange::new(self.word.range.start() + start, self.word.range.end()))
            }
        }
    }
}
