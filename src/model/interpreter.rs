//! Walks through shell commands as the shell would, in all four builds at once, and notes what is executed with which
//! variables. What it cannot follow it calls unknown.

mod commands;
mod maps;
mod observations;

use std::rc::Rc;

use thin_vec::ThinVec;

pub use maps::{ArchMap, MapArm};
pub use observations::{Comparison, PlatformUse};

use super::conditions;
use super::environment::{Binding, Environment, Origin};
use super::invocation::Invocation;
use super::value::{Known, Value, Worlds};
use super::words;
use crate::knowledge::Knowledge;
use crate::shell::{self, CaseArm, CommandKind, Connector, List, Script};
use crate::text::{LogicalText, TextRange};

/// Shell text with the way back to the file: that of a RUN, or of the argument of an `sh -c` in it.
#[derive(Clone, Copy)]
pub(crate) struct ShellText<'a> {
    pub(crate) text: &'a LogicalText,
    pub(crate) outer: Option<&'a ShellText<'a>>,
}

impl ShellText<'_> {
    pub(crate) fn to_source(self, range: TextRange) -> TextRange {
        let range = self.text.to_source(range);
        self.outer.map_or(range, |outer| outer.to_source(range))
    }

    pub(crate) fn is_contiguous(self, range: TextRange) -> bool {
        self.to_source(range).len() == range.len()
    }
}

/// Under which circumstances a command runs.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Circumstances {
    pub(crate) worlds: Worlds,
    pub(crate) conditional: bool,
    captured: bool,
    /// Whether it reads what a pipe brings.
    pub(crate) reads_input: bool,
    /// Whether the machine's architecture decides about it.
    pub(crate) probed: bool,
}

/// How a command ended, as far as that is known.
#[derive(Clone, Copy)]
pub(crate) struct Status {
    /// Where it succeeded for certain.
    pub(crate) success: Worlds,
    /// Where it failed for certain.
    pub(crate) failure: Worlds,
    /// Whether the rest is taken for success (any program) rather than open (a test of something unknown).
    assumed_success: bool,
    /// Whether it is the answer to a question about the machine.
    probed: bool,
}

impl Status {
    pub(crate) fn known(success: Worlds, failure: Worlds) -> Self {
        Self { success, failure, assumed_success: false, probed: false }
    }

    /// The same, as the answer to a question about the machine if it is one.
    pub(crate) fn asked(self, probed: bool) -> Self {
        Self { probed, ..self }
    }

    const ASSUMED: Self =
        Self { success: Worlds::NONE, failure: Worlds::NONE, assumed_success: true, probed: false };
    const SUCCESS: Self =
        Self { success: Worlds::ALL, failure: Worlds::NONE, assumed_success: false, probed: false };
}

