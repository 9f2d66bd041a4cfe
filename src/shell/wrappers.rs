//! Commands that run another command: `env A=b make`, `sudo -E make`, `sh -c 'make'`.

use super::language::{ShellLanguage, is_interpreter, program_name};
use super::options::{Options, WRAPPERS, Wrapper};
use super::{Assignment, PartKind, Script, SimpleCommand, Word, WordPart, parse};
use crate::text::{LogicalText, TextRange, TextSize};

/// How many scripts in scripts a reader of [`Runs::Script`] should follow: text can be made that holds one in every
/// other word (`eval exec eval exec …`).
pub const MAX_SCRIPT_DEPTH: usize = 8;

/// What a simple command runs, with the commands that only run another one taken away.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Effective {
    /// The index of the first word of what is run: its name. For a script, of the shell that reads it. The number of
    /// words where the command has none.
    pub first: usize,
    /// The names of the wrappers in front of it, the outermost first, without their directories.
    pub wrappers: Vec<&'static str>,
    /// The assignments that wrappers add (`env A=b`), in order; those of the command itself come before them.
    pub assignments: Vec<Assignment>,
    /// Whether a wrapper takes away variables that the command would else inherit (`env -i`, `sudo` without `-E`).
    pub cleared: bool,
    /// What is run.
    pub runs: Runs,
}

/// See [`Effective`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Runs {
    /// The words from [`Effective::first`] on. Behind `xargs` more arguments follow.
    Words,
    /// A script in one of the words: `sh -c '…'`, `eval …`.
    Script(Box<InnerScript>),
    /// Nobody knows: an option that is not known, a script that is put together when it runs.
    Unknown,
}

/// A script that stands in the words of a command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InnerScript {
    /// Its text, quotes and escapes of the outer text removed, with the way back to offsets of the outer text.
    pub text: LogicalText,
    /// What it says, in offsets of `text`.
    pub script: Script,
    /// The language of the shell that reads it.
    pub language: ShellLanguage,
    /// Whether the outer shell expands something in it first. A variable is a variable in `script` just the same;
    /// it has the outer shell's value, and that value is read as shell text.
    pub expanded_first: bool,
}

impl SimpleCommand {
    /// What the command runs; `text` is the text that was parsed.
    pub fn effective(&self, text: &str) -> Effective {
        let mut effective = Effective {
            first: 0,
            wrappers: Vec::new(),
            assignments: Vec::new(),
            cleared: false,
            runs: Runs::Words,
        };
        while let Some(name) = self.words.get(effective.first).and_then(Word::literal) {
            let name = program_name(&name);
            if let Some(runs) = self.script(name, effective.first, text) {
                effective.runs = runs;
                break;
            }
            let Some(wrapper) = WRAPPERS.iter().find(|wrapper| wrapper.name == name) else { break };
            if !self.unwrap(wrapper, &mut effective, text) {
                break;
            }
        }
        effective
    }

    /// Takes a wrapper away. Gives whether there is something behind it.
    fn unwrap(&self, wrapper: &'static Wrapper, effective: &mut Effective, text: &str) -> bool {
        let subcommand = usize::from(!wrapper.subcommands.is_empty());
        if subcommand == 1 {
            let word = self.words.get(effective.first + 1).and_then(Word::literal);
            if !word.is_some_and(|word| wrapper.subcommands.contains(&&*word)) {
                return false;
            }
        }
        let mut options = Options::new(wrapper, &self.words, effective.first + 1 + subcommand);
        for option in options.by_ref() {
            match option {
                Ok(option) if wrapper.instead.contains(&option) => return false,
                Ok(option) => effective.cleared |= wrapper.clearing.contains(&option),
                Err(()) => {
                    effective.runs = Runs::Unknown;
                    return false;
                }
            }
        }
        effective.cleared |= wrapper.name == "sudo" && !options.seen(&["E", "preserve-env"]);
        let mut first = options.index();
        let mut assignments = Vec::new();
        while wrapper.assignments
            && let Some(assignment) = self.words.get(first).and_then(|word| assignment(word, text))
        {
            assignments.push(assignment);
            first += 1;
        }
        first += match self.words.get(first).and_then(Word::literal) {
            // Newer versions of setarch need no architecture.
            Some(word) if wrapper.name == "setarch" && !is_architecture(&word) => 0,
            _ => wrapper.operands,
        };
        if first >= self.words.len() {
            return false;
        }
        effective.first = first;
        effective.wrappers.push(wrapper.name);
        effective.assignments.append(&mut assignments);
        true
    }

