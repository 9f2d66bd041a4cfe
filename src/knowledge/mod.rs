//! What things are: the commands, images and spellings of `rules/knowledge/*.toml`, turned into static data when
//! dflint is built. Look-up only; what follows from it is decided elsewhere.

mod names;
mod releases;

use std::cmp::Ordering;

pub use releases::{Literal, Release, literals, release, spelled_for, spellings_of};

use names::{fits, has_subcommand, stands_anywhere};

include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));

/// A command that a RUN may execute.
#[derive(Debug)]
pub struct Command {
    /// The program and its subcommand: `go mod download`. `*` stands for any text: `npm run build*`, `yarn workspace * build`.
    /// A part that is an option (`go test -c`), or that begins with any text (`gradle *nativeCompile`), may be any of the
    /// arguments.
    pub name: &'static str,
    /// The words of the name behind the program.
    pub parts: &'static [&'static str],
    /// Whether a further operand makes it another command, of which nothing is known: `yarn` installs, `yarn deploy` does
    /// what the project says.
    pub alone: bool,
    /// What it does.
    pub does: Does,
    /// The options that take the next word as their value.
    pub value_options: &'static [&'static str],
    /// The options that name what it writes.
    pub output_options: &'static [&'static str],
    /// Without such an option it writes into folders of these names (`dist`, `.next/static`) below the project; anywhere
    /// there if none is named.
    pub output_folders: &'static [&'static str],
    /// The folders of these names below the project that it fills with files for the machine that it runs on.
    pub native_folders: &'static [&'static str],
    /// Whether its operands name what it writes.
    pub output_operands: bool,
    /// The options that say what it compiles for.
    pub target_options: &'static [&'static str],
    /// The environment variables that say so where no option does.
    pub target_variables: &'static [&'static str],
    /// The [`Toolchain`] that it belongs to, by its id.
    pub toolchain: Option<&'static str>,
    /// The [`Advice`] for whoever wants its outcome for another platform, by its id.
    pub advice: Option<&'static str>,
}

/// What turns the sources of a language into what an image needs.
#[derive(Debug)]
pub struct Toolchain {
    /// How commands and images refer to it: `dotnet`.
    pub id: &'static str,
    /// Its name for a person: `.NET`.
    pub name: &'static str,
    /// What emulation does to it, behind "runs it under emulation, ".
    pub emulated: &'static str,
    /// Whether it fails under emulation.
    pub fails_emulated: bool,
}

/// The way out where there is no rewrite.
#[derive(Debug, Eq, PartialEq)]
pub struct Advice {
    /// How it is referred to: `cgo`.
    pub id: &'static str,
    /// What to do, as a sentence without its full stop.
    pub text: &'static str,
    /// How that looks in a Dockerfile.
    pub dockerfile: &'static str,
}

/// What a command does, as far as it matters to where it may run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Does {
    /// Prints or sets something of the shell, writes no file but those that its output is redirected to.
    Print,
    /// Makes, removes or changes the files that are named, in a way that is the same on every architecture.
    Edit,
    /// Copies, moves or links: the last operand is what the others are.
    Copy,
    /// Unpacks archives into the working directory or the directory that an option names.
    Unpack,
    /// Downloads what a URL names.
    Fetch,
    /// Installs programs for the machine that it runs on, outside of the project.
    Install,
    /// Fetches sources of dependencies; what it writes is the same on every architecture.
    Resolve,
    /// Writes sources into the project.
    Generate,
    /// Turns the project into files that are the same on every architecture: jars, web pages, documentation.
    Bundle,
    /// Compiles the project for an architecture.
    Compile,
    /// Compiles and runs something on the machine that it runs on; nothing that is kept comes of it.
    Test,
}

