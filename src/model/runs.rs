//! What the RUNs of a stage execute.

use std::cell::OnceCell;
use std::rc::Rc;

use thin_vec::ThinVec;

use super::interpreter::{Interpreter, ShellText};
use super::invocation::{Argument, Invocation};
use super::scopes::Scope;
use super::stage::{Run, Stage, StagePlatform};
use super::value::{Known, Value, Worlds, build_platform, target_platform};
use crate::knowledge::Knowledge;
use crate::shell::{self, ShellLanguage};
use crate::syntax::{Body, CommandBody, Heredoc, Instruction, JsonString, Keyword, Parse};
use crate::text::{LogicalText, SourceFile, TextRange};

/// The RUNs of a stage.
pub(super) fn runs(
    file: &SourceFile,
    stage: &Stage,
    parse: &Parse,
    scopes: &[Rc<Scope>],
    knowledge: Knowledge,
) -> Vec<Run> {
    let machine = machine(&stage.platform);
    let is_run = |&at: &usize| parse.instructions[at].keyword == Keyword::Run;
    let runs = stage.span.body.clone().filter(is_run);
    let mut runs: Vec<Run> = runs.map(|at| run_at(file, parse, scopes, &machine, knowledge, at)).collect();
    runs.shrink_to_fit();
    runs
}

/// The RUN that is the instruction `at`, of a stage that runs on a [machine](machine) of that architecture.
pub(super) fn run_at(
    file: &SourceFile,
    parse: &Parse,
    scopes: &[Rc<Scope>],
    machine: &Value,
    knowledge: Knowledge,
    at: usize,
) -> Run {
    let scope = &scopes[at];
    let interpreter =
        Interpreter::new(scope.environment.clone(), scope.directory.clone(), machine, knowledge);
    run(file, parse, at, scope, interpreter)
}

/// The architecture of the machine that a stage runs on, in each build.
pub(super) fn machine(platform: &StagePlatform) -> Value {
    Value::each(|world| {
        let architecture = match platform {
            StagePlatform::Build => build_platform(world).architecture,
            StagePlatform::Target => target_platform(world).architecture,
            StagePlatform::Fixed(platform) => platform.architecture.clone(),
            StagePlatform::Unknown => return Known::Unknown,
        };
        Known::Text(architecture.as_str().into())
    })
}

fn run(file: &SourceFile, parse: &Parse, at: usize, scope: &Scope, mut interpreter: Interpreter<'_>) -> Run {
    let instruction = &parse.instructions[at];
    match &instruction.body {
        Body::Command(CommandBody::Exec(words)) => {
            // `["sh", "-c", "…"]` starts a shell all the same.
            let program = words.first().map_or("", |word| word.value.as_str());
            interpreter.incomplete = ShellLanguage::of_interpreter(program) != ShellLanguage::Other;
            let mut invocation = exec_form(words, scope);
            invocation.identify(interpreter.knowledge);
            interpreter.invocations.push(invocation);
        }
        Body::Command(command) => {
            if let Some(line) = command.shell_line(file, parse.escape) {
                run_shell(file, instruction, &line, scope, &mut interpreter);
            }
        }
        _ => interpreter.incomplete = true,
    }
    Run {
        instruction: at,
        invocations: interpreter.invocations.into(),
        platform_uses: interpreter.platform_uses,
        comparisons: interpreter.comparisons,
        maps: interpreter.maps,
        incomplete: interpreter.incomplete,
    }
}

fn run_shell(
    file: &SourceFile,
    instruction: &Instruction,
    line: &LogicalText,
    scope: &Scope,
    interpreter: &mut Interpreter<'_>,
) {
    if !scope.shell.is_shell() {
        interpreter.incomplete = true;
        return;
    }
    let with_heredocs;
    let text = match instruction.heredocs.as_slice() {
        [] => line,
        // `RUN <<EOF`: the body is the script, or the file of the interpreter that its first line names.
        [heredoc] if is_only_marker(file, line, heredoc) => {
            if !ShellLanguage::of_run_heredoc(heredoc.content.as_str(), scope.shell).is_shell() {
                interpreter.incomplete = true;
                return;
            }
            &heredoc.content
        }
        // Otherwise the shell gets the line and the bodies below it (dispatchRun in convert.go).
        heredocs => {
            with_heredocs = joined(file, line, heredocs);
            &with_heredocs
        }
    };
    interpreter.run(&shell::parse(text.as_str()), ShellText { text, outer: None });
}

/// Whether a RUN's line is nothing but the marker of its heredoc.
fn is_only_marker(file: &SourceFile, line: &LogicalText, heredoc: &Heredoc) -> bool {
    line.as_str().trim() == file.slice(heredoc.marker)
}

/// A RUN's line with the bodies of its heredocs below it.
fn joined(file: &SourceFile, line: &LogicalText, heredocs: &[Heredoc]) -> LogicalText {
    let mut text = line.clone();
    for heredoc in heredocs {
        if !text.as_str().ends_with('\n') {
            text.push("\n", heredoc.body.start());
        }
        text.push(file.slice(heredoc.body), heredoc.body.start());
        text.push(&heredoc.name, heredoc.body.end());
    }
    text
}

fn exec_form(words: &[JsonString], scope: &Scope) -> Invocation {
    let range = words.first().map_or_else(TextRange::default, |first| {
        first.range.cover(words.last().map_or(first.range, |last| last.range))
    });
    Invocation {
        range,
        assignments: ThinVec::new(),
        words: words
            .iter()
            .map(|word| Argument {
                value: Value::text(word.value.clone()),
                range: word.range,
                plain: true,
                may_be_options: false,
            })
            .collect(),
        environment: scope.environment.clone(),
        directory: scope.directory.clone(),
        assignment_site: None,
        redirected_to: ThinVec::new(),
        worlds: Worlds::ALL,
        conditional: false,
        captured: false,
        reads_input: false,
        under_probe: false,
        exec_form: true,
        command: None,
        outputs: OnceCell::new(),
    }
}