/// What runs a script and what has come of it.
pub(crate) struct Interpreter<'a> {
    /// The variables at this point.
    pub(crate) environment: Environment,
    /// The working directory at this point, where known.
    pub(crate) directory: Option<Rc<str>>,
    /// The uses of platform arguments.
    pub(crate) platform_uses: ThinVec<PlatformUse>,
    /// What platform arguments are compared with.
    pub(crate) comparisons: ThinVec<Comparison>,
    /// The maps of architectures.
    pub(crate) maps: ThinVec<ArchMap>,
    /// What was executed so far.
    pub(crate) invocations: Vec<Invocation>,
    /// Whether something could not be followed, so that anything may have been executed.
    pub(crate) incomplete: bool,
    /// The architecture that commands run on, as `uname -m` and its kin would have it.
    pub(crate) machine: &'a Value,
    pub(crate) knowledge: Knowledge,
    /// The builds in which the script has not ended.
    alive: Worlds,
    /// How many scripts in scripts it is in.
    script_depth: usize,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(
        environment: Environment,
        directory: Option<Rc<str>>,
        machine: &'a Value,
        knowledge: Knowledge,
    ) -> Self {
        Self {
            environment,
            directory,
            invocations: Vec::new(),
            incomplete: false,
            platform_uses: ThinVec::new(),
            comparisons: ThinVec::new(),
            maps: ThinVec::new(),
            machine,
            knowledge,
            alive: Worlds::ALL,
            script_depth: 0,
        }
    }

    /// Runs a whole script.
    pub(crate) fn run(&mut self, script: &Script, text: ShellText<'_>) {
        self.incomplete |= !script.errors.is_empty();
        let circumstances = Circumstances {
            worlds: Worlds::ALL,
            conditional: false,
            captured: false,
            reads_input: false,
            probed: false,
        };
        self.list(&script.body, text, circumstances);
        self.settle_maps();
    }

    fn list(&mut self, list: &List, text: ShellText<'_>, circumstances: Circumstances) -> Status {
        let mut status = Status::SUCCESS;
        for (index, item) in list.iter().enumerate() {
            let mut here = circumstances;
            let mut skipped = Worlds::NONE;
            let undecided = !here.worlds.without(status.success.or(status.failure)).is_empty();
            match item.connector {
                Connector::And => {
                    skipped = status.failure;
                    here.conditional |= undecided && !status.assumed_success;
                    here.probed |= status.probed;
                }
                Connector::Or => {
                    skipped = status.success;
                    here.conditional |= undecided;
                    here.probed |= status.probed;
                }
                Connector::Start | Connector::Sequence | Connector::Background | Connector::Pipe => {}
            }
            here.worlds = here.worlds.without(skipped).and(self.alive);
            let into_pipe = list.get(index + 1).is_some_and(|next| next.connector == Connector::Pipe);
            here.captured |= into_pipe;
            here.reads_input |= item.connector == Connector::Pipe;
            let ended = if into_pipe || item.connector == Connector::Pipe {
                self.isolated(|this| this.command(&item.command, text, here));
                Status::ASSUMED
            } else {
                self.command(&item.command, text, here)
            };
            let ended = if item.negated { negated(ended) } else { ended };
            status = match item.connector {
                // What was skipped ended as the command before it.
                Connector::And | Connector::Or => Status {
                    success: ended.success.without(skipped).or(status.success.and(skipped)),
                    failure: ended.failure.without(skipped).or(status.failure.and(skipped)),
                    assumed_success: ended.assumed_success,
                    probed: ended.probed || status.probed,
                },
                _ => ended,
            };
        }
        status
    }

    /// Runs something whose variables and directory nobody sees afterwards.
    fn isolated<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let (environment, directory, alive) = (self.environment.clone(), self.directory.clone(), self.alive);
        let result = run(self);
        (self.environment, self.directory, self.alive) = (environment, directory, alive);
        result
    }

    fn command(&mut self, command: &shell::Command, text: ShellText<'_>, here: Circumstances) -> Status {
        match &command.kind {
            CommandKind::Simple(simple) => return self.simple(command, simple, text, here),
            CommandKind::Subshell(list) => return self.isolated(|this| this.list(list, text, here)),
            CommandKind::Group(list) => return self.list(list, text, here),
            CommandKind::If { branches, otherwise } => {
                let sets = self.unset_before(branches.iter().map(|branch| &branch.body));
                let mut left = here.worlds;
                let mut open = here.conditional;
                let mut probed = here.probed;
                for branch in branches {
                    let before = Circumstances { worlds: left, conditional: open, probed, ..here };
                    let status = self.list(&branch.condition, text, before);
                    probed |= status.probed;
                    let worlds = left.without(status.failure);
                    let undecided = !worlds.without(status.success).is_empty();
                    let within = Circumstances { worlds, conditional: open || undecided, probed, ..here };
                    self.list(&branch.body, text, within);
                    left = left.without(status.success);
                    open |= undecided;
                }
                if let Some(body) = otherwise {
                    self.list(body, text, Circumstances { worlds: left, conditional: open, probed, ..here });
                } else if !open && !left.is_empty() && left != here.worlds {
                    self.note_if(branches, sets, left, text);
                }
            }
            CommandKind::Case { subject, arms } => self.case(subject, arms, text, here),
            CommandKind::While { condition, body, .. } => {
                self.forget_assigned(condition);
                self.forget_assigned(body);
                let within = Circumstances { conditional: true, ..here };
                self.list(condition, text, within);
                self.list(body, text, within);
                self.forget_assigned(body);
            }
            CommandKind::For { variable, words, body } => {
                for word in words.iter().flatten() {
                    self.word(word, text, here);
                }
                self.forget_variable(variable);
                self.forget_assigned(body);
                self.list(body, text, Circumstances { conditional: true, ..here });
                self.forget_assigned(body);
            }
            CommandKind::Function { body, .. } => {
                // Seen once, where it is defined; its arguments and the moment of its calls are not followed.
                self.forget_assigned_by(body);
                self.isolated(|this| this.command(body, text, Circumstances { conditional: true, ..here }));
            }
            CommandKind::Test(words) => {
                let values: Vec<Value> = words.iter().map(|word| self.word(word, text, here)).collect();
                self.note_test(words, text);
                return conditions::test(&values);
            }
            CommandKind::Arithmetic(_) => return Status::known(Worlds::NONE, Worlds::NONE),
            CommandKind::Unknown => {
                self.incomplete = true;
                self.environment.forget();
            }
        }
        Status::ASSUMED
    }

    fn case(&mut self, subject: &shell::Word, arms: &[CaseArm], text: ShellText<'_>, here: Circumstances) {
        let value = self.word(subject, text, here);
        let patterns: Vec<&shell::Word> = arms.iter().flat_map(|arm| &arm.patterns).collect();
        self.note_comparison(subject, &patterns, text);
        let sets = self.unset_before(arms.iter().map(|arm| &arm.body));
        let mut left = here.worlds;
        let probed = here.probed || value.probed;
        for arm in arms {
            let mut matched = Worlds::NONE;
            let mut possible = Worlds::NONE;
            for pattern in &arm.patterns {
                let pattern = words::pattern(pattern, &self.environment);
                let decided = !value.replaceable && !pattern.replaceable;
                for_each_world(left, |world| match (value.world(world), pattern.world(world)) {
                    (_, Known::Text(pattern)) if !decided && &**pattern != "*" => {
                        possible = possible.or(Worlds::filter(|w| w == world));
                    }
                    (Known::Text(text), Known::Text(pattern)) => {
                        if conditions::glob_matches(pattern, text) {
                            matched = matched.or(Worlds::filter(|w| w == world));
                        }
                    }
                    (_, Known::Text(pattern)) if &**pattern == "*" => {
                        matched = matched.or(Worlds::filter(|w| w == world));
                    }
                    _ => possible = possible.or(Worlds::filter(|w| w == world)),
                });
            }
            let worlds = matched.or(possible);
            let open = here.conditional
                || !worlds.without(matched).is_empty()
                || possible_before(left, here.worlds, &value);
            self.list(&arm.body, text, Circumstances { worlds, conditional: open, probed, ..here });
            if !arm.falls_through {
                left = left.without(matched);
            }
        }
        if !here.conditional && here.worlds.is_all() {
            self.note_case((subject, value), arms, sets, left, text);
        }
    }

    fn forget_variable(&mut self, name: &str) {
        let exported = self.environment.binding(name).is_some_and(|binding| binding.exported);
        self.environment.bind(name, Binding { value: Value::unknown(), origin: Origin::Unknown, exported });
    }

    /// Forgets every variable that `list` assigns: it runs any number of times.
    fn forget_assigned(&mut self, list: &List) {
        for item in list {
            self.forget_assigned_by(&item.command);
        }
    }

    fn forget_assigned_by(&mut self, command: &shell::Command) {
        words::assigned_names(command, &mut |name| self.forget_variable(name));
    }
}

