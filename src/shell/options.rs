//! The options of the commands that run another command.

use super::Word;

/// A command that runs another one, which its last arguments are.
#[derive(Debug)]
pub(super) struct Wrapper {
    pub(super) name: &'static str,
    /// Options without a value: letters, and long ones without their dashes.
    flags: &'static [&'static str],
    /// Options with a value.
    values: &'static [&'static str],
    /// Options whose value, if there is one, adjoins the letter or the equals sign.
    optional: &'static [&'static str],
    /// Options with which it runs nothing, or not this.
    pub(super) instead: &'static [&'static str],
    /// Options with which variables are taken away.
    pub(super) clearing: &'static [&'static str],
    /// Subcommands, of which one has to stand in front of the options: without, it runs no other command.
    pub(super) subcommands: &'static [&'static str],
    /// How many arguments stand in front of the command.
    pub(super) operands: usize,
    /// Whether assignments may stand in front of the command.
    pub(super) assignments: bool,
}

const PLAIN: Wrapper = Wrapper {
    name: "",
    flags: &[],
    values: &[],
    optional: &[],
    instead: &[],
    clearing: &[],
    subcommands: &[],
    operands: 0,
    assignments: false,
};

/// The wrappers that are known. Sources: their manual pages (coreutils, util-linux, findutils, sudo, runit, bash).
pub(super) static WRAPPERS: &[Wrapper] = &[
    Wrapper { name: "builtin", ..PLAIN },
    Wrapper {
        name: "bundle",
        flags: &["keep-file-descriptors", "no-keep-file-descriptors"],
        values: &["gemfile"],
        subcommands: &["exec"],
        ..PLAIN
    },
    Wrapper { name: "bunx", flags: PACKAGE_FLAGS, values: PACKAGE_VALUES, ..PLAIN },
    Wrapper { name: "busybox", instead: &["list", "list-full", "install", "help"], ..PLAIN },
    Wrapper {
        name: "chpst",
        flags: &["v", "P", "0", "1", "2"],
        values: &["u", "U", "b", "e", "/", "n", "l", "L", "m", "d", "o", "p", "f", "c", "s", "r", "t"],
        ..PLAIN
    },
    Wrapper { name: "chroot", flags: &["skip-chdir"], values: &["userspec", "groups"], operands: 1, ..PLAIN },
    Wrapper { name: "command", flags: &["p"], instead: &["v", "V"], ..PLAIN },
    Wrapper { name: "doas", flags: &["n", "L"], values: &["u", "C", "a"], instead: &["s"], ..PLAIN },
    Wrapper {
        name: "dumb-init",
        flags: &["c", "v", "single-child", "verbose"],
        values: &["r", "rewrite"],
        ..PLAIN
    },
    Wrapper {
        name: "env",
        flags: &["i", "0", "v", "", "ignore-environment", "null", "debug"],
        values: &["u", "C", "unset", "chdir"],
        clearing: &["i", "u", "", "ignore-environment", "unset"],
        assignments: true,
        ..PLAIN
    },
    Wrapper { name: "exec", flags: &["c", "l"], values: &["a"], clearing: &["c"], ..PLAIN },
    Wrapper { name: "fakeroot", flags: &["u", "unknown-is-real"], values: &["l", "s", "i", "b"], ..PLAIN },
    Wrapper { name: "gosu", operands: 1, ..PLAIN },
    Wrapper { name: "i386", flags: PERSONALITY, ..PLAIN },
    Wrapper {
        name: "ionice",
        flags: &["t", "ignore"],
        values: &["c", "n", "class", "classdata"],
        instead: &["p", "P", "u"],
        ..PLAIN
    },
    Wrapper { name: "linux32", flags: PERSONALITY, ..PLAIN },
    Wrapper { name: "linux64", flags: PERSONALITY, ..PLAIN },
    Wrapper { name: "nice", values: &["n", "adjustment"], ..PLAIN },
    Wrapper { name: "nohup", ..PLAIN },
    Wrapper {
        name: "npm",
        flags: PACKAGE_FLAGS,
        values: PACKAGE_VALUES,
        instead: &["c", "call"],
        subcommands: &["exec", "x"],
        ..PLAIN
    },
    Wrapper {
        name: "npx",
        flags: PACKAGE_FLAGS,
        values: PACKAGE_VALUES,
        instead: &["c", "call", "v", "version"],
        ..PLAIN
    },
    Wrapper {
        name: "pnpm",
        flags: PACKAGE_FLAGS,
        values: PACKAGE_VALUES,
        instead: &["c", "shell-mode"],
        subcommands: &["exec", "dlx"],
        ..PLAIN
    },
    Wrapper { name: "s6-setuidgid", operands: 1, ..PLAIN },
    Wrapper { name: "setarch", flags: PERSONALITY, operands: 1, ..PLAIN },
    Wrapper { name: "setsid", flags: &["c", "f", "w", "ctty", "fork", "wait"], ..PLAIN },
    Wrapper { name: "setuidgid", operands: 1, ..PLAIN },
    Wrapper { name: "stdbuf", values: &["i", "o", "e", "input", "output", "error"], ..PLAIN },
    Wrapper { name: "su-exec", operands: 1, ..PLAIN },
    Wrapper {
        name: "sudo",
        flags: &[
            "A",
            "b",
            "B",
            "E",
            "H",
            "i",
            "k",
            "n",
            "P",
            "s",
            "S",
            "askpass",
            "background",
            "bell",
            "login",
            "non-interactive",
            "preserve-groups",
            "reset-timestamp",
            "set-home",
            "shell",
            "stdin",
        ],
        values: &[
            "C",
            "D",
            "g",
            "h",
            "p",
            "R",
            "r",
            "t",
            "T",
            "U",
            "u",
            "chdir",
            "chroot",
            "close-from",
            "group",
            "host",
            "prompt",
            "role",
            "type",
            "command-timeout",
            "other-user",
            "user",
        ],
        optional: &["preserve-env"],
        instead: &["e", "K", "l", "v", "V", "edit", "list", "remove-timestamp", "validate", "version"],
        assignments: true,
        ..PLAIN
    },
    Wrapper {
        name: "time",
        flags: &["p", "v", "a", "q", "portability", "verbose", "append", "quiet"],
        values: &["f", "o", "format", "output"],
        ..PLAIN
    },
    Wrapper {
        name: "timeout",
        flags: &["f", "p", "v", "foreground", "preserve-status", "verbose"],
        values: &["k", "s", "kill-after", "signal"],
        operands: 1,
        ..PLAIN
    },
    Wrapper { name: "tini", flags: &["g", "s", "v", "w"], values: &["e", "p"], ..PLAIN },
    Wrapper { name: "uname26", ..PLAIN },
    Wrapper { name: "x86_64", flags: PERSONALITY, ..PLAIN },
    Wrapper {
        name: "xargs",
        flags: &[
            "0",
            "r",
            "t",
            "p",
            "x",
            "o",
            "null",
            "no-run-if-empty",
            "verbose",
            "interactive",
            "exit",
            "open-tty",
            "show-limits",
        ],
        values: &[
            "a",
            "d",
            "E",
            "I",
            "L",
            "n",
            "P",
            "s",
            "arg-file",
            "delimiter",
            "max-args",
            "max-chars",
            "max-procs",
            "process-slot-var",
        ],
        optional: &["e", "i", "l", "eof", "replace", "max-lines"],
        ..PLAIN
    },
    Wrapper {
        name: "xvfb-run",
        flags: &["a", "l", "auto-servernum", "listen-tcp"],
        values: &[
            "e",
            "f",
            "n",
            "p",
            "s",
            "w",
            "error-file",
            "auth-file",
            "server-num",
            "xauth-protocol",
            "server-args",
            "wait",
        ],
        ..PLAIN
    },
    Wrapper {
        name: "yarn",
        flags: PACKAGE_FLAGS,
        values: PACKAGE_VALUES,
        subcommands: &["exec", "dlx"],
        ..PLAIN
    },
];

