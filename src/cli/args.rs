//! The options, their help and their examples. Completions and the manual come from the same definitions.

mod packaging;
mod reporting;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::output::PlanFormat;

pub(super) use packaging::{Ci, Completions, Init, Man};
pub(super) use reporting::Reporting;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Finds the steps of a Dockerfile that a build for another architecture would emulate, and rewrites them to
/// cross-compile.
#[derive(Debug, Parser)]
#[command(name = "dflint", version, styles = STYLES, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "\
Examples:
  dflint check                      Check the Dockerfiles of this folder and those below it
  dflint check --diff Dockerfile    Show how the file would cross-compile
  dflint check --fix                Rewrite the files
  dflint plan Dockerfile            Show where every step of a build runs
  dflint rule XC101                 Explain a rule
  dflint init --ci github           Begin a configuration, and a check of every pull request

Exit status: 0 nothing found, 1 something found, 2 something could not be done.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub(super) color: Color,
}

/// See [`Arguments::color`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Check(Check),
    Plan(Plan),
    Config(Config),
    Rule(Rule),
    Parse(Parse),
    Init(Init),
    Lsp(Lsp),
    Completions(Completions),
    Man(Man),
}

/// Check Dockerfiles, and fix them
#[derive(Args, Debug)]
#[command(after_help = CHECK_EXAMPLES, after_long_help = CHECK_MANUAL)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub(super) struct Check {
    /// Files and folders; `-` is standard input
    ///
    /// A file is checked whatever its name. In a folder and those below it, dflint looks for Dockerfile, Dockerfile.*,
    /// *.Dockerfile, Containerfile, Containerfile.* and *.Containerfile in any case.
    #[arg(value_name = "PATHS", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// Leave out what the configuration excludes, even where it is named
    ///
    /// For programs that name the files which changed, as pre-commit does.
    #[arg(long)]
    pub(super) force_exclude: bool,

    /// Rewrite the files with the safe fixes
    ///
    /// A file is replaced in one step and keeps its mode. A file that changed while it was checked, or that is
    /// read-only, is left alone. Of standard input, the fixed text goes to standard output and the findings to standard
    /// error.
    #[arg(long, help_heading = "Fixing")]
    pub(super) fix: bool,

    /// Show what --fix would change as a unified diff, and write nothing
    ///
    /// Only the diff is printed, to standard output; `git apply` and `patch -p1` take it. The exit status is 1 when
    /// there are changes, whatever else could be found.
    #[arg(long, help_heading = "Fixing")]
    pub(super) diff: bool,

    /// Take the unsafe fixes too
    ///
    /// They are probably right, but change what the build does in a way that its author must agree to.
    #[arg(long, help_heading = "Fixing")]
    pub(super) unsafe_fixes: bool,

    #[command(flatten)]
    pub(super) configured: Configured,

    #[command(flatten)]
    pub(super) accepting: Accepting,

    #[command(flatten)]
    pub(super) reporting: Reporting,

    /// The name that standard input has in messages
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub(super) stdin_filename: Option<PathBuf>,
}

/// How findings are accepted that are there already
#[derive(Args, Debug)]
pub(super) struct Accepting {
    /// Write a comment above every instruction with findings, so that they are ignored
    ///
    /// With --fix, what can be fixed is fixed, and the comments are for the rest. With --diff, they are only shown.
    #[arg(long, help_heading = "Accepting findings")]
    pub(super) add_ignores: bool,

    /// Report only what is not in this baseline
    #[arg(long, value_name = "FILE", help_heading = "Accepting findings", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<PathBuf>,

    /// Write all findings into a baseline, and report none
    #[arg(long, value_name = "FILE", help_heading = "Accepting findings")]
    pub(super) write_baseline: Option<PathBuf>,
}

/// What a configuration file may say too
#[derive(Args, Debug, Default)]
pub(super) struct Configured {
    /// Run these rules only: codes, beginnings of codes, or names
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,

    /// Leave these rules out; the longer code wins over --select
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,

    /// The platforms that images are built for, as for `docker buildx build` [default: linux/amd64,linux/arm64]
    #[arg(long, value_name = "PLATFORMS", value_delimiter = ',', help_heading = "Rules")]
    pub(super) platform: Vec<String>,

    /// Read this configuration file for all files, and no other
    #[arg(long, value_name = "FILE", help_heading = "Rules", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long, help_heading = "Rules")]
    pub(super) no_config: bool,
}

macro_rules! check_examples {
    () => {
        "\
Examples:
  dflint check                               Everything below this folder
  dflint check api/Dockerfile web            One file, and everything below a folder
  dflint check --diff | git apply            Take the safe fixes as a patch
  dflint check --fix --unsafe-fixes          Rewrite, unsafe fixes too
  dflint check --select XC1 --ignore XC105   The rules XC1.. but one
  dflint check --output-format json | jq '.[].rule'
  dflint check --output-format sarif --output-file dflint.sarif
  dflint check --statistics                  How often each rule has something to say
  dflint check --fix --stdin-filename Dockerfile - < Dockerfile
"
    };
}

const CHECK_EXAMPLES: &str = concat!(
    check_examples!(),
    "
Exit status: 0 nothing to report, 1 findings (with --diff: changes), 2 something could not be done.
`dflint check --help` says more."
);