/// Whether an earlier arm of a `case` may have been taken in a build that is still open.
fn possible_before(left: Worlds, all: Worlds, subject: &Value) -> bool {
    let mut unknown = subject.replaceable;
    for_each_world(left.and(all), |world| unknown |= *subject.world(world) == Known::Unknown);
    unknown
}

fn for_each_world(worlds: Worlds, mut run: impl FnMut(usize)) {
    (0..super::value::WORLDS).filter(|&world| worlds.contains(world)).for_each(&mut run);
}

fn negated(status: Status) -> Status {
    if status.assumed_success {
        return Status::known(Worlds::NONE, Worlds::NONE);
    }
    Status { success: status.failure, failure: status.success, ..status }
}

/// `path` seen from `directory`, without `.` and `..`; none where it is relative to nobody knows what.
pub(crate) fn resolve_path(directory: Option<&str>, path: &str) -> Option<Rc<str>> {
    let base = if path.starts_with('/') { "" } else { directory? };
    let mut resolved = String::with_capacity(base.len() + path.len() + 1);
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => resolved.truncate(resolved.rfind('/').unwrap_or(0)),
            part => {
                resolved.push('/');
                resolved.push_str(part);
            }
        }
    }
    if resolved.is_empty() {
        resolved.push('/');
    }
    Some(resolved.into())
}