/// An image that a stage may start from.
#[derive(Debug)]
pub struct Image {
    /// The end of the repository.
    pub name: &'static str,
    /// The toolchain that it brings: `go`, `dotnet`.
    pub toolchain: Option<&'static str>,
    /// The runtime for portable programs that it brings: `dotnet`.
    pub runtime: Option<&'static str>,
    /// The C library, unless the tag holds one of `musl_tags`.
    pub libc: Libc,
    /// Parts of tags that mean musl.
    pub musl_tags: &'static [&'static str],
    /// Whether it holds no program and no library: the same files on every architecture.
    pub portable: bool,
    /// Its folders outside of the system's with programs and libraries that others take from it: `/runtime` of Dart.
    pub native_folders: &'static [&'static str],
    /// Its programs that are scripts, the same on every architecture.
    pub scripts: &'static [&'static str],
    /// The working directory that it starts in.
    pub directory: Option<&'static str>,
    /// The [`Advice`] for whoever copies its own files to another platform, by its id.
    pub advice: Option<&'static str>,
}

/// The C library of an image.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Libc {
    /// glibc.
    Glibc,
    /// musl.
    Musl,
    /// None at all.
    None,
}

impl Does {
    /// Each with its name in the knowledge.
    pub const NAMES: [(&'static str, Self); 11] = [
        ("print", Self::Print),
        ("edit", Self::Edit),
        ("copy", Self::Copy),
        ("unpack", Self::Unpack),
        ("fetch", Self::Fetch),
        ("install", Self::Install),
        ("resolve", Self::Resolve),
        ("generate", Self::Generate),
        ("bundle", Self::Bundle),
        ("compile", Self::Compile),
        ("test", Self::Test),
    ];
}

impl Libc {
    /// Each with its name in the knowledge.
    pub const NAMES: [(&'static str, Self); 3] =
        [("glibc", Self::Glibc), ("musl", Self::Musl), ("none", Self::None)];

    /// Its name for a person.
    pub fn name(self) -> &'static str {
        match self {
            Self::Glibc => "glibc",
            Self::Musl => "musl",
            Self::None => "no C library",
        }
    }
}

/// Any program that is only asked for its version or its manual.
static QUESTION: Command = Command { name: "--version", ..Command::PRINTING };

impl Command {
    /// A command that prints something, of which no more is known.
    pub(crate) const PRINTING: Self = Self {
        name: "",
        parts: &[],
        alone: false,
        does: Does::Print,
        value_options: &[],
        output_options: &[],
        output_folders: &[],
        native_folders: &[],
        output_operands: false,
        target_options: &[],
        target_variables: &[],
        toolchain: None,
        advice: None,
    };

    /// The words of its name that stand right behind the program's, in order.
    pub fn subcommand(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().copied().filter(|part| !stands_anywhere(part))
    }

    /// Its name for a person, with the arguments of the file in the place of patterns; without those that may stand
    /// anywhere.
    pub fn title<'a>(&'a self, arguments: impl Iterator<Item = &'a str>) -> String {
        let mut words = arguments.filter(|word| !word.starts_with('-'));
        let mut title = program_of(self.name).to_owned();
        for part in self.parts {
            if part.starts_with('-') && !part.contains('*') {
                title.extend([" ", part]);
            } else if !stands_anywhere(part) {
                title.extend([" ", words.find(|word| fits(part, word)).unwrap_or(part)]);
            }
        }
        title
    }
}

impl Image {
    /// The C library of the image with this tag.
    pub fn libc(&self, tag: &str) -> Libc {
        if self.musl_tags.iter().any(|part| tag.contains(part)) { Libc::Musl } else { self.libc }
    }
}

/// The commands and images that there are: those that dflint brings, and those that a project adds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Knowledge {
    commands: &'static [Command],
    images: &'static [Image],
}

impl Knowledge {
    /// What dflint brings and these beside it. An addition counts more than an entry of the same name. The additions
    /// live as long as the process does: a configuration is read once.
    pub fn with(commands: Vec<Command>, images: Vec<Image>) -> Self {
        Self { commands: commands.leak(), images: images.leak() }
    }