const CHECK_MANUAL: &str = concat!(
    "\
Which files:
  .gitignore, .ignore and the like are honoured as git does: inside of a repository from its root
  on, elsewhere from the folder that was named. Hidden folders are entered; .git and its kin,
  node_modules, site-packages and virtual environments are not. Symbolic links to folders are not
  followed. Templates (.j2, .tmpl, .template ...), backups (.bak, .orig ...), *.dockerignore, pipes
  and devices are taken only when they are named.

",
    check_examples!(),
    "
Exit status:
  0  Nothing to report; after --fix, nothing left to report; with --diff, nothing to change
  1  Findings; after --fix, findings that are left; with --diff, changes. --fail-on and
     --max-warnings say which findings count
  2  Something could not be done: a wrong option, a path that does not exist, a folder without
     Dockerfiles, a file that cannot be read or written. The rest is checked all the same."
);

/// Show where every step of a build runs: natively, under emulation, or not at all
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dflint plan                                 The Dockerfile of this folder for amd64 and arm64
  dflint plan --platform linux/arm64,linux/riscv64 api/Dockerfile
  dflint plan --target test --build-arg GO_VERSION=1.25 Dockerfile
  dflint plan --build-platform linux/arm64 --platform linux/amd64 Dockerfile
  dflint plan --format svg --platform linux/arm64 Dockerfile > plan.svg
  dflint plan --format json Dockerfile | jq '.platforms[].totals'

Exit status: 0 every platform can be built, 1 BuildKit would refuse one, 2 something could not be done.")]
pub(super) struct Plan {
    /// The Dockerfile; `-` is standard input
    #[arg(value_name = "FILE", default_value = "Dockerfile")]
    pub(super) file: PathBuf,

    /// The platforms to build, as for `docker buildx build` [default: those of dflint.toml, or
    /// linux/amd64,linux/arm64]
    #[arg(long, value_name = "PLATFORMS", value_delimiter = ',', help_heading = "Build")]
    pub(super) platform: Vec<String>,

    /// The platform of the builder; this machine's where none is given
    #[arg(long, value_name = "PLATFORM", help_heading = "Build")]
    pub(super) build_platform: Option<String>,

    /// The stage to build; the last one where none is given
    #[arg(long, value_name = "STAGE", help_heading = "Build")]
    pub(super) target: Option<String>,

    /// The value of a build argument; without a value, that of the environment variable
    #[arg(long = "build-arg", value_name = "NAME=VALUE", help_heading = "Build")]
    pub(super) build_args: Vec<String>,

    /// How to print the plan
    #[arg(
        long,
        alias = "output-format",
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        help_heading = "Output"
    )]
    pub(super) format: PlanFormat,
}

/// Show which configuration holds for a file, and where each part of it comes from
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dflint config api/Dockerfile                     What dflint check goes by for this file
  dflint config --select XC1 Dockerfile            The same with an option of dflint check
  dflint config --config ../dflint.toml Dockerfile

Exit status: 0 when it could be read, 2 when something is wrong with it.")]
pub(super) struct Config {
    /// The file; of a folder, its Dockerfile. It need not be there
    #[arg(value_name = "FILE", default_value = "Dockerfile")]
    pub(super) file: PathBuf,

    #[command(flatten)]
    pub(super) configured: Configured,
}

/// Explain a rule, or list all of them
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dflint rule                               List the rules
  dflint rule XC101                         Explain one
  dflint rule emulated-build-stage          The same by its name
  dflint rule XC1                           List the rules XC1..

Exit status: 0 when the rule is there, 2 when it is not.")]
pub(super) struct Rule {
    /// A code, the beginning of one, or a name
    #[arg(value_name = "RULE")]
    pub(super) rule: Option<String>,

    /// How to print
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) output_format: RuleFormat,
}

/// See [`Rule::output_format`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(super) enum RuleFormat {
    /// Text
    #[default]
    Human,
    /// An array of rules
    Json,
}

/// Print the syntax tree of Dockerfiles
#[derive(Args, Debug)]
#[command(after_help = "\
Prints a line for each file: what BuildKit's parser makes of it, and what it refuses.

Examples:
  dflint parse Dockerfile | jq '.instructions[].keyword'
  dflint parse - < Dockerfile

Exit status: 0 when every file was read, whatever stands in it, 2 when one could not be.")]
pub(super) struct Parse {
    /// Files; `-` is standard input
    #[arg(value_name = "FILES", required = true)]
    pub(super) files: Vec<PathBuf>,

    /// How to print the tree
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) format: ParseFormat,
}

/// See [`Parse::format`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(super) enum ParseFormat {
    /// An object for each file
    #[default]
    Json,
}

/// Serve an editor: the language server, over standard input and output
#[derive(Args, Debug)]
#[command(after_help = "\
Speaks the Language Server Protocol 3.18. Editors start it; `editors/` has what they need for that.

Examples:
  dflint lsp                                What an editor runs

Exit status: 0 when the editor took its leave as the protocol has it, 1 when it went without.")]
pub(super) struct Lsp {
    /// Use standard input and output, as many clients ask for: there is no other way
    #[arg(long, hide = true)]
    pub(super) stdio: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definitions_agree_with_each_other() {
        super::Arguments::command().debug_assert();
    }
}
