//! Walks through shell commands as the shell would, in all four builds at once, and notes what is executed with which
//! variables. What it cannot follow it calls unknown.

use std::rc::Rc;

use super::conditions;
use super::environment::{Binding, Environment, Origin};
use super::invocation::{Argument, InlineAssignment, Invocation};
use super::scopes::PLATFORM_ARGUMENTS;
use super::value::{Known, Value, Worlds};
use super::words::{self, Field};
use crate::shell::{
    self, CaseArm, CommandKind, Connector, Effective, List, MAX_SCRIPT_DEPTH, PartKind, Runs, Script,
    SimpleCommand,
};
use crate::text::{LogicalText, TextRange};

/// A use of a platform argument.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PlatformUse {
    /// The argument.
    pub name: &'static str,
    /// The use: `$NAME` or `${NAME…}`.
    pub range: TextRange,
    /// Whether it says what holds where the argument is not set: `${NAME:-…}`.
    pub has_operation: bool,
    /// Whether something declares it.
    pub declared: bool,
}

/// A platform argument compared with a text, by `case` or `[`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Comparison {
    /// The argument.
    pub name: &'static str,
    /// The texts, each with its place: the patterns of all arms of a `case`.
    pub texts: Vec<(String, TextRange)>,
}

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
pub(crate) struct Circumstances {
    pub(crate) worlds: Worlds,
    pub(crate) conditional: bool,
    captured: bool,
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
}

impl Status {
    pub(crate) fn known(success: Worlds, failure: Worlds) -> Self {
        Self { success, failure, assumed_success: false }
    }

    const ASSUMED: Self = Self { success: Worlds::NONE, failure: Worlds::NONE, assumed_success: true };
    const SUCCESS: Self = Self { success: Worlds::ALL, failure: Worlds::NONE, assumed_success: false };
}

