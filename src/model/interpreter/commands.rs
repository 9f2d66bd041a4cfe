//! Simple commands: their words, and what they do to the shell.

use std::cell::OnceCell;

use thin_vec::ThinVec;

use super::super::conditions;
use super::super::environment::{Binding, Environment, Origin};
use super::super::invocation::{Argument, InlineAssignment, Invocation};
use super::super::value::{Value, Worlds};
use super::super::words::{self, Field};
use super::{Circumstances, Interpreter, ShellText, Status, resolve_path};
use crate::shell::{self, Effective, MAX_SCRIPT_DEPTH, Runs, SimpleCommand};
use crate::text::TextRange;

impl Interpreter<'_> {
    pub(super) fn simple(
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
            if here.probed {
                value = value.as_probe();
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
        let mut assignments = ThinVec::with_capacity(assigned.len());
        for (name, range, binding) in assigned {
            environment.bind(name, binding);
            assignments.push(InlineAssignment { name: name.into(), range });
        }
        if let Runs::Script(inner) = &effective.runs {
            let shell = simple.words.get(effective.first).and_then(shell::Word::literal);
            if shell.as_deref().is_some_and(|shell| matches!(shell, "su" | "runuser")) {
                // A login shell starts with an environment of its own.
                environment.forget();
                self.incomplete = true;
            }
            let status = self.inner_script(inner, environment, text, here);
            if shell.as_deref() == Some("eval") {
                self.environment.forget();
            }
            return status;
        }
        self.incomplete |= effective.runs == Runs::Unknown;
        let mut arguments = ThinVec::with_capacity(simple.words.len() - effective.first);
        for word in &simple.words[effective.first..] {
            self.arguments(word, text, here, &mut arguments);
        }
        let (Some(first), Some(last)) = (arguments.first(), arguments.last()) else { return Status::ASSUMED };
        let start = assignments.first().map_or(first.range, |assignment| assignment.range);
        let assignment_site = assignment_site(simple, &effective, text);
        let invocation = Invocation {
            range: start.cover(last.range),
            assignments,
            words: arguments,
            environment,
            directory: self.directory.clone(),
            assignment_site,
            redirected_to,
            worlds: here.worlds,
            conditional: here.conditional,
            captured: here.captured,
            reads_input: here.reads_input || reads_file(command),
            under_probe: here.probed,
            exec_form: false,
            command: None,
            outputs: OnceCell::new(),
        };
        self.execute(invocation, simple, text, here)
    }

    /// Runs the script in the words of a command: `sh -c '…'` on its own, `eval` as if it stood there.
    pub(super) fn inner_script(
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

    pub(super) fn redirections(
        &mut self,
        command: &shell::Command,
        text: ShellText<'_>,
        here: Circumstances,
    ) -> ThinVec<Value> {
        let mut written = ThinVec::new();
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
    pub(super) fn arguments(
        &mut self,
        word: &shell::Word,
        text: ShellText<'_>,
        here: Circumstances,
        into: &mut ThinVec<Argument>,
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
    pub(super) fn word(&mut self, word: &shell::Word, text: ShellText<'_>, here: Circumstances) -> Value {
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

    pub(super) fn execute(
        &mut self,
        mut invocation: Invocation,
        simple: &SimpleCommand,
        text: ShellText<'_>,
        here: Circumstances,
    ) -> Status {
        invocation.identify(self.knowledge);
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
            "printf" => {
                if let [option, name, ..] = invocation.arguments()
                    && option.value.constant() == Some("-v")
                    && let Some(name) = name.value.constant()
                {
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
    pub(super) fn declare(&mut self, simple: &SimpleCommand, text: ShellText<'_>, here: Circumstances) {
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
}

/// Whether a redirection gives the command a file to read.
fn reads_file(command: &shell::Command) -> bool {
    command.redirections.iter().any(|redirection| matches!(redirection.operator.as_str(), "<" | "<>"))
}

/// Where `NAME=value ` may be put so that the command sees it.
fn assignment_site(simple: &SimpleCommand, effective: &Effective, text: ShellText<'_>) -> Option<TextRange> {
    // `env` takes assignments in front of the program; `nice` and its kin would take them for the program, and `time`
    // is no longer the shell's own word behind one.
    let word = match effective.wrappers.last() {
        Some(&"env") => effective.first,
        Some(_) if effective.wrappers.contains(&"time") => return None,
        Some(_) | None => 0,
    };
    Some(text.to_source(simple.words[word].range))
}
