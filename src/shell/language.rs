//! Which language a piece of text is in.

/// What reads the text of a `RUN`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ShellLanguage {
    /// `sh`, `ash`, `dash`: what [`parse`](super::parse) reads.
    #[default]
    Posix,
    /// `bash`, and `zsh` and `ksh`, which are like it: what [`parse`](super::parse) reads.
    Bash,
    /// `PowerShell`: opaque.
    PowerShell,
    /// The command prompt of Windows: opaque.
    Cmd,
    /// Anything else: opaque.
    Other,
}

impl ShellLanguage {
    /// Whether [`parse`](super::parse) understands it.
    pub fn is_shell(self) -> bool {
        matches!(self, Self::Posix | Self::Bash)
    }

    /// What the interpreter of that name or path reads.
    pub fn of_interpreter(path: &str) -> Self {
        let name = program_name(path).to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" | "ash" | "dash" => Self::Posix,
            "bash" | "rbash" | "zsh" | "ksh" | "ksh93" | "mksh" => Self::Bash,
            "powershell" | "pwsh" => Self::PowerShell,
            "cmd" => Self::Cmd,
            _ => Self::Other,
        }
    }

    /// What the words of a `SHELL` instruction stand for. The shell need not come first:
    /// `["conda", "run", "-n", "base", "/bin/bash", "-c"]`.
    pub fn of_shell_instruction<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        words
            .into_iter()
            .map(Self::of_interpreter)
            .find(|language| *language != Self::Other)
            .unwrap_or(Self::Other)
    }

    /// What the interpreter in a script's first line reads; absent where that line is not `#!…`.
    pub fn of_shebang(script: &str) -> Option<Self> {
        let line = script.strip_prefix("#!")?.lines().next().unwrap_or_default();
        let mut words = line.split_ascii_whitespace();
        let interpreter = words.next()?;
        if program_name(interpreter) != "env" {
            return Some(Self::of_interpreter(interpreter));
        }
        // `env -S A=b bash -e`
        let program = words.find(|word| !word.starts_with('-') && !word.contains('='));
        Some(program.map_or(Self::Other, Self::of_interpreter))
    }

    /// The language of a heredoc that is all that a `RUN` holds: what its first line says, else the stage's shell.
    pub fn of_run_heredoc(body: &str, shell: Self) -> Self {
        Self::of_shebang(body).unwrap_or(shell)
    }
}

/// The last component of a path, in the notation of either world.
pub(super) fn program_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a program of that name runs what it reads from its standard input, as `python3 <<EOF` does.
pub(super) fn is_interpreter(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let interpreters =
        ["python", "pypy", "perl", "ruby", "node", "nodejs", "php", "lua", "fish", "tclsh", "Rscript", "R"];
    interpreters.contains(&name) || ShellLanguage::of_interpreter(name) != ShellLanguage::Other
}