/// What runs a script and what has come of it.
pub(crate) struct Interpreter<'a> {
    /// The variables at this point.
    pub(crate) environment: Environment,
    /// The working directory at this point, where known.
    pub(crate) directory: Option<Rc<str>>,
    /// The uses of platform arguments.
    pub(crate) platform_uses: Vec<PlatformUse>,
    /// What platform arguments are compared with.
    pub(crate) comparisons: Vec<Comparison>,
    /// What was executed so far.
    pub(crate) invocations: Vec<Invocation>,
    /// Whether something could not be followed, so that anything may have been executed.
    pub(crate) incomplete: bool,
    /// The architecture that commands run on, as `uname -m` and its kin would have it.
    pub(crate) machine: &'a Value,
    /// The builds in which the script has not ended.
    alive: Worlds,
    /// How many scripts in scripts it is in.
    script_depth: usize,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(environment: Environment, directory: Option<Rc<str>>, machine: &'a Value) -> Self {
        Self {
            environment,
            directory,
            invocations: Vec::new(),
            incomplete: false,
            platform_uses: Vec::new(),
            comparisons: Vec::new(),
            machine,
            alive: Worlds::ALL,
            script_depth: 0,
        }
    }

    /// Runs a whole script.
    pub(crate) fn run(&mut self, script: &Script, text: ShellText<'_>) {
        self.incomplete |= !script.errors.is_empty();
        let circumstances = Circumstances { worlds: Worlds::ALL, conditional: false, captured: false };
        self.list(&script.body, text, circumstances);
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
                }
                Connector::Or => {
                    skipped = status.success;
                    here.conditional |= undecided;
                }
                Connector::Start | Connector::Sequence | Connector::Background | Connector::Pipe => {}
            }
            here.worlds = here.worlds.without(skipped).and(self.alive);
            let into_pipe = list.get(index + 1).is_some_and(|next| next.connector == Connector::Pipe);
            here.captured |= into_pipe;
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
                let mut left = here.worlds;
                let mut open = here.conditional;
                for branch in branches {
                    let before = Circumstances { worlds: left, conditional: open, ..here };
                    let status = self.list(&branch.condition, text, before);
                    let worlds = left.without(status.failure);
                    let undecided = !worlds.without(status.success).is_empty();
                    let within = Circumstances { worlds, conditional: open || undecided, ..here };
                    self.list(&branch.body, text, within);
                    left = left.without(status.success);
                    open |= undecided;
                }
                if let Some(body) = otherwise {
                    self.list(body, text, Circumstances { worlds: left, conditional: open, ..here });
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
                let list = std::slice::from_ref(&**body);
                list.iter().for_each(|command| self.forget_assigned_by(command));
                self.isolated(|this| this.command(body, text, Circumstances { conditional: true, ..here }));
            }
            CommandKind::Test(test) => {
                let values: Vec<Value> = test.iter().map(|word| self.word(word, text, here)).collect();
                self.note_test(test, text);
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
        let mut left = here.worlds;
        for arm in arms {
            let mut matched = Worlds::NONE;
            let mut possible = Worlds::NONE;
            for pattern in &arm.patterns {
                let pattern = words::pattern(pattern, &self.environment);
                for_each_world(left, |world| match (value.world(world), pattern.world(world)) {
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
            self.list(&arm.body, text, Circumstances { worlds, conditional: open, ..here });
            if !arm.falls_through {
                left = left.without(matched);
            }
        }
    }

    fn simple(
        &mut self,
        command: &shell::Command,
        simple: &SimpleCommand,
        text: ShellText<'_>,
        here: Circumstances,
    ) -> Status {
        let mut assigned = Vec::with_capacity(simple.assignments.len());
        for assignment in &simple.assignments {
            let mut value = self.word(&assignment.value, text, here);
            if assignment.append {
                value = words::concatenate(&self.environment.value(&assignment.name), &value);
            }
            let value_range = text.to_source(assignment.value.range);
            if simple.words.is_empty() {
                let origin = Origin::Shell { value: value_range };
                self.environment.assign(&assignment.name, &value, origin, here.worlds, here.conditional);
            } else {
                let range = text.to_source(assignment.range);
                let origin = Origin::Inline { assignment: range, value: value_range };
                assigned.push((assignment.name.as_str(), range, Binding { value, origin, exported: true }));
            }
        }
        let redirected_to = self.redirections(command, text, here);
        if simple.words.is_empty() {
            return Status::SUCCESS;
        }
        let effective = simple.effective(text.text.as_str());
        for assignment in &effective.assignments {
            let value = self.word(&assignment.value, text, here);
            let range = text.to_source(assignment.range);
            let origin = Origin::Inline { assignment: range, value: text.to_source(assignment.value.range) };
            assigned.push((assignment.name.as_str(), range, Binding { value, origin, exported: true }));
        }
        let mut environment = self.environment.clone();
        if effective.cleared {
            environment.forget();
        }
        for (name, _, binding) in &assigned {
            environment.bind(name, binding.clone());
        }
        if let Runs::Script(inner) = &effective.runs {
            return self.inner_script(inner, environment, text, here);
        }
        self.incomplete |= effective.runs == Runs::Unknown;
        let mut arguments = Vec::with_capacity(simple.words.len());
        for word in &simple.words[effective.first..] {
            self.arguments(word, text, here, &mut arguments);
        }
        let (Some(first), Some(last)) = (arguments.first(), arguments.last()) else { return Status::ASSUMED };
        let start = assigned.first().map_or(first.range, |(_, range, _)| *range);
        let assignment_site = assignment_site(simple, &effective, text);
        let invocation = Invocation {
            range: start.cover(last.range),
            assignments: assigned
                .iter()
                .map(|(name, range, _)| InlineAssignment { name: (*name).to_owned(), range: *range })
                .collect(),
            words: arguments,
            environment,
            directory: self.directory.clone(),
            assignment_site,
            redirected_to,
            worlds: here.worlds,
            conditional: here.conditional,
            captured: here.captured,
            exec_form: false,
            command: None,
        };
        self.execute(invocation, simple, text, here)
    }

    /// Runs the script in the words of a command: `sh -c '…'` on its own, `eval` as if it stood there.
    fn inner_script(
        &mut self,
        inner: &shell::InnerScript,
        environment: Environment,
        text: ShellText<'_>,
        here: Circumstances,
    ) -> Status {
        self.script_depth += 1;
        if !inner.language.is_shell() || self.script_depth > MAX_SCRIPT_DEPTH {
            self.incomplete = true;
        } else {
            self.incomplete |= !inner.script.errors.is_empty() || inner.expanded_first;
            let within = ShellText { text: &inner.text, outer: Some(&text) };
            self.isolated(|this| {
                this.environment = environment;
                this.list(&inner.script.body, within, here)
            });
        }
        self.script_depth -= 1;
        Status::ASSUMED
    }

    fn redirections(
        &mut self,
        command: &shell::Command,
        text: ShellText<'_>,
        here: Circumstances,
    ) -> Vec<Value> {
        let mut written = Vec::new();
        for redirection in &command.redirections {
            let target = self.word(&redirection.target, text, here);
            self.note_platform_uses(&redirection.heredoc_parts, text);
            let is_output = matches!(redirection.operator.as_str(), ">" | ">>" | ">|" | "&>" | "&>>" | "<>");
            if is_output && target.constant() != Some("/dev/null") {
                written.push(target);
            }
        }
        written
    }

    /// A word as arguments: an unquoted variable with spaces in its value becomes several.
    fn arguments(
        &mut self,
        word: &shell::Word,
        text: ShellText<'_>,
        here: Circumstances,
        into: &mut Vec<Argument>,
    ) {
        let value = self.word(word, text, here);
        let range = text.to_source(word.range);
        let plain = words::is_plain(word) && text.is_contiguous(word.range);
        match words::split(word, value) {
            Field::One(value) => {
                let may_be_options = words::begins_unquoted(word) && !value.is_text();
                into.push(Argument { value, range, plain, may_be_options });
            }
            Field::Several(values) => {
                let argument = |value| Argument { value, range, plain: false, may_be_options: false };
                into.extend(values.into_iter().map(argument));
            }
        }
    }

    /// The value of a word. Command substitutions in it are run.
    fn word(&mut self, word: &shell::Word, text: ShellText<'_>, here: Circumstances) -> Value {
        self.note_platform_uses(&word.parts, text);
        let mut substituted = Vec::new();
        words::substitutions(word, &mut |list| {
            let within = Circumstances { captured: true, ..here };
            let first = self.invocations.len();
            self.isolated(|this| this.list(list, text, within));
            substituted.push(words::printed(list, &self.invocations[first..], self.machine));
        });
        words::value(word, &self.environment, &mut substituted.into_iter())
    }

    /// Notes the platform arguments in a word.
    fn note_platform_uses(&mut self, parts: &[shell::WordPart], text: ShellText<'_>) {
        for part in parts {
            let PartKind::Variable(variable) = &part.kind else { continue };
            if let Some(name) = PLATFORM_ARGUMENTS.into_iter().find(|name| *name == variable.name) {
                self.platform_uses.push(PlatformUse {
                    name,
                    range: text.to_source(part.range),
                    has_operation: variable.operation.is_some(),
                    declared: !self.environment.value(name).is_unset(),
                });
            }
            if let Some((_, operand)) = &variable.operation {
                self.note_platform_uses(&operand.parts, text);
            }
        }
    }

    /// Notes the comparisons among the words of a test.
    fn note_test(&mut self, test: &[shell::Word], text: ShellText<'_>) {
        for window in test.windows(3) {
            if window[1].literal().is_some_and(|operator| matches!(&*operator, "=" | "==" | "!=")) {
                self.note_comparison(&window[0], &[&window[2]], text);
            }
        }
    }

    /// Notes that a word, if it is nothing but a platform argument, is compared with others.
    fn note_comparison(&mut self, subject: &shell::Word, others: &[&shell::Word], text: ShellText<'_>) {
        let [shell::WordPart { kind: PartKind::Variable(variable), .. }] = subject.parts.as_slice() else {
            return;
        };
        let name = PLATFORM_ARGUMENTS.into_iter().find(|name| *name == variable.name);
        let Some(name) = name.filter(|_| variable.operation.is_none()) else { return };
        let texts = others
            .iter()
            .filter_map(|word| Some((word.literal()?.into_owned(), text.to_source(word.range))))
            .collect();
        self.comparisons.push(Comparison { name, texts });
    }

    fn execute(
        &mut self,
        mut invocation: Invocation,
        simple: &SimpleCommand,
        text: ShellText<'_>,
        here: Circumstances,
    ) -> Status {
        invocation.identify();
        let program = invocation.program().unwrap_or_default().to_owned();
        let status = match program.as_str() {
            "export" | "declare" | "typeset" | "readonly" | "local" => {
                self.declare(simple, text, here);
                Status::ASSUMED
            }
            "unset" => {
                for name in invocation.arguments().iter().filter_map(|argument| argument.value.constant()) {
                    self.environment.unset(name, here.worlds, here.conditional);
                }
                Status::ASSUMED
            }
            "read" | "mapfile" | "readarray" | "getopts" => {
                for name in invocation.arguments().iter().filter_map(|argument| argument.value.constant()) {
                    self.forget_variable(name);
                }
                Status::ASSUMED
            }
            "." | "source" | "eval" => {
                self.environment.forget();
                Status::ASSUMED
            }
            "cd" | "pushd" | "popd" => {
                let target = invocation.operands().first().and_then(|word| word.value.constant());
                self.directory = match (target, here.conditional || !here.worlds.is_all()) {
                    (Some(path), false) if program != "popd" => resolve_path(self.directory.as_deref(), path),
                    _ => None,
                };
                Status::ASSUMED
            }
            "exit" | "return" if !here.conditional => {
                self.alive = self.alive.without(here.worlds);
                Status::ASSUMED
            }
            "true" | ":" => Status::SUCCESS,
            "false" => Status::known(Worlds::NONE, Worlds::ALL),
            "[" | "test" => {
                let mut values: Vec<Value> =
                    invocation.arguments().iter().map(|argument| argument.value.clone()).collect();
                if program == "[" {
                    values.pop();
                }
                self.note_test(&simple.words, text);
                conditions::test(&values)
            }
            _ => Status::ASSUMED,
        };
        self.invocations.push(invocation);
        status
    }

    /// `export A=b C`: assignments that are arguments.
    fn declare(&mut self, simple: &SimpleCommand, text: ShellText<'_>, here: Circumstances) {
        let exports = simple.words[0].literal().is_some_and(|name| name == "export");
        for word in &simple.words[1..] {
            let Some((name, value_word)) = words::assignment(word) else {
                match word.literal() {
                    Some(name) if exports => self.environment.export(&name),
                    Some(_) => {}
                    None => self.environment.forget(),
                }
                continue;
            };
            let value = self.word(&value_word, text, here);
            let origin = Origin::Shell { value: text.to_source(value_word.range) };
            self.environment.assign(&name, &value, origin, here.worlds, here.conditional);
            if exports {
                self.environment.export(&name);
            }
        }
    }

    fn forget_variable(&mut self, name: &str) {
        let exported = self.environment.binding(name).is_some_and(|binding| binding.exported);
        self.environment.bind(name, Binding { value: Value::unknown(), origin: Origin::Unknown, exported });
    }

    /// Forgets every variable that `list` assigns: it runs any number of times.
    fn forget_assigned(&mut self, list: &List) {
        list.iter().for_each(|item| self.forget_assigned_by(&item.command));
    }

    fn forget_assigned_by(&mut self, command: &shell::Command) {
        words::assigned_names(command, &mut |name| self.forget_variable(name));
    }
}

/// Where `NAME=value ` may be put so that the command sees it.
fn assignment_site(simple: &SimpleCommand, effective: &Effective, text: ShellText<'_>) -> TextRange {
    // `env` takes assignments in front of the program; `nice` and its kin would take them for the program.
    let word = if effective.wrappers.last() == Some(&"env") { effective.first } else { 0 };
    text.to_source(simple.words[word].range)
}

/// Whether an earlier arm of a `case` may have been taken in a build that is still open.
fn possible_before(left: Worlds, all: Worlds, subject: &Value) -> bool {
    let mut unknown = false;
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
    Status::known(status.failure, status.success)
}

/// `path` seen from `directory`, without `.` and `..`; none where it is relative to nobody knows what.
pub(crate) fn resolve_path(directory: Option<&str>, path: &str) -> Option<Rc<str>> {
    let base = if path.starts_with('/') { "" } else { directory? };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")).into())
}