    /// The script that the shell or the `eval` at `first` runs; none where it is neither, or runs a file.
    fn script(&self, name: &str, first: usize, text: &str) -> Option<Runs> {
        let arguments = self.words.get(first + 1..).unwrap_or_default();
        let (words, language) = match name {
            "eval" => {
                let nested =
                    arguments.iter().take_while(|word| word.literal().as_deref() == Some("eval")).count();
                (arguments.get(nested..).unwrap_or_default(), ShellLanguage::Posix)
            }
            "su" | "runuser" => {
                let option = arguments.iter().position(|word| {
                    word.literal().is_some_and(|word| matches!(&*word, "-c" | "-lc" | "--command"))
                })?;
                (arguments.get(option + 1..option + 2)?, ShellLanguage::Posix)
            }
            _ => {
                let language = ShellLanguage::of_interpreter(name);
                if !language.is_shell() {
                    return None;
                }
                match shell_options(arguments) {
                    ShellOptions::Script(index) => (arguments.get(index..=index)?, language),
                    ShellOptions::File | ShellOptions::Input => return None,
                    ShellOptions::Unknown => return Some(Runs::Unknown),
                }
            }
        };
        Some(inner_script(words, language, text).map_or(Runs::Unknown, |inner| Runs::Script(Box::new(inner))))
    }

    /// The language of what the command reads from its standard input and runs: `bash <<EOF`, `python3 - <<EOF`.
    /// Absent where the input is data.
    pub fn input_language(&self, text: &str) -> Option<ShellLanguage> {
        let effective = self.effective(text);
        let name = self.words.get(effective.first)?.literal()?;
        let name = program_name(&name);
        let arguments = self.words.get(effective.first + 1..).unwrap_or_default();
        let language = ShellLanguage::of_interpreter(name);
        let reads = match effective.runs {
            Runs::Words if language.is_shell() => matches!(shell_options(arguments), ShellOptions::Input),
            Runs::Words => {
                is_interpreter(name)
                    && arguments.iter().all(|word| word.literal().is_some_and(|word| &*word == "-"))
            }
            _ => false,
        };
        reads.then_some(language)
    }

    /// The words of each command behind `-exec` and its kin in the arguments of `find`.
    pub fn find_commands(&self) -> Vec<std::ops::Range<usize>> {
        let first = self.words.first().and_then(Word::literal);
        if first.is_none_or(|name| program_name(&name) != "find") {
            return Vec::new();
        }
        let mut commands = Vec::new();
        let mut start = None;
        for (index, word) in self.words.iter().enumerate() {
            match (word.literal().as_deref(), start) {
                (Some("-exec" | "-execdir" | "-ok" | "-okdir"), None) => start = Some(index + 1),
                (Some(";" | "+"), Some(from)) => {
                    commands.push(from..index);
                    start = None;
                }
                _ => {}
            }
        }
        commands
    }
}

fn is_architecture(word: &str) -> bool {
    [
        "linux32", "linux64", "i386", "i486", "i586", "i686", "x86_64", "aarch64", "armv7l", "armv8l",
        "armhf", "arm64",
    ]
    .contains(&word)
}