    /// The command of that program with those arguments (unknown ones are `None`): the entry with the longest name.
    pub fn command(self, program: &str, arguments: &[Option<&str>]) -> Option<&'static Command> {
        let compared = |command: &Command| compare_program(command.name, program);
        let first = COMMANDS.partition_point(|command| compared(command).is_lt());
        let of_program = |command: &&'static Command| compared(command).is_eq();
        let known = COMMANDS[first..]
            .iter()
            .take_while(of_program)
            .chain(self.commands.iter().filter(of_program))
            .filter(|command| has_subcommand(command, arguments))
            .max_by_key(|command| command.name.len());
        match arguments {
            [Some(question @ ("--version" | "-version" | "--help" | "-help"))]
                if !known.is_some_and(|command| command.parts.contains(question)) =>
            {
                Some(&QUESTION)
            }
            _ => known,
        }
    }

    /// The image of a repository: the entry with the longest name that it ends in.
    pub fn image(self, repository: &str) -> Option<&'static Image> {
        let last = last_part(repository);
        let first = IMAGES.partition_point(|image| last_part(image.name) < last);
        IMAGES[first..]
            .iter()
            .take_while(|image| last_part(image.name) == last)
            .chain(self.images)
            .filter(|image| {
                let rest = repository.strip_suffix(image.name);
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            })
            .max_by_key(|image| image.name.len())
    }
}

fn last_part(repository: &str) -> &str {
    repository.rsplit_once('/').map_or(repository, |(_, last)| last)
}

fn program_of(name: &str) -> &str {
    name.split_once(' ').map_or(name, |(program, _)| program)
}

/// How the program of a command's name compares with another. Asked many times for each command of a file.
fn compare_program(name: &str, program: &str) -> Ordering {
    let (name, program) = (name.as_bytes(), program.as_bytes());
    let common = name.len().min(program.len());
    name[..common].cmp(&program[..common]).then_with(|| match name.get(common) {
        None => name.len().cmp(&program.len()),
        Some(b' ') => Ordering::Equal,
        Some(_) => Ordering::Greater,
    })
}

/// The toolchain of that id.
pub fn toolchain(id: &str) -> Option<&'static Toolchain> {
    TOOLCHAINS.iter().find(|toolchain| toolchain.id == id)
}

/// The toolchain that the compilers of a project belong to.
pub const OWN_TOOLCHAIN: &str = "own";

/// Every toolchain that there is.
pub fn toolchain_entries() -> impl Iterator<Item = &'static Toolchain> {
    TOOLCHAINS.iter()
}

/// Every advice that there is.
pub fn advice_entries() -> impl Iterator<Item = &'static Advice> {
    ADVICE.iter()
}

/// The advice of that id.
///
/// # Panics
/// If there is none: ids stand in code and in the knowledge only, and a test looks all of them up.
pub fn advice(id: &str) -> &'static Advice {
    ADVICE.iter().find(|advice| advice.id == id).unwrap_or_else(|| panic!("no advice is called {id}"))
}

/// How `spelling` (`uname`, `debian`, `go` …) writes the architecture that Docker calls `docker`.
pub fn spelled(docker: &str, spelling: &str) -> Option<&'static str> {
    let (_, spellings) = ARCHITECTURES.iter().find(|(name, _)| *name == docker)?;
    spellings.iter().find(|(name, _)| *name == spelling).map(|(_, spelled)| *spelled)
}

/// The spelling in which that program with exactly those arguments prints the architecture that it runs on.
pub fn probe(program: &str, arguments: &[Option<&str>]) -> Option<&'static str> {
    let is_it = |command: &str| {
        let mut words = command.split(' ');
        words.next() == Some(program) && arguments.iter().copied().eq(words.map(Some))
    };
    PROBES.iter().find(|(command, _)| is_it(command)).map(|(_, spelling)| *spelling)
}

#[cfg(test)]
mod tests;
