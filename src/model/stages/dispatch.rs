//! What `BuildKit` refuses while it goes through the instructions of the stages that it needs: words that cannot be
//! expanded, such as `${VERSION:?must be given}`.

use smol_str::SmolStr;

use super::{Base, Resolver};
use crate::model::value::Known;
use crate::syntax::variables::{Expansion, Lookup, expand, for_each_expanded_word};
use crate::syntax::{Body, Instruction, Pair, Word};
use crate::text::TextRange;

/// The variables of a stage. Cheap to clone.
#[derive(Clone)]
struct Variables {
    values: imbl::HashMap<SmolStr, Known>,
    /// Whether there may be others: an image brings its own.
    open: bool,
}

impl Resolver<'_> {
    /// Goes through the stages that are needed, in the order of the file.
    pub(super) fn dispatch(&mut self) {
        let mut ends: Vec<Option<Variables>> = Vec::with_capacity(self.stages.len());
        for index in 0..self.stages.len() {
            if !self.stages[index].reachable {
                ends.push(None);
                continue;
            }
            let inherited = match self.stages[index].base {
                Base::Stage(base) => ends[base].clone(),
                Base::Scratch => Some(Variables { values: imbl::HashMap::new(), open: false }),
                Base::Image(_) | Base::Unknown => None,
            };
            let mut variables = inherited.unwrap_or(Variables { values: imbl::HashMap::new(), open: true });
            let from = self.parse.instructions[self.spans[index].from].range;
            for at in self.stages[index].triggers.clone() {
                if let Body::Onbuild(trigger) = &self.parse.instructions[at].body {
                    self.step(trigger, &mut variables, Some(from));
                }
            }
            for at in self.spans[index].body.clone() {
                self.step(&self.parse.instructions[at], &mut variables, None);
            }
            ends.push(Some(variables));
        }
    }

    fn step(&mut self, instruction: &Instruction, variables: &mut Variables, place: Option<TextRange>) {
        match &instruction.body {
            Body::Arg(pairs) => {
                for pair in pairs {
                    if let Some(value) = self.argument(pair, variables, place) {
                        variables.values.insert(pair.name.text.as_str().into(), value);
                    }
                }
            }
            Body::Env(pairs) => {
                // All values of an ENV see the variables from before it.
                let before = variables.clone();
                for pair in pairs {
                    let name = self.word(&pair.name, &before, place);
                    let value = pair.value.as_ref().map(|value| self.word(value, &before, place));
                    match (name, value) {
                        (Known::Text(name), Some(value)) => _ = variables.values.insert(name, value),
                        _ => variables.open = true,
                    }
                }
            }
            _ => {
                for_each_expanded_word(instruction, |word| _ = self.word(word, variables, place));
            }
        }
    }

    /// What an ARG sets (dispatchArg in convert.go).
    fn argument(&mut self, pair: &Pair, variables: &Variables, place: Option<TextRange>) -> Option<Known> {
        match (self.scenario.build_arguments.get(pair.name.text.as_str()), &pair.value) {
            (Some(given), _) => Some(Known::Text(given.as_str().into())),
            (None, Some(default)) => Some(self.word(default, variables, place)),
            (None, None) => self.globals.get(pair.name.text.as_str()).cloned(),
        }
    }

    fn word(&mut self, word: &Word, variables: &Variables, place: Option<TextRange>) -> Known {
        let lookup = &mut |name: &str| match variables.values.get(name) {
            Some(Known::Text(text)) => Lookup::Set(text.clone()),
            Some(Known::Given | Known::Unknown) => Lookup::Unknown,
            None if variables.open => Lookup::Unknown,
            Some(Known::Unset) | None => Lookup::Unset,
        };
        match expand(&word.text, self.parse.escape, lookup) {
            Expansion::Known(text) => Known::Text(text.as_str().into()),
            Expansion::Unknown => Known::Unknown,
            Expansion::Refused(refusal) => {
                self.error(place.unwrap_or_else(|| word.to_source(refusal.range)), refusal.message);
                Known::Unknown
            }
        }
    }
}
