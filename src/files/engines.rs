//! The engines of a run: one for each set of settings that holds for a file of it.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use dflint::config::Settings;
use dflint::engine::Engine;

use super::configuration::{Configurations, Found, Loaded};
use super::discover::Exclusion;

/// See the module.
pub(crate) struct Engines {
    configurations: Configurations,
    flags: Settings,
    /// For files without a configuration.
    nothing: Rc<Loaded>,
    /// By the configuration and those of its sections that hold.
    made: HashMap<(*const Loaded, Vec<usize>), Arc<Engine>>,
}

/// What a run does with a file.
pub(crate) enum Checks {
    /// Checks it with this engine.
    With(Arc<Engine>),
    /// Leaves it out, unless the command line names it.
    Unasked(Arc<Engine>),
    /// Cannot check it: its configuration is broken.
    Nothing,
}

impl Engines {
    /// The engines for files with these configurations, and with what somebody asks for on top of them.
    pub(crate) fn new(configurations: Configurations, flags: Settings) -> Self {
        Self { configurations, flags, nothing: Rc::default(), made: HashMap::new() }
    }

    /// What to do with a file.
    pub(crate) fn of(&mut self, path: &Path) -> Checks {
        let loaded = match self.configurations.of(path) {
            Found::Nothing => Rc::clone(&self.nothing),
            Found::Configuration(loaded) => loaded,
            Found::Broken => return Checks::Nothing,
        };
        let (sections, excluded) = loaded.sections_for(path);
        let engine = self
            .made
            .entry((Rc::as_ptr(&loaded), sections))
            .or_insert_with_key(|(_, sections)| Arc::new(Engine::new(loaded.options(sections, &self.flags))));
        let engine = Arc::clone(engine);
        if excluded { Checks::Unasked(engine) } else { Checks::With(engine) }
    }

    /// Tells which folders below the one at `root` are excluded: see [`Configurations::exclusion`].
    pub(crate) fn exclusion(&mut self, root: &Path) -> Exclusion {
        self.configurations.exclusion(root)
    }

    /// The engine for files without a configuration.
    pub(crate) fn without_configuration(&self) -> Arc<Engine> {
        Arc::new(Engine::new(self.nothing.options(&[], &self.flags)))
    }

    /// How many configuration files could not be used.
    pub(crate) fn failures(&self) -> usize {
        self.configurations.failures
    }

    /// What is wrong with them, once.
    pub(crate) fn take_problems(&mut self) -> Vec<String> {
        std::mem::take(&mut self.configurations.problems)
    }
}
