//! Where the file speaks of a stage or of a variable.

use dflint::model::{Facts, StageBase};
use dflint::shell::{self, CommandKind, Script, ShellLanguage};
use dflint::syntax::variables::{for_each_expanded_word, heredoc_references, references};
use dflint::syntax::{Body, Instruction, Keyword, Pair};
use dflint::text::{LogicalText, TextRange, TextSize};

use super::view::touches;

/// What a name stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Symbol {
    /// The stage with this index.
    Stage(usize),
    /// A variable of this name, of ARG and ENV.
    Variable(String),
}

/// What the file does with a name at a place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// It names a stage, or sets a variable for what follows.
    Declaration,
    /// It names a stage of FROM, in lower case whatever its declaration says.
    Base,
    /// It asks for it.
    Use,
    /// It means the stage, but by its number, or through variables.
    Indirect,
    /// A shell sets a variable of its own, which has the name of the file's.
    ShellAssignment,
}

/// A place where a name stands.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    pub(super) symbol: Symbol,
    pub(super) role: Role,
    /// The name alone.
    pub(super) range: TextRange,
    /// The instruction, by its index.
    pub(super) instruction: usize,
    /// The stage whose variables are meant, as its index and one; 0 is what stands above the first FROM.
    scope: usize,
    /// Whether it is an `ARG NAME`, which takes its value from above the first FROM.
    takes_global: bool,
}

/// The symbol at `offset`, and every place that speaks of it, in the order of the file.
pub(super) fn at(facts: &Facts<'_>, offset: TextSize) -> Option<(Symbol, Vec<Occurrence>)> {
    let all = all(facts);
    let here = all.iter().find(|it| touches(it.range, offset))?.clone();
    let mut same: Vec<Occurrence> = all.into_iter().filter(|it| it.symbol == here.symbol).collect();
    if matches!(here.symbol, Symbol::Variable(_)) {
        let scopes = Scopes::of(facts, &same);
        same.retain(|it| scopes.root(it.scope) == scopes.root(here.scope));
    }
    Some((here.symbol, same))
}

/// Every place where the file speaks of a stage or a variable, in its order.
pub(super) fn all(facts: &Facts<'_>) -> Vec<Occurrence> {
    let first_from = facts.stages().first().map_or(usize::MAX, |stage| stage.span.from);
    let mut collector =
        Collector { facts, instruction: 0, scope: 0, shell: ShellLanguage::Posix, found: Vec::new() };
    for (index, instruction) in facts.parse().instructions.iter().enumerate() {
        collector.instruction = index;
        // A FROM sees what stands above the first one.
        collector.scope = facts.stage_with(index).map_or(0, |stage| stage + 1);
        if index >= first_from {
            collector.shell = facts.scope(index).shell;
        }
        collector.stages(index, instruction);
        collector.variables(instruction);
    }
    collector.found.sort_by_key(|it| (it.range.start(), it.range.end()));
    collector.found.dedup_by_key(|it| it.range);
    collector.found
}

struct Collector<'a> {
    facts: &'a Facts<'a>,
    instruction: usize,
    scope: usize,
    shell: ShellLanguage,
    found: Vec<Occurrence>,
}

