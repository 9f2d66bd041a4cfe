//! The variables that an instruction or a command sees, and where their values come from.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::rc::Rc;

use smol_str::SmolStr;

use super::value::{Value, Worlds};
use crate::text::TextRange;

/// A variable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Binding {
    /// What it is in each build.
    pub value: Value,
    /// Who set it.
    pub origin: Origin,
    /// Whether the programs that a RUN starts see it.
    pub exported: bool,
}

/// Who set a variable.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// An `ARG` without a default of a predefined platform argument: the index of the instruction.
    Automatic(usize),
    /// Another `ARG`: the index of the instruction.
    Arg(usize),
    /// An `ENV`: the index of the instruction.
    Env(usize),
    /// An assignment in front of this very command: all of it, and its value.
    Inline {
        /// `NAME=value`.
        assignment: TextRange,
        /// `value`.
        value: TextRange,
    },
    /// An assignment or `export` earlier in the shell.
    Shell {
        /// `value`.
        value: TextRange,
    },
    /// Something that may set anything: a sourced file, `eval`.
    Unknown,
}

/// A set of variables. Cheap to clone: each instruction and each command has its own.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// In the order of their names: the nodes of a tree are smaller than those of a map by hashes.
    variables: imbl::OrdSet<Variable>,
    /// Whether a variable that is not in the map may be set all the same.
    incomplete: bool,
}

/// A variable and its name. What is shared keeps the nodes of the set small, of which each change copies some.
#[derive(Clone, Debug)]
struct Variable(Rc<(SmolStr, Binding)>);

impl Variable {
    fn name(&self) -> &str {
        &self.0.0
    }

    fn binding(&self) -> &Binding {
        &self.0.1
    }
}

impl Borrow<str> for Variable {
    fn borrow(&self) -> &str {
        self.name()
    }
}

impl Ord for Variable {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl PartialOrd for Variable {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Variable {}

impl PartialEq for Variable {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// Whether every build sets an argument of that name, so that nobody else does.
fn is_platform_argument(name: &str) -> bool {
    name.starts_with("TARGET") || name.starts_with("BUILD")
}

impl Environment {
    /// The variable, where something in the file sets it.
    pub fn binding(&self, name: &str) -> Option<&Binding> {
        self.variables.get(name).map(Variable::binding)
    }

    /// What the shell and the Dockerfile see for `$name`.
    pub fn value(&self, name: &str) -> Value {
        match self.binding(name) {
            Some(binding) => binding.value.clone(),
            None if self.incomplete => Value::unknown(),
            // The image may bring it along; a platform argument it does not.
            None if !is_platform_argument(name) => Value::unset().as_replaceable(),
            None => Value::unset(),
        }
    }

    /// What a program that is started sees of `name`.
    pub fn exported(&self, name: &str) -> Value {
        match self.binding(name) {
            Some(binding) if binding.exported => binding.value.clone(),
            None if self.incomplete => Value::unknown(),
            Some(_) | None => Value::unset(),
        }
    }

    /// Whether programs find the same as in `other`, as far as it `matters` here.
    pub fn agrees_with(&self, other: &Self, matters: impl Fn(&str, &Value) -> bool) -> bool {
        let names = self.variables.iter().chain(&other.variables).map(Variable::name);
        self.incomplete == other.incomplete
            && names.into_iter().all(|name| {
                let here = self.exported(name);
                !matters(name, &here) || here == other.exported(name)
            })
    }

    /// Sets a variable in every build.
    pub fn bind(&mut self, name: &str, binding: Binding) {
        self.variables.insert(Variable(Rc::new((name.into(), binding))));
    }

    /// Assigns as a shell does: only in `worlds`, and only perhaps where `conditional`. An exported variable stays so.
    pub fn assign(&mut self, name: &str, value: &Value, origin: Origin, worlds: Worlds, conditional: bool) {
        let before = self.value(name);
        let exported = self.binding(name).is_some_and(|binding| binding.exported);
        let mut after = before.clone();
        after.set(value, worlds);
        if conditional {
            after.join(&before);
        }
        self.bind(name, Binding { value: after, origin, exported });
    }

    /// Marks a variable as seen by programs.
    pub fn export(&mut self, name: &str) {
        if let Some(binding) = self.binding(name) {
            self.bind(name, Binding { exported: true, ..binding.clone() });
        }
    }

    /// Removes a variable in `worlds`.
    pub fn unset(&mut self, name: &str, worlds: Worlds, conditional: bool) {
        if self.binding(name).is_some() {
            self.assign(name, &Value::unset(), Origin::Unknown, worlds, conditional);
        }
    }

    /// Forgets everything: something ran that may have set any variable.
    pub fn forget(&mut self) {
        self.variables = imbl::OrdSet::new();
        self.incomplete = true;
    }
}