/// A word of the form `NAME=value` as an assignment.
fn assignment(word: &Word, text: &str) -> Option<Assignment> {
    let (first, rest) = word.parts.split_first()?;
    let (name, value) = first.literal()?.split_once('=')?;
    let start = first.range.start();
    // Only where nothing is escaped or quoted in it does the text stand as it is.
    if name.is_empty() || text.get(usize::from(start)..).is_none_or(|text| !text.starts_with(name)) {
        return None;
    }
    let value_start = start + TextSize::of(name) + TextSize::of('=');
    let mut parts = Vec::new();
    if !value.is_empty() {
        let range = TextRange::new(value_start, first.range.end());
        parts.push(WordPart { range, kind: PartKind::Literal(value.into()), quoted: first.quoted });
    }
    parts.extend_from_slice(rest);
    let value = Word { range: TextRange::new(value_start, word.range.end()), parts };
    Some(Assignment { range: word.range, name: name.to_owned(), append: false, value })
}

/// What a shell is told to run.
enum ShellOptions {
    /// The argument of that index, behind `-c`.
    Script(usize),
    /// A file.
    File,
    /// What it reads.
    Input,
    Unknown,
}

fn shell_options(arguments: &[Word]) -> ShellOptions {
    let mut command = false;
    let mut input = false;
    let mut index = 0;
    while let Some(word) = arguments.get(index) {
        let literal = word.literal();
        let Some(option) = literal.as_deref() else {
            // What is put together begins with a dash only if its author wants to be misunderstood; without quotes it
            // may be several words, or none.
            if !command && word.parts.first().is_some_and(|part| part.literal().is_none() && !part.quoted) {
                return ShellOptions::Unknown;
            }
            break;
        };
        index += 1;
        match option {
            "--" | "-" => break,
            "--rcfile" | "--init-file" => index += 1,
            _ if option.starts_with("--") => {}
            _ if option.len() > 1 && option.starts_with(['-', '+']) => {
                command |= option.starts_with('-') && option.contains('c');
                input |= option.starts_with('-') && option.contains('s');
                index += option.matches(['o', 'O']).count();
            }
            _ => {
                index -= 1;
                break;
            }
        }
    }
    match (command, index < arguments.len()) {
        (true, true) => ShellOptions::Script(index),
        (true, false) => ShellOptions::Unknown,
        (false, true) if !input => ShellOptions::File,
        (false, _) => ShellOptions::Input,
    }
}

/// The script that the values of `words`, joined by spaces, are.
fn inner_script(words: &[Word], language: ShellLanguage, outer: &str) -> Option<InnerScript> {
    let mut text = LogicalText::default();
    // What the outer shell puts in, in offsets of the inner text.
    let mut expanded: Vec<(TextRange, &PartKind)> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push(" ", words[index - 1].range.end());
        }
        for part in &word.parts {
            let written = outer.get(std::ops::Range::<usize>::from(part.range))?;
            match &part.kind {
                PartKind::Literal(value) if value == written => text.push(value, part.range.start()),
                // An escaped character: the backslash has no place in the value.
                PartKind::Literal(value) if written.ends_with(value.as_str()) => {
                    text.push(value, part.range.end() - TextSize::of(value.as_str()));
                }
                PartKind::Variable(_) | PartKind::Arithmetic(_) | PartKind::CommandSubstitution(_) => {
                    let start = TextSize::of(text.as_str());
                    text.push(written, part.range.start());
                    expanded.push((TextRange::new(start, TextSize::of(text.as_str())), &part.kind));
                }
                _ => return None,
            }
        }
    }
    let script = parse(text.as_str());
    // What the outer shell puts in must be the same thing to the inner shell: `sh -c "echo '$X'"` has no `$X` there.
    let mut parts = Vec::new();
    if !expanded.is_empty() {
        script.for_each_part(|part| parts.push((part.range, std::mem::discriminant(&part.kind))));
        parts.sort_by_key(|(range, _)| (range.start(), range.end()));
    }
    let same = |range: &TextRange, kind: &PartKind| {
        let found = parts
            .binary_search_by_key(&(range.start(), range.end()), |(range, _)| (range.start(), range.end()));
        found.is_ok_and(|index| parts[index].1 == std::mem::discriminant(kind))
    };
    if !expanded.iter().all(|(range, kind)| same(range, kind)) {
        return None;
    }
    Some(InnerScript { text, script, language, expanded_first: !expanded.is_empty() })
}