impl Collector<'_> {
    fn push(&mut self, symbol: Symbol, role: Role, range: TextRange) {
        let (instruction, scope) = (self.instruction, self.scope);
        self.found.push(Occurrence { symbol, role, range, instruction, scope, takes_global: false });
    }

    fn stages(&mut self, index: usize, instruction: &Instruction) {
        if instruction.keyword == Keyword::From {
            let stage = self.facts.stages().iter().find(|stage| stage.span.from == index);
            let Some((stage, body)) =
                stage.and_then(|stage| Some((stage, self.facts.from_body(stage.index)?)))
            else {
                return;
            };
            if let StageBase::Stage(base) = stage.base {
                let named = self.facts.stages()[base].name();
                let direct = named.is_some_and(|name| name.eq_ignore_ascii_case(&body.image.text));
                let role = if direct { Role::Base } else { Role::Indirect };
                self.push(Symbol::Stage(base), role, body.image.range);
            }
            if let Some(alias) = &body.alias {
                self.push(Symbol::Stage(stage.index), Role::Declaration, alias.range);
            }
            return;
        }
        let from = instruction.flags_named("from").filter_map(|flag| flag.value.clone());
        let mounts = instruction.flags_named("mount").filter_map(|mount| mount.key("from"));
        for word in from.chain(mounts) {
            let Some(stage) = self.facts.stage_named(&word.text) else { continue };
            let named = self.facts.stages()[stage].name();
            let direct = named.is_some_and(|name| name.eq_ignore_ascii_case(&word.text));
            let role = if direct { Role::Use } else { Role::Indirect };
            self.push(Symbol::Stage(stage), role, word.range);
        }
    }

    fn variables(&mut self, instruction: &Instruction) {
        let escape = self.facts.escape();
        for_each_expanded_word(instruction, |word| {
            for reference in references(&word.text, escape) {
                let range = word.to_source(reference.name_range);
                self.push(Symbol::Variable(reference.name), Role::Use, range);
            }
        });
        match &instruction.body {
            Body::Arg(pairs) | Body::Env(pairs) => self.declarations(pairs),
            body => {
                let line = body.command().and_then(|command| command.shell_line(self.facts.file(), escape));
                if let Some(line) = line {
                    self.shell(&line);
                }
            }
        }
        let is_run = instruction.keyword == Keyword::Run;
        for heredoc in &instruction.heredocs {
            if is_run && instruction.heredocs.len() == 1 {
                self.shell(&heredoc.content);
            } else if heredoc.expand {
                for reference in heredoc_references(&heredoc.content) {
                    let range = heredoc.content.to_source(reference.name_range);
                    self.push(Symbol::Variable(reference.name), Role::Use, range);
                }
            }
        }
    }

    fn declarations(&mut self, pairs: &[Pair]) {
        for pair in pairs {
            self.push(Symbol::Variable(pair.name.text.to_string()), Role::Declaration, pair.name.range);
            self.found.last_mut().expect("pushed above").takes_global = pair.value.is_none();
        }
    }

    /// The variables of shell text. What another shell reads stays closed.
    fn shell(&mut self, text: &LogicalText) {
        if !self.shell.is_shell() {
            return;
        }
        let script = shell::parse(text.as_str());
        script.for_each_variable(|_, variable| {
            if variable.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                let range = text.to_source(variable.name_range);
                self.push(Symbol::Variable(variable.name.clone()), Role::Use, range);
            }
        });
        for (name, range) in assigned(&script) {
            self.push(Symbol::Variable(name), Role::ShellAssignment, text.to_source(range));
        }
    }
}

/// The variables that a script sets, each with the place of its name.
fn assigned(script: &Script) -> Vec<(String, TextRange)> {
    const SETTERS: [&str; 7] = ["export", "declare", "typeset", "local", "readonly", "read", "unset"];
    let mut found = Vec::new();
    script.for_each_command(|site| match &site.command.kind {
        CommandKind::Simple(simple) => {
            found.extend(simple.assignments.iter().map(|assignment| {
                let name = TextRange::at(assignment.range.start(), TextSize::of(assignment.name.as_str()));
                (assignment.name.clone(), name)
            }));
            let program = simple.words.first().and_then(shell::Word::literal);
            if program.is_some_and(|program| SETTERS.contains(&&*program)) {
                for word in &simple.words[1..] {
                    let first = word.parts.first().and_then(|part| part.literal()).unwrap_or_default();
                    let name = first.split('=').next().unwrap_or_default();
                    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                    if is_name {
                        found.push((name.to_owned(), TextRange::at(word.range.start(), TextSize::of(name))));
                    }
                }
            }
        }
        CommandKind::For { variable, .. } if !variable.is_empty() => {
            found.push((variable.clone(), TextRange::empty(site.command.range.start())));
        }
        _ => {}
    });
    found
}

/// Which scopes mean the same variable: a stage with the one that it is built on, and with what stands above the first
/// FROM where it takes the value from there.
struct Scopes {
    parents: Vec<usize>,
}

impl Scopes {
    fn of(facts: &Facts<'_>, occurrences: &[Occurrence]) -> Self {
        let mut scopes = Self { parents: (0..=facts.stages().len()).collect() };
        let is_global = occurrences.iter().any(|it| it.scope == 0 && it.role == Role::Declaration);
        for it in occurrences.iter().filter(|it| it.takes_global && is_global) {
            scopes.join(it.scope, 0);
        }
        for stage in facts.stages() {
            if let StageBase::Stage(base) = stage.base {
                scopes.join(stage.index + 1, base + 1);
            }
        }
        scopes
    }

    fn root(&self, mut scope: usize) -> usize {
        while self.parents[scope] != scope {
            scope = self.parents[scope];
        }
        scope
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }
}