/// Options of `npx` and of what does the same (docs.npmjs.com/cli/commands/npx, pnpm.io/cli/dlx, bun.sh/docs/cli/bunx).
const PACKAGE_FLAGS: &[&str] = &[
    "y",
    "yes",
    "no",
    "no-install",
    "q",
    "quiet",
    "silent",
    "s",
    "prefer-offline",
    "ignore-existing",
    "bun",
];
const PACKAGE_VALUES: &[&str] = &["p", "package", "w", "workspace", "prefix"];

const PERSONALITY: &[&str] = &[
    "B",
    "F",
    "I",
    "L",
    "R",
    "S",
    "T",
    "X",
    "Z",
    "v",
    "3",
    "32bit",
    "fdpic-funcptrs",
    "short-inode",
    "addr-compat-layout",
    "addr-no-randomize",
    "whole-seconds",
    "sticky-timeouts",
    "read-implies-exec",
    "mmap-page-zero",
    "3gb",
    "4gb",
    "uname-2.6",
    "verbose",
];

/// The options in front of a wrapped command, one by one; a word may hold several.
///
/// Gives their names without dashes, or an error for one that is not known: then nobody knows where the command begins.
pub(super) struct Options<'a> {
    wrapper: &'static Wrapper,
    words: &'a [Word],
    /// The word that comes next.
    index: usize,
    /// The letters that are left of a word like `-0rn1`.
    letters: String,
    seen: Vec<&'static str>,
}

impl<'a> Options<'a> {
    pub(super) fn new(wrapper: &'static Wrapper, words: &'a [Word], index: usize) -> Self {
        Self { wrapper, words, index, letters: String::new(), seen: Vec::new() }
    }

    /// The index of the word behind the options.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Whether one of these options was there.
    pub(super) fn seen(&self, names: &[&str]) -> bool {
        self.seen.iter().any(|name| names.contains(name))
    }

    /// `-x`, the first of `letters`; the others follow, or are its value.
    fn short(&mut self) -> Result<&'static str, ()> {
        let mut rest = self.letters.chars();
        let letter = rest.next().map_or(0, char::len_utf8);
        let rest = self.letters.split_off(letter);
        let letter = std::mem::replace(&mut self.letters, rest);
        let wrapper = self.wrapper;
        if let Some(name) = find(wrapper.values, &letter) {
            self.index += usize::from(self.letters.is_empty());
            self.letters.clear();
            return Ok(name);
        }
        if let Some(name) = find(wrapper.optional, &letter) {
            self.letters.clear();
            return Ok(name);
        }
        find(wrapper.flags, &letter).or_else(|| find(wrapper.instead, &letter)).ok_or(())
    }

    /// `--name` or `--name=value`.
    fn long(&mut self, option: &str) -> Result<&'static str, ()> {
        let (name, value) =
            option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
        let wrapper = self.wrapper;
        if let Some(name) = find(wrapper.values, name) {
            self.index += usize::from(value.is_none());
            return Ok(name);
        }
        let flags = find(wrapper.flags, name).or_else(|| find(wrapper.instead, name));
        find(wrapper.optional, name).or(flags.filter(|_| value.is_none())).ok_or(())
    }
}

impl Iterator for Options<'_> {
    type Item = Result<&'static str, ()>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.letters.is_empty() {
            let word = self.words.get(self.index)?;
            let literal = word.literal();
            let Some(option) = literal.as_deref() else {
                // `-u$USER` holds an option; what begins with a variable is taken for the command.
                let dash = word
                    .parts
                    .first()
                    .and_then(|part| part.literal())
                    .is_some_and(|text| text.starts_with('-'));
                return dash.then_some(Err(()));
            };
            let letters = option.strip_prefix('-')?;
            self.index += 1;
            if letters == "-" {
                return None;
            }
            if let Some(long) = letters.strip_prefix('-') {
                let long = self.long(long);
                return Some(long.inspect(|name| self.seen.push(name)));
            }
            if letters.is_empty() {
                return Some(find(self.wrapper.flags, "").ok_or(()));
            }
            // `nice -5`
            if self.wrapper.name == "nice" && letters.bytes().all(|byte| byte.is_ascii_digit()) {
                return Some(Ok("n"));
            }
            letters.clone_into(&mut self.letters);
        }
        Some(self.short().inspect(|name| self.seen.push(name)))
    }
}

fn find(names: &'static [&'static str], name: &str) -> Option<&'static str> {
    names.iter().copied().find(|known| *known == name)
}
